# %% [markdown] id="title"
# # 02 · What the optimizer remembers
#
# **60 minutes.** You need lesson 01, or its one line: the velocity keeps a share `beta` of itself and adds `lr`
# times the gradient.
#
# At the end you can
#
# - say what exactly is stored, and how much of each gradient is still in it,
# - turn a `beta` into a window, a half-life and a gain, and back,
# - say what becomes of a steady push and of one that flips its sign,
# - tell a sum from an average, and correct an average that starts at zero,
# - write the whole run of the heavy ball.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 02 · What the optimizer remembers
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lesson before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("02")

# %% [markdown] id="two-lists"
# ## Two lists that you have already made
#
# In lesson 01 gradient descent met gradients along the valley and gradients across it. The next cell reads both
# lists again, each in units of its first entry.

# %% id="lists"
from momentum_lab.explorers.memory_bench import recorded

along, across = recorded(100)
print("along: ", np.round(along[:5], 3))
print("across:", np.round(across[:5], 3))

# %% [markdown] id="one-memory"
# Along the valley it is always the same push, a little weaker each time. Across it, it is a push and a shove back.
# Now feed both lists to the same memory, and to nothing else: no ball moves, no new gradients arise.
# The learning rate is 1 here, so `lr` does not appear.

# %% id="fed"
beta = 0.9
for name, gradients in (("along", along), ("across", across)):
    velocity = 0.0
    for g in gradients:
        velocity = beta * velocity + g
    print(f"{name}: the velocity ends at {velocity / g:.3g} times the newest gradient")

# %% [markdown] id="fed-said"
# One list comes out 12.2 times as large, the other about half as large: 0.521. Nothing in the memory knows which was
# which. It did the same sum twice.
#
# This is the open loop: the gradients were chosen beforehand. In its own run the heavy ball moves, and so
# meets other gradients, as lesson 01 showed.

# %% [markdown] id="by-hand"
# ## Three gradients by hand
#
# Feed the gradients 1, 2 and 3 to a memory with `beta` one half, and watch what is left of each.

# %% id="hand"
velocity, rest = 0.0, []
for g in (1.0, 2.0, 3.0):
    rest = [0.5 * r for r in rest] + [g]
    velocity = 0.5 * velocity + g
    print(f"gradient {g:.0f} comes in: velocity {velocity:.2f} =", " + ".join(f"{r:.2f}" for r in rest))

# %% [markdown] id="hand-said"
# The velocity 4.25 is made of 3.00 from the newest gradient, 1.00 from the one before, and 0.25 from the oldest.
# Every gradient is still in there. Each later step multiplies it by `beta` once more.
#
# That is the whole secret, and here it is as a formula. The derivation is checked by the computer before it is shown;
# `v` is the velocity, `g` the gradient, and `eta`, the Greek letter in it, is the learning rate `lr`.

# %% id="unrolled"
from momentum_lab.derivations import unrolled

unrolled()

# %% [markdown] id="unrolled-said"
# Read the last line with eta 1 and the numbers above: 3 plus a half of 2 plus a quarter of 1. It holds for a
# learning rate that
# stays as it is, inside the velocity, from a start at rest. It says nothing about which gradients will come.

# %% [markdown] id="move-it"
# ## Move it
#
# Below is the memory by itself. Move `beta`, and choose another pattern of gradients.

# %% id="bench"
from momentum_lab.explorers import memory_bench

memory_bench()

# %% [markdown] id="bench-tasks"
# 1. Set `beta` to 0, then to 0.5 and to 0.99. Watch the weights on the left and the first lane.
# 2. Set `beta` back to 0.9 and choose "steady and flipping". Where does each of the two end?
# 3. Choose "a turn". How many steps does the velocity take to change its sign after the gradient has?
# 4. Choose "wave". Find a period at which the wave comes out exactly as large as it went in.

# %% [markdown] id="weights"
# ## How far back does it look?
#
# Often one reads that `beta` 0.9 "averages the last ten gradients". Here is what the newest ones really weigh.

# %% id="weights-table"
print(" beta   all weights   newest 1/(1 - beta)   half-life   needed for 95 %")
for b in (0.5, 0.8, 0.9, 0.95, 0.99):
    newest = round(1 / (1 - b))
    needed = next(n for n in range(1, 1000) if 1 - b**n >= 0.95)
    print(f"{b:5}{newest:12}{1 - b**newest:20.1%}{np.log(2) / -np.log(b):13.2f}{needed:15}")

# %% [markdown] id="weights-said"
# With `beta` 0.9 all weights together make 10, and the newest ten carry 65.1 % of them. More than a third is older. To
# have 95 % takes 29 gradients. A window of ten is a handy picture with a soft edge, and no cut.
#
# Two answers are worth keeping. The weights add up to 1/(1 - beta): that is how much comes out of a steady push.
# And after a half-life, 6.58 steps here, half of a gradient is gone. There are more exact answers;
# fold them out if you like.

# %% id="window"
from momentum_lab.derivations import effective_window

effective_window().fold(
    "Time to 1/e", "What is left after that time", "Ages, added up", "Mean age", "Squares, added up", "Effective number"
)

# %% [markdown] id="recap-window" item="02.window" role="recap"
# **In two lines:** a gradient that is `k` steps old has the weight `beta ** k` in the velocity.
# All weights together make `1 / (1 - beta)`, and the newest `n` have the share `1 - beta ** n` of that.

# %% [markdown] id="window-text" item="02.window" role="prompt"
# ## Exercise: the window of 0.8
#
# What is the smallest number of newest gradients that together carry 99 % of all the weight or more, when `beta`
# is 0.8?
#
# - **Hand in:** `newest`, a whole number. You may compute it in the cell.

# %% id="window-answer" item="02.window" role="answer"
### BEGIN SOLUTION
### BLANK: newest = ...  # your number goes in the place of the dots
newest = next(n for n in range(1, 1000) if 1 - 0.8**n >= 0.99)
### END SOLUTION

# %% id="window-check" item="02.window" role="check"
from momentum_lab.checks import check, hint

check("02.window")

# %% id="window-hint" item="02.window" role="hint"
hint("02.window")

# %% [markdown] id="average"
# ## A sum, and no average
#
# It is tempting to call the velocity a running average. An average of ones is one; look at what the memory makes of
# ones. The exponential moving average, EMA, gives the new gradient the weight `1 - beta`, so that in the
# long run all weights make 1.

# %% id="average-numbers"
beta = 0.9
velocity = average = 0.0
print("step   velocity   average   average, corrected")
for t in range(1, 31):
    velocity = beta * velocity + 1.0
    average = beta * average + (1 - beta) * 1.0
    if t in (1, 2, 5, 10, 30):
        print(f"{t:4}{velocity:11.3f}{average:10.3f}{average / (1 - beta**t):16.3f}")

# %% [markdown] id="average-said"
# The velocity goes to 10, the average to 1: they differ by the factor 1 - beta, and by nothing else. So with `beta`
# 0.9 a rule with an average needs a learning rate ten times as large to walk the same path.
#
# The average has a fault of its own. It starts at zero, and says 0.100 where every gradient was 1. What is missing
# is known: after `t` gradients its weights make `1 - beta ** t`. Divide by that, and it is right
# from the first step on. Adam, in a later lesson, does this twice.

# %% [markdown] id="recap-ema" item="02.ema_weights" role="recap"
# **In two lines:** the EMA is `average = beta * average + (1 - beta) * g`, from 0.
# A gradient loses a factor `beta` with every step that passes after its own.

# %% [markdown] id="ema-text" item="02.ema_weights" role="prompt"
# ## Exercise: the weights of an average
#
# One line of this function is missing. It returns the weights that an EMA gives to the newest `n` gradients.
#
# - **In:** `beta`, a number from 0 to below 1; `n`, a whole number.
# - **Out:** an array of `n` weights, the newest gradient first.
#
# For example, `beta` 0.5 and `n` 3 give 0.5, 0.25, 0.125. Numbers count as right within one part in a million.


# %% id="ema-answer" item="02.ema_weights" role="answer"
def ema_weights(beta, n):
    age = np.arange(n)  # 0 for the newest gradient
    ### BEGIN SOLUTION
    ### BLANK: weights = ...
    weights = (1 - beta) * beta**age
    ### END SOLUTION
    return weights


# %% id="ema-check" item="02.ema_weights" role="check"
check("02.ema_weights")

# %% id="ema-hint" item="02.ema_weights" role="hint"
hint("02.ema_weights")

# %% [markdown] id="recap-bias" item="02.bias_correction" role="recap"
# **In two lines:** an EMA that starts at zero is too small at first: after `t` gradients its weights make
# `1 - beta ** t`. Dividing by that corrects it.

# %% [markdown] id="bias-text" item="02.bias_correction" role="prompt"
# ## Exercise: correct the average
#
# Return the corrected average after every gradient. Two lines are missing.
#
# - **In:** `gradients`, an array of numbers; `beta`, from 0 to below 1.
# - **Out:** an array as long as `gradients`; entry 0 is the corrected average after the first gradient.
#
# For example, the gradients 2, 2, 8 with `beta` 0.5 give 2, 2, 5.4286.
# Numbers count as right within one part in a million.


# %% id="bias-answer" item="02.bias_correction" role="answer"
def corrected_averages(gradients, beta):
    average, averages = 0.0, []
    for t, g in enumerate(gradients, start=1):
        ### BEGIN SOLUTION
        ### BLANK: average = ...
        ### BLANK: averages.append(...)
        average = beta * average + (1 - beta) * g
        averages.append(average / (1 - beta**t))
        ### END SOLUTION
    return np.array(averages)


# %% id="bias-check" item="02.bias_correction" role="check"
check("02.bias_correction")

# %% id="bias-hint" item="02.bias_correction" role="hint"
hint("02.bias_correction")

# %% [markdown] id="gains"
# ## One memory, two gains
#
# A steady push comes out larger, up to 1/(1 - beta) times. What becomes of a push that flips its sign at every step?
# Make up your mind first. Think of the table of weights, with the sign of every second one changed.

# %% [markdown] id="recap-alternating" item="02.alternating" role="recap"
# **In two lines:** the velocity is the sum of `beta ** k` times the gradient of `k` steps ago, here with `lr` 1.
# With gradients +1, -1, +1, ... every second term has the other sign.

# %% [markdown] id="alternating-text" item="02.alternating" role="prompt"
# ## Exercise: the flipping push
#
# The gradient is +1, -1, +1, -1, and so on; `lr` is 1 and `beta` is 0.8. At which size does the velocity settle?
#
# - **Hand in:** `settles`, a positive number; within one part in a thousand is right.

# %% id="alternating-answer" item="02.alternating" role="answer"
### BEGIN SOLUTION
### BLANK: settles = ...  # your number goes in the place of the dots
settles = 1 / (1 + 0.8)
### END SOLUTION

# %% id="alternating-check" item="02.alternating" role="check"
check("02.alternating")

# %% id="alternating-hint" item="02.alternating" role="hint"
hint("02.alternating")

# %% [markdown] id="total-lead"
# ## Fill the step that is missing
#
# A steady gradient `G` comes in at every step `t`, from 0 on. The derivation below leaves out what its velocity is.

# %% id="total-blank"
from momentum_lab.derivations import amplification

amplification().with_blank("Its velocity").fold(
    "A flipping gradient", "It starts at rest too", "The velocity of the flipping one", "The flipping gain in the end"
)

# %% [markdown] id="recap-total" item="02.total" role="recap"
# **In two lines:** a steady gradient `G` comes in at the steps 0, 1, ..., t. Then the velocity is `eta`, the
# learning rate, times `G` times the sum of all powers of `beta` from 0 to `t`.

# %% [markdown] id="total-text" item="02.total" role="prompt"
# ## Exercise: the missing step
#
# What is `v[t]`? Write it with the symbols `beta_`, `eta`, `G` and `t_`, without a sum, for example
# `eta * G * (1 + beta_)`. Plain `beta` and `t` are numbers in this notebook.
#
# - **Hand in:** `velocity_t`, an expression. It is compared at several exact values of the symbols, so any way of
#   writing it counts.

# %% id="total-answer" item="02.total" role="answer"
import sympy

beta_, eta, G, t_ = sympy.symbols("beta eta G t")
### BEGIN SOLUTION
### BLANK: velocity_t = ...  # write beta_ for beta and t_ for t
velocity_t = eta * G * (1 - beta_ ** (t_ + 1)) / (1 - beta_)
### END SOLUTION

# %% id="total-check" item="02.total" role="check"
check("02.total")

# %% id="total-hint" item="02.total" role="hint"
hint("02.total")

# %% [markdown] id="plateau"
# ## Across a plateau
#
# On a plateau the slope is small and steady. Momentum builds up speed, up to 1/(1 - beta) times the plain step. But
# building up takes time, and it is paid once. The table counts the steps over a plateau with a small slope and
# `lr` 1, until the distance 1 is covered.

# %% id="plateau-numbers"
print(" beta   steps   without the start-up")
for b in (0.0, 0.5, 0.8, 0.95):
    velocity = distance = steps = 0
    while distance < 1 - 1e-12:
        velocity = b * velocity + 0.002
        distance, steps = distance + velocity, steps + 1
    print(f"{b:5}{steps:8}{500 * (1 - b):15.0f}")

# %% [markdown] id="recap-plateau" item="02.plateau" role="recap"
# **In two lines:** on a plateau the gradient is the same at every step. The velocity builds up from zero to
# `lr` times the gradient over `1 - beta`.

# %% [markdown] id="plateau-text" item="02.plateau" role="prompt"
# ## Exercise: another plateau
#
# Now the slope is 0.001, `lr` is 1 and `beta` is 0.9. After how many steps has the ball, from rest, gone the distance
# 1? Guess first, then compute it if you like.
#
# - **Hand in:** `steps_needed`, a whole number.

# %% id="plateau-answer" item="02.plateau" role="answer"
### BEGIN SOLUTION
### BLANK: steps_needed = ...  # your number goes in the place of the dots
velocity = distance = steps_needed = 0
while distance < 1 - 1e-12:
    velocity = 0.9 * velocity + 0.001
    distance, steps_needed = distance + velocity, steps_needed + 1
### END SOLUTION

# %% id="plateau-check" item="02.plateau" role="check"
check("02.plateau")

# %% id="plateau-hint" item="02.plateau" role="hint"
hint("02.plateau")

# %% [markdown] id="frequency"
# ## Everything between steady and flipping
#
# Steady and flipping are the two ends of one scale. A gradient may also swing slowly, or fast. How much of a swing
# comes out, its gain, is the curve on the lower left of the memory bench.
#
# The derivation uses complex numbers. If they are new to you, skip to the table below it. A swing that takes
# `period` steps turns by the angle omega, 2 pi over `period`, at every step.

# %% id="gain"
from momentum_lab.derivations import gain

gain()

# %% id="gain-numbers"
beta = 0.9
print("period   gain   comes late by, in steps")
for period in (1000, 60, 20, 8, 5.6911, 4, 2):
    omega = 2 * np.pi / period
    response = 1 / (1 - beta * np.exp(-1j * omega))
    print(f"{period:6}{abs(response):7.3f}{-np.angle(response) / omega + 0:14.2f}")

# %% [markdown] id="gain-said"
# Slow swings pass and grow, fast ones shrink. A swing of 5.6911 steps comes out as large as it went in, but 0.85 of
# a step later.
# A filter of this kind is called a low-pass. It never blocks: even the fastest swing keeps 0.526 of its size.
#
# ## Two ways to write it
#
# Some programs keep the learning rate out of the velocity, and multiply when they step.

# %% id="two-forms"
theta_in = theta_out = 1.0
inside = outside = 0.0
for _ in range(4):
    inside = 0.9 * inside + 0.1 * theta_in  # the slope of theta ** 2 / 2 is theta
    theta_in = theta_in - inside
    outside = 0.9 * outside + theta_out
    theta_out = theta_out - 0.1 * outside
    print(f"inside {theta_in:.4f}   outside {theta_out:.4f}")

# %% [markdown] id="two-forms-said"
# The same path, as long as the learning rate stays as it is. When it changes, they part; lesson 6 shows where.
#
# ## The step, line by line
#
# Put the lines of one step in order, then fill its gaps.

# %% id="order"
ask("02.order")

# %% id="gaps"
ask("02.gaps")

# %% [markdown] id="recap-run" item="02.momentum_step" role="recap"
# **In two lines:** the heavy ball keeps a share `beta` of its velocity, adds `lr` times the gradient where it
# stands, and gives up one velocity: `theta = theta - velocity`. It starts at rest.

# %% [markdown] id="run-text" item="02.momentum_step" role="prompt"
# ## Exercise: the whole run
#
# Write the whole run of the heavy ball by yourself: every step, and every point on the way.
#
# - **In:** `theta`, a float array of any shape, the first point; `grad`, a function; `lr`, `beta`; `steps`, a
#   whole number.
# - **Out:** an array of shape `(steps + 1, *theta.shape)`: the first point, then the point after each step.
# - Leave `theta` as it is.
#
# For example, from 1.0 with the gradient equal to `theta`, `lr` 0.1, `beta` 0.9 and 2 steps: 1, 0.9, 0.72. Numbers
# count as right within one part in a million.


# %% id="run-answer" item="02.momentum_step" role="answer"
def momentum_steps(theta, grad, lr, beta, steps):
    ### BEGIN SOLUTION
    velocity, points = np.zeros_like(theta), [theta]
    for _ in range(steps):
        velocity = beta * velocity + lr * grad(theta)
        theta = theta - velocity
        points.append(theta)
    return np.array(points)
    ### END SOLUTION


# %% id="run-check" item="02.momentum_step" role="check"
check("02.momentum_step")

# %% id="run-hint" item="02.momentum_step" role="hint"
hint("02.momentum_step")

# %% [markdown] id="box"
# **Source.** In 1986 Rumelhart, Hinton and Williams trained networks with this memory, in equation 9
# of their paper in *Nature* (323, pages 533 to 536). Each change of a weight is a gradient step plus `alpha` times
# the last change. The gradient was that of all cases together, not of a few drawn at random. They called it an
# acceleration method, and their references do not name Polyak.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | velocity | the sum of all gradients, each times `lr` and a power of `beta` |
# | `beta` | the share of the velocity that survives a step |
# | window, 1/(1 - beta) | the sum of all weights; a soft edge, no cut |
# | half-life | steps after which half of a weight is gone |
# | EMA | exponential moving average: the velocity's weights, scaled to make 1 |
# | bias correction | dividing an EMA by the weights it has so far |
# | gain | how many times as large a pattern comes out |
# | open loop | gradients chosen beforehand |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Three questions that many people get wrong. `lr` is 1 and `beta` is 0.9.

# %% id="quiz"
ask("02.settles", "02.newest_ten", "02.flips")

# %% id="standing"
from momentum_lab.standing import standing

standing("02")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say what the velocity is made of, and why it is no average,
# - turn `beta` into a window, a half-life and two gains,
# - write the whole run from memory.
#
# **On Monday:** when you raise `beta` from 0.9 to 0.99 in a run of your own, a steady push comes out ten times as
# large. To keep those steps as long as they were, divide the learning rate by ten.
#
# **Ask yourself:** the memory makes a flipping push smaller. Why, then, did the heavy ball swing wider across the
# valley than gradient descent? Lesson 3 looks at one direction, and finds a spring.

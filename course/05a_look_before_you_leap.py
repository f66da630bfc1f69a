# %% [markdown] id="title"
# # 05a · Look before you leap
#
# **45 minutes.** You need lesson 01, or its one line, and the spring of lesson 03: `u`, the stiffness of the step,
# is `lr` times the curvature of a direction.
#
# At the end you can
#
# - write one step of Nesterov's method, and say where it asks for the gradient,
# - say how much friction it adds in a steep direction and in a soft one,
# - say which learning rates it bears, and which the heavy ball bears,
# - tell the point that a program stores from the point where the ball is.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 05a · Look before you leap
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about earlier lessons. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("05a")

# %% [markdown] id="too-late"
# ## Too late to brake
#
# Take one direction by itself, a parabola of curvature 1 with its lowest point at 0. There the gradient equals
# `theta`, and `u` equals `lr`. The heavy ball starts at 1, at rest. Its next step has two parts: the memory, `beta`
# times the velocity, and the new gradient. The cell prints where the ball is, and where the memory alone would
# lead it.

# %% id="heavy-steps"
theta, velocity = 1.0, 0.0
print("step   the ball is at   the memory leads to")
for t in range(6):
    print(f"{t:4}{theta:17.3f}{theta - 0.9 * velocity:22.3f}")
    velocity = 0.9 * velocity + 0.1 * theta
    theta = theta - velocity

# %% [markdown] id="too-late-said"
# Look at step 4. The ball is at 0.227, and the gradient there still pushes it on. But its memory is going to
# carry it to -0.006, past the lowest point. A gradient asked for over there would have pushed back.
#
# So the question of this lesson is: can it brake before the bend?

# %% [markdown] id="one-change"
# ## One change
#
# Yurii Nesterov's method comes down to one change. It asks for the gradient at the point where the memory alone
# would lead. The course calls that point `ahead`. Everything else stays.


# %% id="both"
def walk(u, beta, looks_ahead, steps=200):
    theta, velocity, path = 1.0, 0.0, [1.0]
    for _ in range(steps):
        ahead = theta - beta * velocity if looks_ahead else theta
        velocity = beta * velocity + u * ahead  # on this parabola the gradient equals the place
        theta = theta - velocity
        path.append(theta)
    return np.array(path)


for name, looks_ahead in (("heavy ball", False), ("Nesterov", True)):
    path = walk(0.1, 0.9, looks_ahead)
    print(f"{name:10}  starts {path[:6].round(3)}, lowest point {path.min():.3f}")

# %% [markdown] id="both-said"
# The first step is the same, since there is no memory yet. Then Nesterov's run holds back, and swings to
# -0.355 where the heavy ball swings to -0.604. It does shoot past, only less.
#
# Put the lines of one step in order. Then write it by yourself.

# %% id="order"
ask("05a.order")

# %% [markdown] id="recap-step" item="05a.nag_step" role="recap"
# **In two lines:** Nesterov's method is the heavy ball with one change. It asks for the gradient where `beta`
# times the velocity would lead it, and not where it stands.

# %% [markdown] id="step-text" item="05a.nag_step" role="prompt"
# ## Exercise: one step of Nesterov's method
#
# - **In:** `theta` and `velocity`, float arrays of the same shape (any shape); `grad`, a function that takes an
#   array like `theta` and returns the gradient there; the numbers `lr` and `beta`.
# - **Out:** the new `theta` and the new `velocity`, in this order.
# - Leave the arrays you are given as they are, and ask for one gradient only: `grad` notes where it was asked.
#
# For example, with `theta` 1, `velocity` 0, the gradient equal to `theta`, `lr` 0.1 and `beta` 0.9, two steps lead
# to 0.9 and then to 0.729. Numbers count as right within one part in a million.


# %% id="step-answer" item="05a.nag_step" role="answer"
def nesterov_step(theta, velocity, grad, lr, beta):
    ### BEGIN SOLUTION
    ahead = theta - beta * velocity
    velocity = beta * velocity + lr * grad(ahead)
    return theta - velocity, velocity
    ### END SOLUTION


# %% id="step-check" item="05a.nag_step" role="check"
from momentum_lab.checks import check, hint

check("05a.nag_step")

# %% id="step-hint" item="05a.nag_step" role="hint"
hint("05a.nag_step")

# %% [markdown] id="bet"
# ## One step under the microscope
#
# A bet first, in words; nobody marks it. At `beta` 0.9 you will raise `u` until one of the two runs away. Which one
# goes first? Write it down before you look at the picture.
#
# On the left both methods take one step from the same point with the same memory. The open diamond is the point
# ahead. The thin arrows are the two gradients, each at the place where it was asked for, times `lr`.

# %% id="look"
from momentum_lab.explorers import lookahead

lookahead()

# %% [markdown] id="look-tasks"
# 1. Before you move anything, the memory leads across the valley floor. Which way does the gradient at the black
#    point push, and which way the one at the diamond?
# 2. Press "u = 0.1: both swing past", and compare the two overshoots in the sentence.
# 3. Set `u` to 1. How much momentum has Nesterov's method left in the steep direction, and where does it land?
# 4. Find a `u` at which Nesterov's method diverges and the heavy ball still converges.
# 5. Set `beta` to 0.5, then to 0.99. Which of the two bars grows, and which one shrinks?

# %% [markdown] id="friction"
# ## Friction where it is steep
#
# The two landings differ by `lr` times the difference of the two gradients, and by nothing else. On a parabola
# the gradients differ by the curvature times the way between the two points, and that way is `beta` times
# the velocity. Times `lr`, the difference is `u` times the memory. So the memory should keep the share 1 - u.
#
# Try it. The column "heavy ball with that beta" never looks ahead; it has `beta` times 1 - u in the place of `beta`.

# %% id="friction-table"
print("            lowest point                 heavy ball with   are the last two")
print("    u   heavy ball   Nesterov   beta * (1 - u)    that beta    the same run")
for u in (0.01, 0.1, 0.5, 0.9, 1.0):
    ball, nesterov, other = walk(u, 0.9, False), walk(u, 0.9, True), walk(u, 0.9 * (1 - u), False)
    same = "yes" if np.allclose(nesterov, other, rtol=0, atol=1e-12) else "no"
    lows = [f"{path.min() + 0:.3f}" for path in (ball, nesterov, other)]  # + 0: no minus sign before a zero
    print(f"{u:5}{lows[0]:>13}{lows[1]:>11}{0.9 * (1 - u) + 0:17.3f}{lows[2]:>13}{same:>16}")

# %% [markdown] id="friction-said"
# Every row is the same run twice. At `u` 0.5 the `beta` of 0.9 acts like 0.450; at `u` 0.01 it still acts like 0.891.
# Less `beta` is more friction, and the friction grows with the curvature. That is the whole method, on a parabola.
# Beyond `u` 1 the share turns negative: the memory pushes back.
#
# The derivation says it for every `u` and `beta`. In it x is the distance from the lowest point, and β is `beta`.
# It holds for constant settings in one direction of a quadratic, without noise.

# %% id="modes"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["Nesterov"]().fold(
    "The polynomial of this mixture", "What a gradient step leaves", "What is under the root",
    "There the roots are complex", "The lower end of the swing",
)  # fmt: skip

# %% [markdown] id="future"
# ## Nothing looks ahead in time
#
# It is tempting to say that the method looks into the future. It does ask at a place where the ball has not been.
# On a steady slope that place is nearer to the landing than `theta` is.
#
# But `ahead` is made of `theta` and `velocity`, which are both of the past. The ball does not land there: the
# gradient carries it elsewhere. And on a parabola a ball that asks where it stands, with the `beta` of
# the table, walks the very same path. Move the step in the picture: the sentence names the same momentum at
# every step, near the bend and far from it.

# %% [markdown] id="dots"
# ## Back to the dots
#
# The valley of the twelve dots has two directions, one a hundred times steeper than the other. Here are both
# methods with the same settings. This is no race; a race would tune each of them.

# %% id="dots-run"
from momentum_lab.explorers.dots_race import swings
from momentum_lab.optimizers import HeavyBall, Nesterov
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots

dots, lr, beta = twelve_dots(), 0.05, 0.9
both = [swings(run(rule(lr, beta), dots, [0.0, 0.0], 400)) for rule in (HeavyBall, Nesterov)]
print("                              lowest point              after 10 steps")
print("             u   beta*(1-u)   heavy ball   Nesterov     heavy ball   Nesterov")
for k, (name, curvature) in enumerate(zip(("along", "across"), dots.eigenvalues, strict=True)):
    u, (ball, nesterov) = lr * curvature, (parts[k] for parts in both)
    print(f"{name:7}{u:7.3f}{beta * (1 - u):13.4f}{ball.min():13.3f}{nesterov.min():11.3f}"
          f"{ball[10]:15.3f}{nesterov[10]:11.3f}")  # fmt: skip

# %% [markdown] id="dots-said"
# Across the valley, where `u` is 0.500, the lowest point rises from -0.842 to -0.202. Along it, where `u` is 0.005,
# Nesterov's method keeps 0.8955 of its velocity, and the two are at 0.802 and 0.804 after 10 steps. It brakes in the
# steep direction and leaves the soft one nearly alone, with one `beta` for both.

# %% [markdown] id="recap-overshoot" item="05a.overshoot" role="recap"
# **In two lines:** `u` is the learning rate times the curvature. In one direction of a quadratic, Nesterov's method
# walks like a heavy ball with `beta * (1 - u)` in the place of `beta`.

# %% [markdown] id="overshoot-text" item="05a.overshoot" role="prompt"
# ## Exercise: how far past
#
# The loss is `theta ** 2 / 2`. Nesterov's method starts at 1, at rest, with `lr` 0.2 and `beta` 0.9. What is the
# lowest `theta` of its run? Guess first whether it is above or below the -0.355 of `lr` 0.1.
#
# - **Hand in:** `lowest`, a number with its sign; within one part in a thousand is right. Compute it in the cell.

# %% id="overshoot-answer" item="05a.overshoot" role="answer"
### BEGIN SOLUTION
### BLANK: lowest = ...  # your number goes in the place of the dots
theta, velocity, lowest = 1.0, 0.0, 1.0
for _ in range(200):
    ahead = theta - 0.9 * velocity
    velocity = 0.9 * velocity + 0.2 * ahead
    theta = theta - velocity
    lowest = min(lowest, theta)
### END SOLUTION

# %% id="overshoot-check" item="05a.overshoot" role="check"
check("05a.overshoot")

# %% id="overshoot-hint" item="05a.overshoot" role="hint"
hint("05a.overshoot")

# %% [markdown] id="garden"
# ## A smaller garden
#
# It is tempting to say that Nesterov's method is the more stable of the two. In every table so far it
# swung less. The factor below is how much of the swing is left after a step, in the long run: below 1 it dies
# out, above 1 it grows.

# %% id="garden-table"
from momentum_lab.theory import rate, stability_limit

print("factor a step at beta 0.9, in the long run")
print("    u   gradient descent   heavy ball   Nesterov")
for u in (0.002, 0.1, 0.5, 1.2, 1.35, 1.5, 1.9, 3.7, 3.9):
    factors = [rate(method, u, 0.9) for method in ("gradient descent", "heavy ball", "Nesterov")]
    print(f"{u:5}{factors[0]:19.4f}{factors[1]:13.4f}{factors[2]:11.4f}")
limits = [stability_limit(method, 0.9) for method in ("gradient descent", "heavy ball", "Nesterov")]
print(f"limit{limits[0]:19.3f}{limits[1]:13.3f}{limits[2]:11.3f}")

# %% [markdown] id="garden-said"
# From `u` 1.357 on Nesterov's swing grows. The heavy ball's still shrinks, up to 3.8, and even gradient
# descent bears more, up to 2. Both statements are true: it brakes better, inside a smaller garden. At `u` 0.5 it
# keeps 0.6708 of a swing, and the heavy ball 0.9487. Only in the softest row, and close to its own limit, is
# it the slower one.
#
# To see why the garden is smaller, take the fastest swing there is, one that flips at every step: last time at -1,
# now at 1. The cell prints where the memory leads, and where Nesterov's step lands.

# %% id="flip"
before, now = -1.0, 1.0
ahead = now + 0.9 * (now - before)
print(f"the memory leads to {ahead:.1f}")
for u in (1.2, 1.357, 1.5):
    print(f"u = {u}: the next point is {ahead - u * ahead:.2f}")
print(f"the same size again at u = 1 + 1/{ahead:.1f} = {1 + 1 / ahead:.3f}")

# %% [markdown] id="flip-said"
# The memory leads to 2.8, nearly three times as far out as the ball is, and the gradient there is nearly three times
# as large. At `u` 1.357 the step comes back to -1.00, and the swing keeps its size. Beyond that it grows: the
# gradient is asked for too far out.
#
# In letters, 2.8 is one plus two `beta`. Put that into the last line of the cell, and you have the first line below,
# the limit for any `beta`. The folded steps show that no other swing grows earlier. They use the polynomial of lesson
# 03 and its unknown `z`; skip them if you like.

# %% id="stability"
CATALOGUE["Nesterov, stability"]().fold(
    "At z = −1", "From the circle to a half-plane", "The first coefficient",
    "The second coefficient", "Beyond the limit",
)  # fmt: skip

# %% [markdown] id="stability-said"
# This is about quadratics, constant settings and exact gradients. It says nothing about noise, nor about
# bowls whose curvature changes on the way.

# %% [markdown] id="recap-max" item="05a.max_lr" role="recap"
# **In two lines:** Nesterov's method converges in one direction of a quadratic as long as `u`, the learning rate times
# the curvature, stays below (2 + 2 beta)/(1 + 2 beta). Every direction has its own curvature, and one `lr` serves all.

# %% [markdown] id="max-text" item="05a.max_lr" role="prompt"
# ## Exercise: the largest learning rate
#
# Return the learning rate below which Nesterov's method converges in all directions of a quadratic, with exact
# gradients and constant settings.
#
# - **In:** `beta`, a number from 0 to below 1; `curvatures`, an array of positive numbers, one a direction, in no
#   order.
# - **Out:** a number. At this learning rate itself the run no longer converges.
#
# For example, `beta` 0.9 and the curvatures 0.1 and 10 give 0.1357143.
# Numbers count as right within one part in a million.


# %% id="max-answer" item="05a.max_lr" role="answer"
def largest_lr(beta, curvatures):
    ### BEGIN SOLUTION
    largest_u = (2 + 2 * beta) / (1 + 2 * beta)
    return largest_u / np.max(curvatures)
    ### END SOLUTION


# %% id="max-check" item="05a.max_lr" role="check"
check("05a.max_lr")

# %% id="max-hint" item="05a.max_lr" role="hint"
hint("05a.max_lr")

# %% [markdown] id="two-ways"
# ## Two ways to write it
#
# The leap, as above, asks for a gradient at a point that is stored nowhere. Many programs find that awkward: they
# have one set of parameters, and one gradient at these. So they store the point ahead instead. This is what
# PyTorch's `nesterov=True` does. Its memory is a buffer of gradients without the learning rate, so that
# the velocity is `lr` times the buffer. Here are both, for five steps.

# %% id="two-ways-run"
lr, beta = 0.1, 0.9
theta = stored = 1.0
velocity = buffer = 0.0
print("step   theta of the leap   its point ahead   stored by the program")
for t in range(1, 6):
    velocity = beta * velocity + lr * (theta - beta * velocity)  # the gradient at the point ahead
    theta = theta - velocity

    buffer = beta * buffer + stored  # the gradient at the stored point
    stored = stored - lr * (stored + beta * buffer)
    print(f"{t:4}{theta:20.4f}{theta - beta * velocity:18.4f}{stored:24.4f}")

# %% [markdown] id="two-ways-said"
# The last two columns agree: the program walks along the points ahead. After one step it has 0.8100 where the leap's
# `theta` is 0.9000. Neither is wrong; they are two accounts of one run. Near the end the velocity is nearly zero, and
# then so is the difference.
#
# In the derivation φ is the point ahead, b is the buffer and G is the gradient at φ. The learning rate, η, and β
# stay what they are.

# %% id="two-ways-proof"
CATALOGUE["point ahead"]()

# %% [markdown] id="recap-shift" item="05a.shift_map" role="recap"
# **In two lines:** a program may store the point ahead, `theta - beta * velocity`, and a buffer of gradients without
# the learning rate. Then the velocity is `lr` times the buffer, as long as `lr` stays the same.

# %% [markdown] id="shift-text" item="05a.shift_map" role="prompt"
# ## Exercise: where the ball is
#
# You have loaded what a program stored after some step of Nesterov's method, with constant settings. Return where
# the ball itself is: the `theta` of the leap.
#
# - **In:** `stored` and `buffer`, float arrays of the same shape; the numbers `lr` and `beta`.
# - **Out:** an array of the same shape. Leave `stored` as it is.
#
# For example, `stored` 0.81, `buffer` 1, `lr` 0.1 and `beta` 0.9 give 0.9.
# Numbers count as right within one part in a million.


# %% id="shift-answer" item="05a.shift_map" role="answer"
def ball_itself(stored, buffer, lr, beta):
    ### BEGIN SOLUTION
    velocity = lr * buffer
    return stored + beta * velocity
    ### END SOLUTION


# %% id="shift-check" item="05a.shift_map" role="check"
check("05a.shift_map")

# %% id="shift-hint" item="05a.shift_map" role="hint"
hint("05a.shift_map")

# %% [markdown] id="why"
# ## For those who want to know: why it is no heavy ball
#
# On a parabola it is one, with a `beta` of its own. Elsewhere there is a correction. Follow the points ahead, φ,
# from one to the next; the G are the gradients there. It needs constant settings, and no parabola before step 5.

# %% id="why-proof"
CATALOGUE["Nesterov, correction"]()

# %% [markdown] id="why-said"
# Step 4 is the heavy ball's step less a correction: `beta` times `lr` times the change of the gradient since the last
# step. It holds for every function that has a gradient. Where the gradient has hardly changed, hardly anything is
# corrected. On a parabola the change is proportional to the last move, and the correction works against that
# move. So it is friction.

# %% [markdown] id="box"
# **Source.** In 1983 Nesterov published a method for smooth convex functions, with a `beta` that grows (*Soviet
# Math. Dokl.* 27(2), 372-376). Its promise is the subject of lesson 05b. In 2013 Sutskever, Martens, Dahl and Hinton
# wrote it with a velocity, to train deep networks (ICML, PMLR 28(3), 1139-1147). They also named its smaller
# momentum in steep directions.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | `ahead`, point ahead | `theta - beta * velocity`: where the memory alone leads |
# | Nesterov's method | the heavy ball that asks for the gradient at `ahead` |
# | `beta * (1 - u)` | the `beta` with which a heavy ball walks the same path, on a parabola |
# | limit | the `u` from which on a run no longer converges |
# | stored point | what a program keeps; with `nesterov=True` in PyTorch it is the point ahead |
# | buffer | a velocity without the learning rate |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Three questions that many people get wrong. `beta` is 0.9, with `lr` inside the velocity, on a quadratic without
# noise.

# %% id="quiz"
ask("05a.limits", "05a.future", "05a.brake")

# %% id="standing"
from momentum_lab.standing import standing

standing("05a")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - write the step, with the gradient asked for at the right place,
# - say why it swings less, without a word about the future,
# - name its limit, and say why it is smaller,
# - find the ball in what a program has stored.
#
# **On Monday:** before you turn on `nesterov=True`, look at your learning rate. One that the heavy ball bears may be
# too large for Nesterov's method. If the loss grows, lower `lr` before you blame the switch.
#
# **Ask yourself:** nearly every sentence of this lesson leaned on a parabola, with the same curvature everywhere. What
# can be promised when the bowl bends? Lesson 05b starts with a heavy ball that never arrives.

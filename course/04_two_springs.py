# %% [markdown] id="title"
# # 04 · Two springs, one pair of knobs
#
# **60 minutes.** You need lesson 03, or its one line: between two limits of `u`, learning rate times curvature,
# every step keeps sqrt(beta) of the swing, whatever `u` is.
#
# At the end you can
#
# - find the long-run rate of any setting, from the curvatures alone,
# - choose the learning rate and `beta` with the best rate, and prove that no other is better,
# - turn a rate into steps, and say where the square root of kappa comes from,
# - say why the setting with the best rate is not the fastest,
# - make kappa smaller before you turn a knob.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 04 · Two springs, one pair of knobs
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("04")

# %% [markdown] id="one-knob"
# ## One knob for two springs
#
# Lesson 3 looked along one direction, and saw a spring. The twelve dots have two: a soft one along the valley and a
# stiff one across it. Call their curvatures `mu` and `L`. One learning rate has to serve both.
#
# Gradient descent keeps the share |1 - u| of an error at every step. Here is what each spring keeps.

# %% id="one-knob-numbers"
from momentum_lab.surfaces import twelve_dots

dots, flat_line = twelve_dots(), [0.0, 0.0]
mu, L = dots.eigenvalues
print(f"softest {mu:.2f}, stiffest {L:.2f}, kappa {L / mu:.0f}\n")
print("    lr   soft keeps   stiff keeps   the slower one")
for lr in (0.02, 0.10, 0.19, 0.19802, 0.20):
    soft, stiff = abs(1 - lr * mu), abs(1 - lr * L)
    print(f"{lr:6.4f}{soft:13.4f}{stiff:14.4f}{max(soft, stiff):17.4f}")

# %% [markdown] id="one-knob-said"
# A larger learning rate helps the soft spring. Past 0.1, where the stiff one is home at once, it starts to hurt that
# one. The best you can do is to treat both alike: at 0.1980 each keeps 0.9802.
#
# That number is the rate of the setting: the share of the error that a step keeps in the long run, in the slower
# direction. Smaller is better. In the derivation μ and L are the two curvatures, and κ is their ratio kappa.

# %% id="gradient-descent"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["gradient descent"]().fold("How many steps")

# %% [markdown] id="to-steps"
# This holds for a quadratic, and a learning rate that stays as it is.

# %% [markdown] id="rate-to-steps"
# ## From a rate to steps
#
# A rate is a factor, so the steps come from logarithms. To shrink to a millionth takes ln(1e-6) over ln(rate).

# %% id="to-steps-numbers"
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import run
from momentum_lab.theory import best_settings, steps_for

plain = best_settings("gradient descent", mu, L)
counted = run(GradientDescent(plain.lr), dots, flat_line, steps=1000).steps_to(distance=1e-6)
print(f"rate {plain.rate:.4f}: {steps_for(plain.rate, 1e-6):.2f} steps by the rate, {counted} in the run")

# %% [markdown] id="recap-slope" item="04.slope" role="recap"
# **In two lines:** the rate is the share of the distance that a step keeps in the long run.
# After `t` steps the share rate ** t is left, and on a logarithmic axis that is a straight line.

# %% [markdown] id="slope-text" item="04.slope" role="prompt"
# ## Exercise: one more digit
#
# A setting has the rate 0.95. How many steps bring the distance down to a tenth, in the long run? Do not round.
#
# - **Hand in:** `steps_per_digit`, a number; within one part in a thousand is right. You may compute it.

# %% id="slope-answer" item="04.slope" role="answer"
### BEGIN SOLUTION
### BLANK: steps_per_digit = ...  # your number goes in the place of the dots
steps_per_digit = np.log(0.1) / np.log(0.95)
### END SOLUTION

# %% id="slope-check" item="04.slope" role="check"
from momentum_lab.checks import check, hint

check("04.slope")

# %% id="slope-hint" item="04.slope" role="hint"
hint("04.slope")

# %% [markdown] id="second-knob"
# ## The second knob
#
# Now add `beta`. What it does for a soft spring was in lesson 3: at `u` = (1 - sqrt(beta))², where swinging sets in,
# a step keeps only sqrt(beta).

# %% id="second-knob-numbers"
beta = 0.9
u = (1 - beta**0.5) ** 2
print(f"at u = {u:.5f} a step of gradient descent takes off {u:.5f} of the error,")
print(f"one of the heavy ball {1 - beta**0.5:.5f}: {(1 - beta**0.5) / u:.1f} times as much")

# %% id="slow-direction"
CATALOGUE["slow direction"]().fold("What a step forgets", "The slow root")

# %% [markdown] id="bet"
# At this one learning rate a `beta` of 0.9 makes the soft spring 19.5 times as fast, in the long run. In the derivation
# q is sqrt(beta).
#
# Place a bet, in words, before you go on. You may choose any `beta` below 1, and for each one the learning rate that
# suits it best. Does the valley become faster and faster as `beta` rises, or is there a `beta` that is best?

# %% [markdown] id="move-both"
# ## Move both
#
# Every point of the map is a setting. The lighter its band, the fewer steps its rate promises;
# the hatched corner diverges. On the right is the run.

# %% id="map"
from momentum_lab.explorers import settings_map

settings_map()

# %% [markdown] id="map-tasks"
# 1. Press "gradient descent", then "best asymptotic rate". Compare what the rate promises with what the run does.
# 2. From there, raise `beta` to 0.9, then to 0.99. Which part of the sentence changes most?
# 3. Count the softest spring alone, then the stiffest alone. Where does each have its fast bands?
# 4. Count all springs again. Move the middle of the dots to 1 and to 10, and press "best asymptotic rate" each time.
# 5. Put the middle back to 2.846. Find a setting that arrives before step 93. You will need it later.

# %% [markdown] id="recap-rate" item="04.rate" role="recap"
# **In two lines:** in one direction the heavy ball's error follows the roots of z² - (1 + beta - u) z + beta, where
# `u` is `lr` times the curvature. In the long run a step keeps the length of the longer root.

# %% [markdown] id="rate-text" item="04.rate" role="prompt"
# ## Exercise: the rate of a whole valley
#
# In each direction the error follows the roots of z² - (1 + beta - u) z + beta. A step keeps the length of the
# longer root. Return what it keeps in the slowest direction. Two lines are missing.
#
# - **In:** `curvatures`, an array of numbers above 0, in any order; `lr`; `beta`.
# - **Out:** one number. Above 1 it says that the run diverges.
#
# For example, the curvatures 0.1 and 10 with `lr` 0.1 and `beta` 0.9 give 0.948683.
# Numbers count as right within one part in a million.


# %% id="rate-answer" item="04.rate" role="answer"
def slowest_rate(curvatures, lr, beta):
    kept = []
    for curvature in curvatures:
        u = lr * curvature
        ### BEGIN SOLUTION
        ### BLANK: roots = ...  # np.roots wants a list of the three coefficients, that of z² first
        ### BLANK: kept.append(...)
        roots = np.roots([1, -(1 + beta - u), beta])
        kept.append(max(abs(roots)))
        ### END SOLUTION
    return max(kept)


# %% id="rate-check" item="04.rate" role="check"
check("04.rate")

# %% id="rate-hint" item="04.rate" role="hint"
hint("04.rate")

# %% [markdown] id="circle"
# ## Both on one circle
#
# A spring whose roots are complex keeps sqrt(beta): both roots lie on the circle of that radius. The soft spring needs
# a learning rate that is large enough for this, and the stiff one needs it small enough. The limits are
# (1 - sqrt(beta))² over `mu`, and (1 + sqrt(beta))² over `L`.

# %% id="circle-numbers"
print(" beta   soft: lr from   stiff: lr up to   both on the circle, and both keep")
for beta in (0.5, 0.6, 0.65, 0.67, 0.7, 0.9):
    low, high = (1 - beta**0.5) ** 2 / mu, (1 + beta**0.5) ** 2 / L
    both = f"{beta**0.5:.4f}" if low < high else "no lr does that"
    print(f"{beta:5}{low:13.4f}{high:17.4f}          {both}")

# %% [markdown] id="circle-said"
# With `beta` 0.9 a wide range of learning rates has both springs on the circle, and the rate is 0.9487 in all of it.
# A smaller `beta` is a smaller circle, hence a better rate, and the range closes. At 0.67 it is nearly one
# point; at 0.65 it is gone.
#
# So choose `beta` such that the range is one point: the softest and the stiffest spring sit at the two ends of the
# same circle. There 1 - sqrt(beta) is sqrt(lr mu), and 1 + sqrt(beta) is sqrt(lr L). Divide the second by the
# first: the ratio is sqrt(kappa). That is the square root.

# %% [markdown] id="nothing-better"
# Might a setting off the circle be better? The derivation says no. Its letter ρ is the rate, and K is the root of
# kappa. It is long; its heart is steps 1 to 4.

# %% id="best-settings"
best_proof = CATALOGUE["heavy ball, best settings"]()
best_proof.fold("Curvatures", "A learning rate", "It reaches that rate in the softest direction", "And in the steepest")

# %% [markdown] id="nothing-better-said"
# It is about settings that stay the same, on a quadratic, without noise, and about the rate in the long run. It says
# nothing about how soon the long run begins.

# %% [markdown] id="proof-lead"
# ## The proof, line by line
#
# Put the lines in order, then fill the gaps. You can look above.

# %% id="proof"
ask("04.proof")

# %% id="gaps"
ask("04.proof_gaps")

# %% [markdown] id="recap-best" item="04.optimal_hb" role="recap"
# **In two lines:** at the best long-run setting the softest and the stiffest spring sit at the two ends of one circle:
# sqrt(lr mu) = 1 - sqrt(beta) and sqrt(lr L) = 1 + sqrt(beta).

# %% [markdown] id="best-text" item="04.optimal_hb" role="prompt"
# ## Exercise: Polyak's setting
#
# Solve sqrt(lr mu) = 1 - sqrt(beta) and sqrt(lr L) = 1 + sqrt(beta) for `lr` and `beta`. Adding the two is a start.
#
# - **In:** `mu` and `L`, the smallest and the largest curvature; they may be equal.
# - **Out:** `lr` and `beta`, in this order.
#
# For example, `mu` 1 and `L` 9 give 0.25 and 0.25. Numbers count as right within one part in a million.


# %% id="best-answer" item="04.optimal_hb" role="answer"
def best_heavy_ball(mu, L):
    ### BEGIN SOLUTION
    ### BLANK: lr = ...
    ### BLANK: beta = ...
    lr = 4 / (L**0.5 + mu**0.5) ** 2
    beta = ((L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)) ** 2
    ### END SOLUTION
    return lr, beta


# %% id="best-check" item="04.optimal_hb" role="check"
check("04.optimal_hb")

# %% id="best-hint" item="04.optimal_hb" role="hint"
hint("04.optimal_hb")

# %% [markdown] id="root"
# ## What the square root buys
#
# Four valleys, each with its best settings. The runs start from equal parts in both directions, and count the steps
# to a millionth of the distance.

# %% id="root-numbers"
from momentum_lab.surfaces import Quadratic

print("kappa   best beta   gradient descent, by its rate   heavy ball, by its rate   in the run")
for kappa in (10, 100, 1000, 10_000):
    plain, best = (best_settings(method, 1.0, kappa) for method in ("gradient descent", "heavy ball"))
    there = run(HeavyBall(best.lr, best.beta), Quadratic([1.0, kappa]), [1.0, 1.0], 1200).steps_to(distance=1e-6)
    by_rate = [np.ceil(steps_for(settings.rate, 1e-6)) for settings in (plain, best)]
    print(f"{kappa:5}{best.beta:12.2f}{by_rate[0]:32.0f}{by_rate[1]:26.0f}{there:13}")

# %% [markdown] id="root-said"
# The best `beta` grows with kappa: 0.27, 0.67, 0.88, 0.96. A long valley wants a long memory.
#
# A hundred times the kappa, from 100 to 10000, is a hundred times the steps of gradient descent and ten times those
# of the heavy ball, by their rates: 69 and 691. The folded step of the first derivation has the law: about kappa/2
# against sqrt(kappa)/2, each times the logarithm of the precision. The heavy ball's run needs more than its rate says,
# 93 and 1056. Why, you will see in a moment.

# %% [markdown] id="recap-kappa" item="04.beta_for_kappa" role="recap"
# **In two lines:** at the best long-run setting of the heavy ball, sqrt(beta) is
# (sqrt(kappa) - 1) / (sqrt(kappa) + 1).

# %% [markdown] id="kappa-text" item="04.beta_for_kappa" role="prompt"
# ## Exercise: the valley of 0.9
#
# Many programs set `beta` to 0.9 unless told otherwise. For which kappa has the heavy ball its best long-run rate with
# exactly this `beta`?
#
# - **Hand in:** `kappa_of_usual`, a number; within one part in a thousand is right.

# %% id="kappa-answer" item="04.beta_for_kappa" role="answer"
### BEGIN SOLUTION
### BLANK: kappa_of_usual = ...  # your number goes in the place of the dots
kappa_of_usual = ((1 + 0.9**0.5) / (1 - 0.9**0.5)) ** 2
### END SOLUTION

# %% id="kappa-check" item="04.beta_for_kappa" role="check"
check("04.beta_for_kappa")

# %% id="kappa-hint" item="04.beta_for_kappa" role="hint"
hint("04.beta_for_kappa")

# %% [markdown] id="too-much"
# ## Too much of a good thing
#
# It is tempting to say: set `beta` as near to 1 as you can, then take the largest learning rate that still converges.
# The cell tries this at kappa 100, on a grid of 200 learning rates for each `beta`.

# %% id="too-much-numbers"
from momentum_lab.running import sweep

grid = np.linspace(0.002, 0.4, 200)
print("        best of the grid   largest that arrives within 3000")
print(" beta      lr     steps            lr     steps")
for beta in (0.5, 0.67, 0.8, 0.9, 0.99):
    there = run(HeavyBall(**sweep(lr=grid), beta=beta), dots, flat_line, 3000).steps_to(distance=1e-6)
    arrived = np.flatnonzero(there > 0)  # -1 stands for a run that does not arrive
    best, last = arrived[there[arrived].argmin()], arrived[-1]
    print(f"{beta:5}{grid[best]:9.3f}{there[best]:8}{grid[last]:16.3f}{there[last]:8}")

# %% [markdown] id="too-much-said"
# With `beta` 0.99 even the best learning rate of the grid needs 2705 steps, with 0.67 it is 83.
# The rate is never below sqrt(beta), so a `beta` near 1 freezes the swing.
#
# Where does the advice hold? In a very long valley. There the best `beta` is near 1, and the best learning rate
# near 4/L, twice that of gradient descent. It was published for such valleys, and this condition gets lost on the way.
#
# Well above the best `beta` the large learning rate does little harm: with 0.9, 297 steps instead of 254. Below it,
# it does more: with 0.5, 344 instead of 207. To see it, walk up the map along its right edge.

# %% [markdown] id="recap-limit" item="04.stability_limit" role="recap"
# **In two lines:** one spring converges under the heavy ball as long as `u`, its curvature times `lr`, stays below
# 2 (1 + beta). Two springs converge as long as both do.

# %% [markdown] id="limit-text" item="04.stability_limit" role="prompt"
# ## Exercise: the right edge of the map
#
# One spring converges as long as `u`, its curvature times `lr`, is below 2 (1 + beta). Below which learning
# rate do all springs converge whose curvatures lie between mu and L? Write it with the symbols `beta_`, `mu_` and `L_`,
# of which you may not need all. Plain `beta`, `mu` and `L` are numbers in this notebook.
#
# - **Hand in:** `largest_lr`, an expression. Any way of writing it counts.

# %% id="limit-answer" item="04.stability_limit" role="answer"
import sympy

beta_, mu_, L_ = sympy.symbols("beta mu L")
### BEGIN SOLUTION
### BLANK: largest_lr = ...  # write beta_ for beta, mu_ for mu and L_ for L
largest_lr = 2 * (1 + beta_) / L_
### END SOLUTION

# %% id="limit-check" item="04.stability_limit" role="check"
check("04.stability_limit")

# %% id="limit-hint" item="04.stability_limit" role="hint"
hint("04.stability_limit")

# %% [markdown] id="hump"
# ## The price of the corner
#
# Here is the run at the best rate, at kappa 100, beside what the rate alone would leave.

# %% id="hump-numbers"
from momentum_lab.explorers.dots_race import swings

ball = best_settings("heavy ball", mu, L)
walk = run(HeavyBall(ball.lr, ball.beta), dots, flat_line, steps=300)
along, across = swings(walk)
print("step     along    across    rate ** step")
for t in (0, 1, 2, 4, 10, 20, 40, 69, 93):
    print(f"{t:4}{along[t]:10.1e}{across[t]:10.1e}{ball.rate**t:14.1e}")
print(f"widest across: {abs(across).max():.2f} at step {abs(across).argmax()}")

# %% [markdown] id="hump-said"
# The swing across first grows, to 3.71 times its start. After 69 steps the rate would have made it a millionth; it
# needs 93. The rate is right about the long run, and silent about what comes before.
#
# The reason is in the corner itself. Each spring sits exactly where its two roots meet, and two equal roots `r` bring
# a factor that grows with the step:

# %% id="double-root"
CATALOGUE["two equal roots"]().fold("Why")

# %% [markdown] id="fastest"
# ## The best rate is not the fastest run
#
# It is tempting to call Polyak's setting the fastest, as books call it optimal. Optimal it is: no constant setting
# has a better rate in the long run, on quadratics with these curvatures. A run, though, ends after some number of
# steps. The next cell tries some thousand settings near the corner, and does not say where the fastest one lies.

# %% id="fastest-numbers"
lrs, betas = np.linspace(0.25, 0.35, 51), np.linspace(0.60, 0.75, 151)
there = run(HeavyBall(**sweep(lr=lrs, beta=betas)), dots, flat_line, 120).steps_to(distance=1e-6)
arrived = there[there > 0]
print(f"{there.size} settings, {(arrived < 93).sum()} of them there before step 93, the fastest at {arrived.min()}")
row, column = np.argwhere(there == arrived.min())[0]
quick = HeavyBall(lrs[row], betas[column])

# %% id="finishes"
from momentum_lab.theory import positions

print("down to   corner   the fastest to 1e-6")
for finish in (1e-3, 1e-6, 1e-12, 1e-24, 1e-60):
    counts = []
    for rule in (ball, quick):  # from equal parts in both directions, by the exact formula
        left = np.linalg.norm(positions("heavy ball", 1000, rule.lr * np.array([mu, L]), rule.beta), axis=1)
        counts.append(np.flatnonzero(left > finish * left[0])[-1] + 1)
    print(f"{finish:7.0e}{counts[0]:9}{counts[1]:12}")

# %% [markdown] id="fastest-said"
# To a millionth, 2073 of the 7701 settings beat the corner's 93, and the fastest needs 74. The corner does win in the
# end, somewhere between 1e-24 and 1e-60, further than anybody goes. Each start and each finish has a fastest setting
# of its own. So read "optimal" as "best asymptotic rate", the best in the long run.

# %% [markdown] id="recap-beat" item="04.beat_polyak" role="recap"
# **In two lines:** on the twelve dots, Polyak's setting, `lr` 4/12.1 and `beta` (9/11)², has the best rate in the long
# run. There both springs have two equal roots, which costs steps; its run is home at step 93.

# %% [markdown] id="beat-text" item="04.beat_polyak" role="prompt"
# ## Challenge: beat Polyak
#
# Par is 93: the step from which Polyak's setting keeps the dots within a millionth of the starting distance, from the
# flat line. Find a learning rate and a `beta` that are there before step 80. Below par is bronze, below 85
# is silver, below 80 is gold; the best we have found is 74. Search in the lesson's settings map, where
# `lr` is multiplied by 10.
#
# - **Hand in:** `beats`, with a number for `lr` (0 to 1) and one for `beta` (0 to 0.999).
# - Our own simulation judges; there are many right answers.

# %% id="beat-answer" item="04.beat_polyak" role="answer"
### BEGIN SOLUTION
### BLANK: beats = {"lr": ..., "beta": ...}  # your numbers go in the place of the dots
beats = {"lr": 0.316, "beta": 0.681}
### END SOLUTION

# %% id="beat-check" item="04.beat_polyak" role="check"
check("04.beat_polyak")

# %% id="beat-hint" item="04.beat_polyak" role="hint"
hint("04.beat_polyak")

# %% [markdown] id="yardstick"
# ## What nobody can beat
#
# How fast could any method be with these gradients? Let the settings change from step to step. With the choice below,
# Chebyshev's, the heavy ball starts as gradient descent and ends as Polyak's. It needs `mu` and `L`, nothing else.

# %% id="chebyshev-numbers"
sigma = (L + mu) / (L - mu)
omega = [1.0, 2 * sigma**2 / (2 * sigma**2 - 1)]
while len(omega) < 700:
    omega.append(1 / (1 - omega[-1] / (4 * sigma**2)))
chebyshev = HeavyBall(lambda t: 2 * omega[t] / (L + mu), lambda t: omega[t] - 1)
print("step     lr     beta")
for t in (0, 1, 2, 5, 10, 20):
    print(f"{t:4}{2 * omega[t] / (L + mu):9.4f}{omega[t] - 1:8.4f}")
print(f"best{ball.lr:9.4f}{ball.beta:8.4f}   of those that stay the same")
print(f"on the dots it is there at step {run(chebyshev, dots, flat_line, 200).steps_to(distance=1e-6)}")

# %% [markdown] id="chebyshev-said"
# 73 steps, with no equal roots to pay for. Take all rules that are fixed beforehand, and any number of steps. None
# leaves a smaller share of the worst error, over all curvatures from `mu` to `L`. That is a theorem of Chebyshev's.
# Why it is a heavy ball, the algebra says; skip it if you like.

# %% id="chebyshev"
changing = CATALOGUE["Chebyshev"]()
changing.fold(*[step.title for step in changing.steps if step.title != "It is a heavy ball"])

# %% [markdown] id="conjugate"
# A method may also listen. Conjugate gradients measure at every step how far to go and how much of the last
# direction to keep. It has no knobs.


# %% id="conjugate-code"
def conjugate_gradients(bowl, theta, steps):
    residual = direction = -bowl.grad(theta)
    points = [theta]
    for _ in range(steps):
        curved = bowl.grad(direction)  # curvature times direction, as this bowl's lowest point is at 0
        length, before = residual @ residual / (direction @ curved), residual @ residual
        theta, residual = theta + length * direction, residual - length * curved
        direction = residual + residual @ residual / before * direction
        points.append(theta)
    return np.array(points)


# %% id="yardstick-numbers"
many, two = Quadratic(np.geomspace(mu, L, 200)), Quadratic([mu, L])  # from the softest to the stiffest
names, rules = ("gradient descent", "Polyak", "Chebyshev"), (GradientDescent(2 / (L + mu)), walk.optimizer, chebyshev)
print("steps until the loss is a millionth of a millionth   200 springs   2 springs")
for name, rule in zip(names, rules, strict=True):
    counts = [run(rule, bowl, bowl.start, 700).steps_to(gap=1e-12) for bowl in (many, two)]
    print(f"{name:50}{counts[0]:14}{counts[1]:12}")
losses = [bowl(conjugate_gradients(bowl, bowl.start, steps)) for bowl, steps in ((many, 100), (two, 2))]
counts = [np.argmax(loss <= 1e-12 * loss[0]) for loss in losses]
print(f"{'conjugate gradients':50}{counts[0]:14}{counts[1]:12}")

# %% [markdown] id="yardstick-said"
# The table counts by the loss, as conjugate gradients make the loss smallest. Compare it with any method that starts
# here and moves along combinations of the gradients it has met. After as many steps none has a lower loss on this bowl,
# up to rounding.
# With two springs it is done in 2 steps.
#
# From 598 to 85 is what momentum gives. From 85 to 61 is all that is left to win here. And all of this is for
# quadratics with exact gradients. With noise or another shape the ranking can change; lessons 5 and 6 show how.

# %% [markdown] id="monday"
# ## Or make kappa smaller
#
# Even the best pair of knobs pays sqrt(kappa). In fitting a line, kappa comes from how x is written down. Here are
# twelve made-up days: the warmth at noon, and how many ices were sold. Put in two lists of your own instead, if you
# like.

# %% id="own"
from momentum_lab.explorers import own_dots

warmth = [14, 16, 17, 19, 20, 21, 23, 24, 26, 27, 29, 31]
sold = [22, 30, 28, 37, 41, 39, 50, 47, 58, 62, 61, 70]
own_dots(warmth, sold)

# %% [markdown] id="own-tasks"
# 1. Shift x by half of its mean, then by all of it. What becomes of kappa?
# 2. Press "Best long-run rates" after each shift, and read the steps.
# 3. After the full shift, what is left of kappa? The next cell takes it away.

# %% id="centred"
from momentum_lab.surfaces import LineFit

x = np.array(warmth, dtype=float)
for name, column in (("as it is", x), ("centred", x - x.mean()), ("centred and scaled", (x - x.mean()) / x.std())):
    surface = LineFit(column, sold)
    best = best_settings("heavy ball", *surface.eigenvalues)
    there = run(HeavyBall(best.lr, best.beta), surface, flat_line, 1500).steps_to(distance=1e-6)
    print(f"{name:20} kappa {surface.kappa:8.1f}   best beta {best.beta:5.3f}   there at step {there}")
print(f"the twelve dots: kappa {dots.kappa:.0f}, and centred {twelve_dots(0.0).kappa:.0f}")

# %% [markdown] id="centred-said"
# Centring and scaling leave kappa 1, and then one step of gradient descent is enough. No knob does that. For least
# squares with one input and a constant it always works. With several inputs, two that go together leave a valley even
# then.
#
# How long is a valley before you centre? The table slides the twelve dots away from x = 0.

# %% id="origin"
print("middle at   kappa   gradient descent   heavy ball from the flat line   from equal parts")
for middle in (1.0, 2.846, 5.0, 10.0):
    surface = twelve_dots(middle)
    plain, best = (best_settings(method, *surface.eigenvalues) for method in ("gradient descent", "heavy ball"))
    starts = np.array([flat_line, surface.start])
    there = run(HeavyBall(best.lr, best.beta), surface, starts, 1500).steps_to(distance=1e-6)
    by_rate = np.ceil(steps_for(plain.rate, 1e-6))
    print(f"{middle:9}{surface.kappa:8.0f}{by_rate:19.0f}{there[0]:32}{there[1]:19}")

# %% [markdown] id="origin-said"
# At kappa 10402 gradient descent needs 71855 steps, and the heavy ball 913 from the flat line. From equal parts in
# both directions it is 1078: the start matters, as the best rate is only about the long run.

# %% [markdown] id="box"
# **Source.** In 1964 Boris Polyak looked for faster iterations for functional equations, and for minimisation. His
# paper (*USSR Comput. Math. Math. Phys.* 4(5), pages 1 to 17) gives this pair of settings and its rate, for
# quadratics and near a minimum. Golub and Varga treated constant and changing settings in 1961 (*Numer. Math.* 3,
# pages 147 to 156).

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | `mu`, `L` | the smallest and the largest curvature |
# | kappa, condition number | `L` over `mu` |
# | rate | the share of the error that a step keeps in the long run, in the slowest direction |
# | best asymptotic rate | the smallest rate that constant settings can have |
# | Polyak's setting, the corner | the `lr` and `beta` with the best asymptotic rate |
# | Chebyshev's steps | a heavy ball whose settings change, and end at the corner |
# | conjugate gradients | a method without knobs, with the lowest loss after any number of steps, on quadratics |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Three questions that many people get wrong. All are about quadratics without noise.

# %% id="quiz"
ask("04.more_memory", "04.four_times", "04.smaller_kappa")

# %% id="standing"
from momentum_lab.standing import standing

standing("04")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - find the rate of any setting, and the steps it promises,
# - derive the best pair of settings, and prove that it is best in the long run,
# - beat it to a millionth, and say why that is no contradiction.
#
# **On Monday:** centre and scale your inputs before you touch a knob. On the twelve dots that takes kappa from 100
# to 1.
#
# **Ask yourself:** the heavy ball finds out that it has gone too far once it is there. Could it look one step ahead,
# and brake before the bend? Lesson 5 gives it a better place to ask for the gradient.

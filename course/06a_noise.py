# %% [markdown] id="title"
# # 06a · Noise
#
# **45 minutes.** You need the heavy ball of lesson 01, its two gains from lesson 02, and `u`, the stiffness of a
# step, from lesson 03.
#
# At the end you can
#
# - say where a run with noisy gradients settles, and work out how far from the minimum that is,
# - say what momentum does to that distance at the same `lr`, and at the same `lr / (1 - beta)`,
# - write the gradient on a few examples, and say when the law for noise holds on it,
# - tell whether a run is held up by noise or by curvature, and what a larger batch will buy.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 06a · Noise
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("06a")

# %% [markdown] id="one-run"
# ## A run that never arrives
#
# Up to now every gradient was exact. From here on each one is a little wrong: the true slope plus a random number
# with mean 0 and variance 1, drawn anew at every step. That is how it looks when a gradient is taken from a few
# examples instead of all of them.
#
# Here is gradient descent on one direction of curvature 1, with `lr` 0.1.

# %% id="one"
rng = np.random.default_rng(6)
x = 3.0
for t in range(301):
    if t in (0, 5, 10, 20, 50, 100, 200, 300):
        print(f"step {t:3}:  x = {x:6.3f}")
    x = x - 0.1 * (x + rng.standard_normal())

# %% [markdown] id="one-said"
# It comes down as it always did, and then it wanders. One such run tells little, since another seed wanders
# elsewhere. So let ten thousand of them run side by side, and look at the mean of x squared.

# %% id="many"
x = np.full(10_000, 3.0)
for t in range(301):
    if t in (0, 5, 10, 20, 50, 100, 200, 300):
        print(f"step {t:3}:  mean of x squared = {np.mean(x**2):.3f}")
    x = x - 0.1 * (x + rng.standard_normal(len(x)))

# %% [markdown] id="many-said"
# The mean of x squared falls from 9 to a level, and stays there. This level is the noise floor. No number of further
# steps gets below it at this learning rate.
#
# You can check it by hand. A step leaves nine tenths of x, so it takes away part of the square; and the noise puts in
# `lr` squared. At the floor the two balance.

# %% id="balance"
kept, put_in = 0.9**2, 0.1**2
print(f"{put_in:.2f} / (1 - {kept:.2f}) = {put_in / (1 - kept):.4f}")

# %% [markdown] id="bet"
# ## Your bet
#
# Now give the ball its memory: `beta` 0.9, and everything else as it was. The velocity is made of many gradients, and
# each of them carries its own noise.
#
# Does the floor of 0.0526 fall, stay or rise, and to which value? Make up your mind, and type your number into the
# picture as your guess.

# %% id="floor"
from momentum_lab.explorers import noise_floor

noise_floor()

# %% [markdown] id="floor-tasks"
# 1. Type your guess into its box, and read in the sentence how far off it is.
# 2. Move `beta` from 0 to 0.99. What becomes of the level on the right?
# 3. Choose "same lr / (1 − beta)", and move `beta` once more.
# 4. Stay there, set the learning rate to 1, and compare `beta` 0 with 0.9.
# 5. Reach the goal: with `beta` 0.9 or more, the floor of plain `lr` 0.1.
# 6. Press "Ten times the batch". By how much does everything move down?

# %% [markdown] id="two-ways"
# ## The same, and the same
#
# There are two ways to switch momentum on. You may leave `lr` as it is, or keep `lr / (1 - beta)`, which is what a
# steady push comes to in the end. The table has the law of the next section, for curvature 1 and noise of variance 1.

# %% id="two-ways-table"
from momentum_lab import theory

print(" beta    floor at lr 0.1    at lr/(1 - beta) = 0.1    at lr/(1 - beta) = 1")
for beta in (0.0, 0.5, 0.9, 0.99):
    floors = [theory.noise_floor("heavy ball", lr, beta, 1.0) for lr in (0.1, 0.1 * (1 - beta), 1 - beta)]
    print(f"{beta:5}{floors[0]:15.4f}{floors[1]:23.4f}{floors[2]:25.4f}")

# %% [markdown] id="tempting-average"
# It is tempting to say that momentum averages the noise away, because an average of many gradients is less noisy than
# one. But the velocity is a sum. At the same `lr` the floor rises about ten-fold, from 0.0526 to 0.5135.
#
# At the same `lr / (1 - beta)` it hardly moves: from 0.0526 to 0.0501, however long the memory. A rule with a true
# average, EMA, and `lr` 0.1 walks the path of that column, so not even an average helps much. Where steps are very
# long, as in the last column, momentum does lower the floor, to about half. Move `beta` in the picture to see all
# this.

# %% [markdown] id="kick-text"
# ## A kick in instalments
#
# Here is why. Give a resting ball a single kick of noise, of size 1, and watch how far it moves it. There is no slope
# here, and no other noise. `lr` is 0.01 and `beta` 0.9.

# %% id="kick"
velocity, moved = 0.01 * 1.0, 0.0
for t in range(1, 101):
    moved = moved + velocity
    if t in (1, 2, 7, 22, 44, 100):
        print(f"after {t:3} steps the kick has moved the ball by {moved:.4f}")
    velocity = 0.9 * velocity

# %% [markdown] id="kick-said"
# Without memory, at `lr` 0.1, the same kick moves the ball by 0.1 at once. With memory it starts with a tenth of
# that, and after 44 steps 0.0990 are there. The memory does not shrink a kick: it delivers the whole of it, in
# instalments.
#
# The spring pulls every kick back, more slowly than it is delivered as long as `lr / (1 - beta)` times the curvature
# is small. Then the timing does not matter, and only the total does. Where that product is near 1, a part is pulled
# back before the rest has come, and the floor is lower.

# %% [markdown] id="law-text"
# ## The law
#
# In the derivation `gamma_0` is the floor, the mean of x squared, and `gamma_1` the mean of x times the x before. `S`
# is the variance of the noise in one gradient, `eta` is `lr`, `lambda` the curvature, and `alpha` is
# `lr / (1 - beta)`. The balance is the one that you made by hand, with two numbers instead of one.

# %% id="law"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["heavy ball, noise floor"]().fold("Neighbours in time", "For β towards 1")

# %% [markdown] id="law-said"
# Try the step "With the curvature" on one number, with eta 0.1, beta 0.9, and S and lambda equal to 1. You know the
# answer from the picture.

# %% id="law-number"
print(f"{0.1 * 1.9 / (0.1 * (2 * 1.9 - 0.1)):.4f}")

# %% [markdown] id="law-limits"
# The law needs the learning rate inside the velocity, constant settings, a quadratic, and noise of the same size
# everywhere that is independent from step to step. It speaks of the mean over many runs, once the start is forgotten,
# and of each direction by itself.
#
# A batch of B examples, drawn independently, has a gradient whose noise has one B-th of the variance. So the floor
# falls like 1/B, and the typical distance from the minimum, its root, only like one over the root of B.

# %% [markdown] id="recap-floor" item="06a.noise_floor" role="recap"
# **In two lines:** let `g0` be the mean of x squared, and `g1` the mean of x times the x before. In the long run
# `g1 = a*g0 - beta*g1` and `g0 = a**2*g0 + beta**2*g0 - 2*a*beta*g1 + lr**2*S`. Here `a` is
# `1 + beta - lr*curvature`, and `S` the variance of the noise in one step's gradient.

# %% [markdown] id="floor-text" item="06a.noise_floor" role="prompt"
# ## Exercise: the floor as a function
#
# How far from the minimum does the heavy ball stay? One line is missing.
#
# - **In:** `lr`, `beta`, `curvature`; `variance`, that of the noise in the gradient of one example; `batch`, the number
#   of examples a step, drawn independently.
# - **Out:** the mean of x squared in the long run, a number. The heavy ball converges with all settings that come in.
#
# For example, `lr` 0.1, `beta` 0.9, curvature 1, variance 1 and a batch of 16 give 0.0320946. Numbers count as right
# within one part in a million.


# %% id="floor-answer" item="06a.noise_floor" role="answer"
def floor_of(lr, beta, curvature, variance, batch):
    ### BEGIN SOLUTION
    ### BLANK: floor = ...
    noise, u = variance / batch, lr * curvature
    floor = lr * noise * (1 + beta) / (curvature * (1 - beta) * (2 * (1 + beta) - u))
    ### END SOLUTION
    return floor


# %% id="floor-check" item="06a.noise_floor" role="check"
from momentum_lab.checks import check, hint

check("06a.noise_floor")

# %% id="floor-hint" item="06a.noise_floor" role="hint"
hint("06a.noise_floor")

# %% [markdown] id="recap-pick" item="06a.pick_for_floor" role="recap"
# **In two lines:** with curvature 1 and noise of variance 1 the floor is `lr * (1 + beta)`, divided by
# `(1 - beta) * (2 * (1 + beta) - lr)`. With `beta` 0 and `lr` 0.1 that is 1/19.

# %% [markdown] id="pick-text" item="06a.pick_for_floor" role="prompt"
# ## Exercise: the same floor, exactly
#
# Gradient descent with `lr` 0.1 has the floor 1/19, for curvature 1, noise of variance 1 and one example a step.
# Which learning rate gives the heavy ball with `beta` 0.95 exactly the same floor?
#
# - **Hand in:** `lr_095`, a number; within one part in a thousand is right.

# %% id="pick-answer" item="06a.pick_for_floor" role="answer"
### BEGIN SOLUTION
### BLANK: lr_095 = ...  # your number goes in the place of the dots
wanted, beta = 1 / 19, 0.95
lr_095 = 2 * wanted * (1 - beta**2) / (1 + beta + wanted * (1 - beta))
### END SOLUTION

# %% id="pick-check" item="06a.pick_for_floor" role="check"
check("06a.pick_for_floor")

# %% id="pick-hint" item="06a.pick_for_floor" role="hint"
hint("06a.pick_for_floor")

# %% [markdown] id="rank-text"
# ## Which floor is lower?
#
# Put five settings in order without computing a floor. For short steps, `lr / (1 - beta)` over the batch is enough.

# %% id="rank"
ask("06a.rank")

# %% [markdown] id="nesterov-text"
# ## Nesterov's method under noise
#
# Lesson 05a found that in one direction of a quadratic Nesterov's method is the heavy ball with `beta * (1 - u)` in
# the place of `beta`. Noise that does not depend on where you ask changes nothing about that. Here is its law, with
# `c` for 1 - u, and then numbers for curvature 1.

# %% id="nesterov-law"
CATALOGUE["Nesterov, noise floor"]().fold("Neighbours in time")

# %% id="nesterov-number"
for lr in (0.1, 0.001):
    for name, beta in (("heavy ball", 0.9), ("Nesterov", 0.9), ("heavy ball", 0.9 * (1 - lr))):
        print(f"lr {lr:5}  {name:10}  beta {beta:.4f}: floor {theory.noise_floor(name, lr, beta, 1.0):.6f}")

# %% [markdown] id="nesterov-said"
# At `lr` 0.1 Nesterov's floor is 0.270634, about half of the heavy ball's, and the same as that of a heavy ball
# with `beta` 0.81. Its friction is larger here, so a kick is spent sooner.
#
# To be fair, compare speed and floor together. The next cell has a soft direction, curvature 0.1, and the same
# `lr / (1 - beta)` for all three.

# %% id="fair"
print("curvature 0.1       lr   beta   factor per step   floor")
for name, lr, beta in (("gradient descent", 0.1, 0.0), ("heavy ball", 0.01, 0.9), ("Nesterov", 0.01, 0.9)):
    rate, floor = theory.rate(name, 0.1 * lr, beta), theory.noise_floor(name, lr, beta, 0.1)
    print(f"{name:16}{lr:6}{beta:7}{rate:14.3f}{floor:14.3f}")

# %% [markdown] id="tempting-nesterov"
# It is tempting to rank the two for noisy training. Comparisons often give the heavy ball a significant benefit
# there, and Nesterov's method a modest one; at the same settings the two floors above do differ. But at the same
# `lr / (1 - beta)`, in a soft direction, the three have nearly one speed, 0.989 to 0.990, and nearly one floor, 0.496
# to 0.503.
#
# We know of no proof of such a ranking, in either order. The large gap belongs to long steps, where `u` is not small
# against 1 - beta; at `lr` 0.001 it is nearly closed. Put other rates into the first of the two cells to see it.

# %% [markdown] id="dots-text"
# ## Four dots a step
#
# So far the noise was made up. Now let it come from the twelve dots themselves: each step looks at four of them,
# drawn anew. Such a draw is a mini-batch. Its gradient costs a third of the full one, and on average it is the full
# one.

# %% [markdown] id="recap-batch" item="06a.mini_batch" role="recap"
# **In two lines:** the loss of a line is half the mean of the squared misses, where a miss is
# `intercept + slope * x - y`. A mini-batch takes that mean over its own dots only.

# %% [markdown] id="batch-text" item="06a.mini_batch" role="prompt"
# ## Exercise: the gradient on a mini-batch
#
# The dots are shuffled already. Cut them into batches of `size` one after the other, and return the gradient on batch
# number `k`, counted from 0. Two lines are missing.
#
# - **In:** `theta`, the array (intercept, slope); `x`, `y`, arrays with a number for each dot; `size`, `k`.
# - **Out:** an array: the derivatives by intercept and by slope of half the mean squared miss on that batch. The last
#   batch may be smaller.
#
# For example, theta (1, 1), x = 1, 2, 3, y = 0, 0, 0, `size` 2 and `k` 0 give 2.5, 4. Numbers count as right within
# one part in a million.


# %% id="batch-answer" item="06a.mini_batch" role="answer"
def batch_gradient(theta, x, y, size, k):
    intercept, slope = theta
    ### BEGIN SOLUTION
    ### BLANK: miss = ...
    ### BLANK: gradient = ...
    mine = slice(k * size, (k + 1) * size)
    miss = intercept + slope * x[mine] - y[mine]
    gradient = np.array([np.mean(miss), np.mean(miss * x[mine])])
    ### END SOLUTION
    return gradient


# %% id="batch-check" item="06a.mini_batch" role="check"
check("06a.mini_batch")

# %% id="batch-hint" item="06a.mini_batch" role="hint"
hint("06a.mini_batch")

# %% [markdown] id="kicks-text"
# ## How large is the noise of the dots?
#
# At the best line the full gradient is zero, so there every batch gives pure noise. The cell goes through all the
# ways to choose four of twelve dots, and takes the mean of the squares: along the valley first, then across.

# %% id="kicks"
from itertools import combinations

from momentum_lab.surfaces import twelve_dots

dots = twelve_dots()
variances = {}
for size in (4, 1):
    batches = np.array(list(combinations(range(12), size)))
    kicks = dots.grad_on(dots.minimum, batches) @ dots.directions
    variances[size] = np.mean(kicks**2, axis=0)
    print(f"{len(batches):3} batches of {size}: variance", np.round(variances[size], 4))

# %% [markdown] id="runs-text"
# Four different dots are a little better than four independent ones: 0.0023 is less than a quarter of 0.0125. With
# these variances the law predicts a floor in each direction.
#
# The next two cells start a thousand runs at the best line, with fresh dots at every step, and measure the second
# half of each run.

# %% id="draws"
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run


def draws(size, runs, epochs=False):
    rng = np.random.default_rng(0)
    while True:
        order = rng.random((runs, 12)).argsort(axis=1)  # the dots of each run, shuffled
        for first in range(0, 12 if epochs else size, size):
            rows = order[:, first : first + size]
            yield lambda theta, rows=rows: dots.grad_on(theta, rows)


# %% id="dots-runs"
def floors_over_law(lr, beta, size, epochs=False, runs=1000):
    start, steps = np.tile(dots.minimum, (runs, 1)), round(1000 + 30 * (1 - beta) / lr)  # long enough to settle
    walk = run(HeavyBall(lr, beta), dots, start, steps, oracle=draws(size, runs, epochs))
    measured = np.mean(dots.parts(walk.thetas[steps // 2 :]) ** 2, axis=(0, 1))
    return measured / theory.noise_floor("heavy ball", lr, beta, dots.eigenvalues, variances[size])


print("  lr    beta   dots a step   floor over law: along   across")
for lr, beta, size in ((0.01, 0.0, 4), (0.001, 0.9, 4), (0.01, 0.9, 4), (0.01, 0.9, 1)):
    along, across = floors_over_law(lr, beta, size)
    print(f"{lr:5}{beta:7}{size:10}{along:24.2f}{across:11.2f}")

# %% [markdown] id="dots-said"
# In the first two rows the law holds to about 2 %. Momentum at the same `lr / (1 - beta)` leaves the floor where it
# was, on real dots as on made-up noise.
#
# In the third row `lr / (1 - beta)` is ten times as large, and the law misses. The measured floor is above it, and with
# one dot a step far above it; another seed changes that last row by about a tenth. The reason is a hypothesis that
# fails: the noise of the dots is not of the same size everywhere. Away from the best line the dots disagree more, so
# the noise grows with the error, and this adds to the floor.

# %% [markdown] id="epochs-text"
# ## Dealt like cards
#
# Most programs draw batches in another way. They shuffle the examples, deal them out until each was used once, which
# is an epoch, and shuffle again. One batch by itself is as noisy as before; only the order of the batches is new.

# %% id="epochs"
print("  lr    beta   dots a step   floor over law: along   across")
for lr, beta, size in ((0.01, 0.0, 4), (0.001, 0.9, 4), (0.01, 0.9, 4), (0.01, 0.9, 1)):
    along, across = floors_over_law(lr, beta, size, epochs=True, runs=300)
    print(f"{lr:5}{beta:7}{size:10}{along:24.4f}{across:11.3f}")

# %% [markdown] id="epochs-said"
# With four dots a step the floors are far below the law, and this time momentum does lower them at the same
# `lr / (1 - beta)`. A second hypothesis has failed: these kicks are not independent. At the best line the gradients
# of all dots add up to zero, so what two batches push, the third takes back. A memory longer than an epoch takes the
# three in together, like the flipping push of lesson 02.
#
# With one dot a step an epoch has twelve steps, and the last row is nearer to the law. Large training runs may have
# thousands. A direction that forgets in far fewer steps than an epoch meets batches that are close to independent.

# %% [markdown] id="size-text"
# ## When does momentum pay?
#
# A run has two enemies: noise, and the many steps that a long valley takes. Momentum fights the second one. So it
# should pay where the first is weak, with large batches.
#
# The cell takes a bowl of 30 directions, curvatures from 0.001 to 1, and noise of variance curvature over batch in
# each. It tunes `lr` on a grid, leaves `beta` as it is, and counts the steps until the mean loss stays below 1e-5.

# %% id="size-table"
from momentum_lab.claims.batches import fewest_steps

print("  batch   beta 0   beta 0.9   times fewer   million examples, beta 0 and 0.9")
for batch in (1_000, 10_000, 100_000):
    plain, ball = (int(fewest_steps(batch, beta)[0]) for beta in (0.0, 0.9))
    print(f"{batch:7}{plain:9}{ball:11}{plain / ball:14.2f}{plain * batch / 1e6:17.1f}{ball * batch / 1e6:8.1f}")

# %% [markdown] id="size-said"
# With a batch of 1000 the two are nearly alike, 7307 and 6934 steps: noise sets the pace. With a hundred times as
# many examples a step, plain descent gets to 511 and then is held up by the valley. The heavy ball goes down to 98.
#
# Plain descent pays for the largest batch with seven times as many examples, the heavy ball with less than half more.
# In this model momentum is what makes large batches worth their price. Shallue and others saw the same pattern in
# networks.

# %% [markdown] id="recap-payoff" item="06a.batch_payoff" role="recap"
# **In two lines:** the floor is `lr * S * (1 + beta)`, divided by
# `curvature * (1 - beta) * (2 * (1 + beta) - lr * curvature)`. `S` is the variance of one example's noise over the
# batch.

# %% [markdown] id="payoff-text" item="06a.batch_payoff" role="prompt"
# ## Exercise: a batch for a floor
#
# A heavy ball has `lr` 0.05 and `beta` 0.95, in a direction of curvature 2. The noise in the gradient of one example
# has the variance 3. What is the smallest batch, of examples drawn independently, with a floor of 0.01 or lower?
#
# - **Hand in:** `batch_needed`, a whole number. You may compute it in the cell.

# %% id="payoff-answer" item="06a.batch_payoff" role="answer"
### BEGIN SOLUTION
### BLANK: batch_needed = ...  # your number goes in the place of the dots
of_one = 0.05 * 3 * 1.95 / (2 * 0.05 * (2 * 1.95 - 0.05 * 2))
batch_needed = int(np.ceil(of_one / 0.01))
### END SOLUTION

# %% id="payoff-check" item="06a.batch_payoff" role="check"
check("06a.batch_payoff")

# %% id="payoff-hint" item="06a.batch_payoff" role="hint"
hint("06a.batch_payoff")

# %% [markdown] id="stable-text"
# ## Three kinds of stable
#
# Does a larger `beta` force a smaller `lr`? That depends on what "stable" means. The table has the largest `u` in
# three senses. The first is a quadratic without noise. In the second each gradient is multiplied by a random factor
# with mean 1 and variance 1, as if the curvature changed from batch to batch. There the mean of x squared must still
# fall.
#
# The third belongs to lesson 05b: from this `u` on, taken with the largest curvature, some smooth bowl of kappa 100
# lets the ball go round for ever.

# %% id="stable"
print(" beta   no noise   noisy curvature   goes round")
for beta in (0.5, 0.9, 0.99):
    quiet = theory.stability_limit("heavy ball", beta)
    noisy = theory.curvature_noise_limit("heavy ball", beta, spread=1.0)
    print(f"{beta:5}{quiet:10.2f}{noisy:15.4f}{theory.polygon_limit(beta, 100.0):16.4f}")

# %% id="curvature-noise"
noisy = CATALOGUE["curvature noise"]()
noisy.fold(*[step.title for step in noisy.steps if step.title not in ("The heavy ball's limit", "With strong noise")])

# %% [markdown] id="stable-said"
# Without noise the limit rises with `beta`; in the two other senses it falls. In the derivation `r` is the variance
# of the factor. With `r` equal to 1 the limit is `1 - beta**2`, or 0.19 for `beta` 0.9, and for strong noise it
# shrinks with `1 - beta`.
#
# So the advice to lower `lr` when `beta` goes up is sound where batches are small, and it is no law about quadratics
# without noise.

# %% [markdown] id="sgd"
# ## Why networks are trained with noise
#
# Gradient descent on mini-batches is called SGD, with S for stochastic. It is used because a step on a few examples
# costs a small share of a full one, and far from the minimum it is nearly as good. The floor matters late. Then one
# lowers `lr`, takes a larger batch, or averages the points. The cell does the third, at `lr` 0.1 with the noise of
# the beginning, and starts at the minimum, so that there is no start to forget.

# %% id="points"
rng = np.random.default_rng(6)
x, total = np.zeros(2000), np.zeros(2000)
for t in range(1, 1001):
    x = x - 0.1 * (x + rng.standard_normal(2000))
    total = total + x
    if t in (10, 100, 1000):
        print(f"mean of {t:4} points: mean square {np.mean((total / t) ** 2):.4f};  last point: {np.mean(x**2):.4f}")

# %% [markdown] id="points-said"
# Averaging the points does what averaging the gradients does not: the mean of the points has a mean square that goes
# on falling. Polyak and Juditsky proved how well this works, in the first paper below.

# %% id="papers"
from momentum_lab.claims import SOURCES

for key in ("polyak1992", "wilson2017", "choi2019"):
    print(SOURCES[key].text)

# %% [markdown] id="opinion"
# **An opinion, with its dates.** One often reads that SGD with momentum suits vision best because it generalises
# better. In the experiments of Wilson and others, 2017, adaptive methods such as Adam did generalise worse. Choi and
# others found in 2019 that the order depends on what is tuned; with thorough tuning, adaptive methods were never
# behind in their experiments. Nothing in this lesson decides it.

# %% [markdown] id="box"
# **Source.** In 2018 Kidambi, Netrapalli, Jain and Kakade asked whether momentum helps when gradients come from one
# example at a time (ICLR, arXiv 1803.05591). They gave simple problems, with a batch of 1, on which neither the heavy
# ball nor Nesterov's method does better than SGD. The gains seen in practice, they suggested, come from mini-batches.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | noise | the difference between a step's gradient and the true one |
# | noise floor | the mean of x squared at which a run with noise settles |
# | mini-batch | a few examples, of which a step takes the gradient |
# | epoch | a round in which every example is used once |
# | SGD | gradient descent on mini-batches |
# | held up by noise | the loss falls when `lr` falls |
# | noisy curvature | each gradient is multiplied by a random factor |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Four questions about noise and what momentum does to it.

# %% id="quiz"
ask("06a.averages", "06a.pays", "06a.held_up", "06a.stable")

# %% id="standing"
from momentum_lab.standing import standing

standing("06a")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - work out a noise floor, and settings that have the same one,
# - say why a longer memory does not shrink a kick,
# - write a mini-batch gradient, and name two hypotheses of the law that batches may break,
# - say when momentum pays, and in which sense a setting is stable.
#
# **On Monday:** ask what holds your run up. Lower `lr` for a while: if the loss drops to a lower level, it was noise.
# And when you raise `beta`, lower `lr` so that `lr / (1 - beta)` stays.
#
# **Ask yourself:** two correct programs lower `lr` in mid-run, and print different numbers. Who is wrong? Lesson 06b
# looks at what each keeps in its memory.

# %% [markdown] id="title"
# # 08a · Which knob first
#
# **45 minutes.** You need the heavy ball of lesson 01, its limits from lesson 03, and the noise floor of lesson 06a.
#
# At the end you can
#
# - name the cause behind the shape of a loss curve,
# - say for which valley a `beta` is the best one, and what it costs under noise,
# - change `beta` without changing how far a steady push goes,
# - say what a warm-up is for, and write one,
# - read a 1cycle schedule as what it does to the step.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 08a · Which knob first
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("08a")

# %% [markdown] id="clinic-lead"
# ## What does this curve want?
#
# A run that disappoints leaves you a curve and at least three knobs: `lr`, `beta`, and the size of a batch. Turning
# all of them at once teaches nothing. Below are eight patients, every one a heavy ball on a bowl with one thing
# wrong. Before you choose a cause, say in words what the curve does: does it fall, swing, rattle, or grow?

# %% id="clinic"
from momentum_lab.explorers import clinic

clinic()

# %% [markdown] id="clinic-tasks"
# 1. Name the cause of patient 1, and read the sentence. Then treat it with one knob.
# 2. Go on to patient 8. Which two of them could you not tell apart from the loss alone? Look at the second lane.
# 3. Treat the patient with the noise floor by its batch size, then by its `lr`. What does `1 - beta` do to it?
# 4. One of the patients gets no better from any knob. Which one, and why?

# %% [markdown] id="shapes"
# ## The shape names the cause
#
# | what the loss does | cause | knob |
# |---|---|---|
# | it grows, and every other step turns back | learning rate too high | lower `lr` |
# | it falls evenly and slowly, without a swing | learning rate too low | raise `lr` |
# | it swings slowly, and the swings shrink | `beta` too high | lower `beta`, keep lr/(1 - beta) |
# | it zigzags, then crawls | `beta` too low | raise `beta`, keep lr/(1 - beta) |

# %% [markdown] id="shapes-more"
# | what the loss does | cause | knob |
# |---|---|---|
# | it rattles about a level | noise floor | lower `lr`, or a larger batch |
# | it drops fast, then crawls smoothly | badly conditioned | centre and scale the inputs |
# | it grows from the first step, and nothing turns back | wrong sign | look at your step |
# | it overruns its low after a drop of `lr` | the velocity remembers | momentum correction |

# %% [markdown] id="shapes-said"
# The table is practice and no theorem: it was made by looking at many runs on bowls, and it holds for one fault at a
# time. Two faults can hide each other, and noise can hide a crawl. That is why you change one knob, look again, and
# only then change the next.

# %% [markdown] id="recap-diagnose" item="08a.diagnose" role="recap"
# A run that ends above its start is lost. One that rattles about a level has met its noise floor. One that falls
# without ever rising, and does not come far, was given too small a learning rate.

# %% [markdown] id="diagnose-text" item="08a.diagnose" role="prompt"
# ## Exercise: a first look by program
#
# Name what a curve shows, by the first sign that fits, and `FINE` if none does.
#
# - `TOO_HIGH`: the last loss is above the first.
# - `FLOOR`: the loss rises in at least one of the last quarter's steps, and the median of the last quarter is more
#   than half of the median of the quarter before.
# - `TOO_LOW`: the loss never rises, and ends above a thousandth of the first.
#
# - **In:** `losses`, an array whose length is a multiple of 4.
# - **Out:** one of the four names.
#
# For example, 8, 7, 6, 5, 4, 3, 2, 1 gives `TOO_LOW`. Numbers count as right within one part in a million.


# %% id="diagnose-answer" item="08a.diagnose" role="answer"
def diagnose(losses):
    FINE, TOO_LOW, FLOOR, TOO_HIGH = 0, 1, 2, 3
    ### BEGIN SOLUTION
    ### BLANK: cause = ...  # as many lines as you need
    n, rises = len(losses) // 4, np.diff(losses) > 0
    level = np.median(losses[-n:]) > np.median(losses[-2 * n : -n]) / 2
    slow = not rises.any() and losses[-1] > losses[0] / 1000
    cause = FLOOR if rises[-n:].any() and level else TOO_LOW if slow else FINE
    cause = TOO_HIGH if losses[-1] > losses[0] else cause
    ### END SOLUTION
    return cause


# %% id="diagnose-check" item="08a.diagnose" role="check"
from momentum_lab.checks import check, hint

check("08a.diagnose")

# %% id="diagnose-hint" item="08a.diagnose" role="hint"
hint("08a.diagnose")

# %% [markdown] id="betas"
# ## The usual table of betas
#
# A table that is often copied recommends a small `beta` for noisy training, one value for nearly everything, and a
# large one for smooth, well-conditioned problems. Here is what the course can say about each row. The third column is
# the condition number for which this `beta` is the best of a heavy ball on a quadratic, with the best `lr` to it.

# %% id="betas-table"
from momentum_lab.theory import curvature_noise_limit, noise_floor, stability_limit

print("beta   1/(1-beta)   best at kappa   floor, lr 0.1   floor, lr 0.1 (1-beta)")
for beta in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99):
    root, kept = beta**0.5, 0.1 * (1 - beta)
    kappa = ((1 + root) / (1 - root)) ** 2
    floors = [noise_floor("heavy ball", lr, beta, curvature=1.0) for lr in (0.1, kept)]
    print(f"{beta:<5}{1 / (1 - beta):11.0f}{kappa:16.0f}{floors[0]:16.4f}{floors[1]:20.4f}")

# %% [markdown] id="betas-zero"
# **0 is gradient descent:** the baseline to compare with, and the best of all for a round bowl, whose kappa is 1.
#
# **0.5 to 0.8 for noise:** the fourth column seems to say so, since a larger `beta` raises the floor. But the last
# column keeps lr/(1 - beta), and the floor hardly moves, from 0.0526 to 0.0500. What calmed the run was the smaller
# step. We know no theorem for this row.
#
# **0.9 for nearly everything:** a good habit, and no more. On a quadratic it is the best `beta` for kappa 1442 alone.

# %% [markdown] id="betas-high"
# **0.95 to 0.99 for well-conditioned problems:** this is the wrong way round. On a quadratic 0.95 belongs to kappa
# 6082 and 0.99 to 158402, which are long valleys. It is tempting to read "smooth" as "easy", and to give an easy
# problem the long memory. On a round bowl such a ball only swings. The row is right where the
# valley is long: then a long memory pays, if the noise allows it. Move kappa in the settings map of lesson 04 to see
# the best `beta` go along.

# %% [markdown] id="three"
# ## Three things that 1/(1 - beta) is taken for
#
# A larger `beta` is said to multiply the learning rate by 1/(1 - beta), so that `lr` must come down with it. Three
# different limits hide in that advice.

# %% id="three-table"
print("beta   steady push   largest u, exact   largest u, curvature noise")
for beta in (0.0, 0.5, 0.9, 0.99):
    exact, noisy = (limit("heavy ball", beta) for limit in (stability_limit, curvature_noise_limit))
    print(f"{beta:<5}{1 / (1 - beta):12.0f}{exact:18.2f}{noisy:22.4f}")

# %% [markdown] id="three-said"
# A steady push comes out 10 times as large with `beta` 0.9; that is the gain. The largest stable `u` without noise
# rises, from 2 to 3.80, so stability does not ask for a smaller `lr` there. With noise in the curvature, as small
# batches have it, the limit falls from 1 to 0.1900, and near 1 it falls in proportion to 1 - beta. The noise here is
# a random factor of variance 1 on every gradient, and the limit is that of the mean square.
#
# So the advice is sound when small batches are what makes a run unstable. As a law for every run it is false.

# %% [markdown] id="recap-effective" item="08a.effective" role="recap"
# With the learning rate inside the velocity, a steady gradient moves theta by lr/(1 - beta) times itself per step, in
# the end.

# %% [markdown] id="effective-text" item="08a.effective" role="prompt"
# ## Exercise: one knob, and the other along with it
#
# A run has `lr` 0.02 and `beta` 0.9. You want `beta` 0.98, and steady pushes are to go as far as before. Which `lr`?
#
# - **Hand in:** `new_lr`, a positive number; within one part in a thousand is right.

# %% id="effective-answer" item="08a.effective" role="answer"
### BEGIN SOLUTION
### BLANK: new_lr = ...  # your number goes in the place of the dots
new_lr = 0.02 / (1 - 0.9) * (1 - 0.98)
### END SOLUTION

# %% id="effective-check" item="08a.effective" role="check"
check("08a.effective")

# %% id="effective-hint" item="08a.effective" role="hint"
hint("08a.effective")

# %% [markdown] id="order"
# ## Which knob first
#
# Here is an order that saves runs. It is practice, tried on many problems by many people; no theorem stands behind
# it.
#
# 1. The learning rate, on a grid of equal factors (1, 3, 10, 30), with `beta` 0.9.
# 2. If noise holds the loss up, lower `lr` late in the run, or take a larger batch.
# 3. Then `beta`, up and down, with lr/(1 - beta) kept.
# 4. Then a schedule.
#
# The cell does the first on the dots of lesson 01.

# %% id="order-run"
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots

for lr in (0.003, 0.01, 0.03, 0.1, 0.3, 1.0):
    tried = run(HeavyBall(lr, beta=0.9), twelve_dots(), [0.0, 0.0], steps=3000)
    home = tried.steps_to(distance=1e-3)
    print(f"lr {lr:<5}", f"home at step {home}" if home else f"diverged at step {tried.diverged}")

# %% [markdown] id="order-said"
# From 0.03 to 0.3 the run is home between step 126 and 137: ten-fold in `lr`, and hardly a difference. Below it
# the steps rise to 598 and to 2133, and at 1.0 the run is lost. A coarse grid of equal factors finds such
# a plateau in a few runs, and a finer one adds little. The plateau is lesson 03 at work: while every direction
# swings, `lr` does not count.

# %% [markdown] id="warm"
# ## What a warm-up is for
#
# A warm-up begins with a small learning rate and raises it over the first steps. It is tempting to explain it by the
# velocity: that one starts at zero, so it needs time before the steps are right. See what a steady gradient of 1
# makes of the first steps, as a share of the last ones.

# %% id="warm-steps"
for beta in (0.9, 0.99):
    shares = ", ".join(f"step {t}: {1 - beta**t:.1%}" for t in (1, 10, 100))
    print(f"beta {beta}: {shares}")

# %% [markdown] id="warm-said"
# With `beta` 0.99 the first step is 1.0% of the last, and step 100 is at 63.4%. A velocity that starts at zero makes
# early steps *smaller*: it is a warm-up by itself. To see it move, choose "Momentum as a warm-up" in the schedule
# desk below.
#
# What papers give as reasons is something else. Early in training a network changes fast, and a large learning rate
# may be too much for it. And in Adam the scale is learnt from few gradients at first. Here is a picture of the first
# reason, a wall of ours: a little way out, the slope grows much faster than within.

# %% id="wall"
from momentum_lab.schedules import linear_warm_up
from momentum_lab.surfaces.own import FromFunctions


def slope(x):
    return x + 40 * np.sign(x) * np.maximum(abs(x) - 2, 0)


wall = FromFunctions(lambda x: x**2 / 2 + 20 * np.maximum(abs(x) - 2, 0) ** 2, slope, [(-6, 6)], minima=[[0.0]])
for name, lr in (("0.05 all the time", 0.05), ("0.5 at once", 0.5), ("0.5 after 20 steps", linear_warm_up(0.5, 20))):
    tried = run(HeavyBall(lr, beta=0.5), wall, [3.0], steps=400)
    home = tried.steps_to(distance=1e-3)
    print(f"lr {name:20}", f"home at step {home}" if home else f"diverged at step {tried.diverged}")

# %% [markdown] id="wall-said"
# At once, 0.5 is thrown from wall to wall, and diverges at step 6. The rate that the wall can bear throughout needs
# 56 steps. With a warm-up the small steps bring the ball off the wall, the large ones bring it home, and that is step
# 19. The warm-up helped because the curvature was high only at the start.

# %% [markdown] id="recap-warmup" item="08a.warmup" role="recap"
# A linear warm-up raises the learning rate in equal parts, up to its peak, and leaves it there.

# %% [markdown] id="warmup-text" item="08a.warmup" role="prompt"
# ## Exercise: a warm-up
#
# The first step, `t` = 0, has one `steps`-th of the peak. Every later one has as much more, until the peak is reached
# at `t` = `steps - 1`. From then on the rate stays.
#
# - **In:** `t`, a whole number from 0; `peak`, a number above 0; `steps`, a whole number from 1.
# - **Out:** the learning rate of step `t`.
#
# For example, peak 0.4 and 4 steps give 0.1, 0.2, 0.3, 0.4, 0.4. Numbers count as right within one part in a million.


# %% id="warmup-answer" item="08a.warmup" role="answer"
def warm_up(t, peak, steps):
    ### BEGIN SOLUTION
    return peak * min((t + 1) / steps, 1.0)
    ### END SOLUTION


# %% id="warmup-check" item="08a.warmup" role="check"
check("08a.warmup")

# %% id="warmup-hint" item="08a.warmup" role="hint"
hint("08a.warmup")

# %% [markdown] id="desk-lead"
# ## One cycle
#
# Smith's 1cycle moves both knobs. In the first part of a run `lr` rises and `beta` falls; in the second part `lr`
# falls to almost nothing and `beta` rises again. In the desk, the third lane shows what the two come to together, the
# effective learning rate lr/(1 - beta).

# %% id="desk"
from momentum_lab.explorers import schedule_desk

schedule_desk()

# %% [markdown] id="desk-tasks"
# 1. Read off how many times `lr` rises, and how many times the effective rate does.
# 2. Choose "Momentum as a warm-up". Which lane shows the first steps to be small?
# 3. Choose "step decay". Why does PyTorch's form end with less loss? Lesson 06b has the answer.
# 4. Go back to "one cycle". Bring the peak of the effective rate to 1, where the constant run stands.

# %% id="cycle"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["one cycle"]().fold("Half-way")

# %% id="cycle-numbers"
from momentum_lab.schedules import one_cycle as library_cycle

cycle = library_cycle(peak=1.0, steps=100)
for name, t in (("start", 0), ("peak", 29), ("end", 99)):
    lr, beta = cycle.lr(t), cycle.beta(t)
    print(f"{name:6} lr {lr:<8.2g} beta {beta:.2f}   lr/(1 - beta) {lr / (1 - beta):.3g}")
print(f"the effective rate rises {cycle.lr(29) / 0.15 / (cycle.lr(0) / 0.05):.2f} times")

# %% [markdown] id="cycle-said"
# M is the peak, and the numbers are PyTorch's defaults: `lr` starts at a 25th of the peak, `beta` goes from 0.95 to
# 0.85 and back. So `lr` rises 25 times, and the effective rate 25/3 times, which is 8.33. The falling `beta` takes
# the edge off. That such a cycle trains faster is an observation of its author and of many users, for the networks
# they tried; it is no theorem.

# %% [markdown] id="recap-cycle" item="08a.one_cycle" role="recap"
# In a 1cycle `lr` rises while `beta` falls, and then the other way round.

# %% [markdown] id="cycle-text" item="08a.one_cycle" role="prompt"
# ## Exercise: one cycle in straight lines
#
# The share of the run that is done is `t / steps`. Up to a share of 0.3, `lr` goes in a straight line from `peak /
# 25` to `peak`, and `beta` from 0.95 to 0.85. After that, `lr` goes in a straight line to 0, which it has at `t` =
# `steps`, and `beta` goes back to 0.95.
#
# - **In:** `t`, from 0 to `steps`; `peak`, a number above 0; `steps`, a whole number.
# - **Out:** `lr` and `beta`, in this order.
#
# For example, halfway up, at `t` 15 of 100 with peak 1, they are 0.52 and 0.9. Numbers count as right
# within one part in a million.


# %% id="cycle-answer" item="08a.one_cycle" role="answer"
def one_cycle(t, peak, steps):
    share = t / steps
    ### BEGIN SOLUTION
    ### BLANK: lr = ...
    ### BLANK: beta = ...
    up, down = share / 0.3, (share - 0.3) / 0.7
    lr = peak * (1 / 25 + 24 / 25 * up) if share <= 0.3 else peak * (1 - down)
    beta = 0.95 - 0.1 * up if share <= 0.3 else 0.85 + 0.1 * down
    ### END SOLUTION
    return lr, beta


# %% id="cycle-check" item="08a.one_cycle" role="check"
check("08a.one_cycle")

# %% id="cycle-hint" item="08a.one_cycle" role="hint"
hint("08a.one_cycle")

# %% [markdown] id="batch"
# ## And the size of a batch?
#
# A rule of thumb says: small batches want a small `beta`, large ones a large `beta`. The ledger of lesson 10 has an
# experiment on a noisy bowl in 30 directions, `lr` at its best each time. The cell prints its counts of steps.

# %% id="batch-numbers"
from momentum_lab.claims import CLAIMS

counts = CLAIMS[57 - 1].numbers
for batch in (1000, 10000, 100000):
    print(f"batch {batch:6}: beta 0 {counts[f'batch {batch}, beta 0']:>5}, "
          f"beta 0.9 {counts[f'batch {batch}, beta 0.9']:>5}")  # fmt: skip

# %% [markdown] id="batch-said"
# At a batch of 1000 the two are nearly alike, 7307 and 6934 steps. At 100000 momentum needs 98 where plain descent
# needs 511. So the second half of the rule is well supported, by this and by experiments with networks.
#
# The first half is imprecise. A small batch is noisy, and what amplifies noise is lr/(1 - beta). A smaller `lr` does
# as well as a smaller `beta`, as the table of betas showed.

# %% [markdown] id="box"
# **Source.** Leslie Smith published the cycle of the learning rate with Nicholay Topin (arXiv 1708.07120, 2017), and
# the cycle of momentum against it in 2018 (arXiv 1803.09820). Goyal and others (arXiv 1706.02677, 2017) used a
# warm-up for very large batches, whose large learning rate they found hard to start with.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | effective learning rate | lr/(1 - beta): how far a steady gradient of 1 moves theta per step, in the end |
# | warm-up | a learning rate that rises over the first steps |
# | 1cycle | `lr` up and `beta` down, then the reverse, once per run |
# | grid of equal factors | 1, 3, 10, 30: each value the same number of times the one before |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Three questions that many people get wrong.

# %% id="quiz"
ask("08a.why_warm", "08a.which_kappa", "08a.level")

# %% id="standing"
from momentum_lab.standing import standing

standing("08a")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - name a cause from the shape of a curve, and turn one knob,
# - move `beta` and keep the effective learning rate,
# - say for which valleys a long memory is right,
# - write a warm-up and a cycle, and say what each is for.
#
# **On Monday:** before you touch a knob, say in words what the curve does. Then turn one knob at a time, the learning
# rate first, by factors of three.
#
# **Ask yourself:** everything here was tried on bowls, where formulas say what to expect. A network is no bowl. Which
# of these sentences would survive there? Lesson 08b has one, small enough to run here.

# %% [markdown] id="title"
# # 08a · Which knob first
#
# **45 minutes.** You need the gain 1/(1 - beta) of lesson 02, kappa from lesson 04 and the noise floor of lesson 06a.
#
# At the end you can
#
# - name the cause of a bad loss curve from its shape, and the knob that it asks for,
# - turn the knobs in an order that wastes few runs, and say what of it is proved,
# - choose `beta` without folklore, and change it with `lr`,
# - say what a warm-up is for, and what it is not for,
# - write one cycle of learning rate and momentum.

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

# %% [markdown] id="two-runs"
# ## What does this curve want?
#
# Here are two runs of the heavy ball on the same bowl, both with `beta` one half. Each number is a typical loss, as a
# share of the start: the median of a few steps that end at the one named.

# %% id="two-curves"
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic

bowl = Quadratic([1.0, 4.0])
for name, lr, noise in (("A", 0.1, 1.0), ("B", 0.004, 0.0)):
    walk = run(HeavyBall(lr, 0.5), bowl, [1.0, 1.0], 150, oracle=AdditiveNoise(bowl.grad, noise, 5))
    shares = walk.gaps / walk.gaps[0]
    print(name, [f"up to step {t}: {np.median(shares[t - 19 : t + 1]):.3f}" for t in (50, 100, 150)])

# %% [markdown] id="two-runs-bet"
# Both have about 2 % left, and their last numbers, 0.023 and 0.021, are hardly to be told apart. You may double the
# learning rate of both, and change nothing else. Make up your mind before you go on: which of them will end lower?

# %% id="doubled"
for name, lr, noise in (("A", 0.2, 1.0), ("B", 0.008, 0.0)):
    walk = run(HeavyBall(lr, 0.5), bowl, [1.0, 1.0], 150, oracle=AdditiveNoise(bowl.grad, noise, 5))
    shares = walk.gaps / walk.gaps[0]
    print(name, f"with lr {lr}, up to step 150: {np.median(shares[131:151]):.3f}")

# %% [markdown] id="doubled-said"
# A has more than twice as much left, 0.055 instead of 0.023, while B has a tenth, 0.002. The last number could not have
# told you that, but the numbers before it could. A had stopped falling by step 100 and rattled about a level; B was
# still falling, evenly and slowly.
#
# So the shape of a curve names its cause, and the cause names the knob.
#
# ## The clinic
#
# Eight patients follow, each with a single cause. Look at the loss and at the length of the steps before you touch
# anything.

# %% id="clinic"
from momentum_lab.explorers import clinic

clinic()

# %% [markdown] id="clinic-tasks"
# 1. Give patient 1 a wrong diagnosis on purpose. Which number speaks against it?
# 2. Name the causes of all eight. Write down the sign by which you knew each one.
# 3. Patients 3 and 7 both grow. What tells the two apart?
# 4. Repair as many as you can, one knob at a time. Which two resist every knob here?

# %% [markdown] id="symptoms"
# ## Sign, cause, knob
#
# | sign | likely cause | do first |
# |---|---|---|
# | grows, steps turn back | `lr` too high | lower `lr` |
# | grows, no step turns back | wrong sign | read the code |
# | falls evenly, slowly | `lr` too low | raise `lr` |
# | falls fast, then crawls | bad conditioning | centre and scale the inputs |
# | zigzags at every step, then crawls | `beta` too low | raise `beta` |
# | swings that shrink | `beta` too high | lower `beta` |
# | rattles about a level | noise floor | lower `lr`, or larger batch |
# | coasts away after `lr` dropped | velocity remembers | momentum correction |

# %% [markdown] id="symptoms-said"
# These signs were read off bowls with two directions and one cause each. A real loss may have two causes at once, and
# then the louder one hides the other, so look again after each cure.
#
# ## Strangers
#
# Now the settings are drawn at random, and five curves are printed as shares of their start. Each is one of five kinds:
# 0 nothing is wrong, 1 `lr` too high, 2 a noise floor, 3 `beta` too high, 4 `lr` too low. Some kinds may be missing,
# others may come twice. Write your five numbers down.


# %% id="strangers"
def stranger(seed):
    rng = np.random.default_rng(seed)
    cause = rng.integers(5)
    lr, beta, noise = [(0.3, 0.3, 0), (0.7, 0.3, 0), (0.1, 0.5, 1), (0.04, 0.975, 0), (0.001, 0.5, 0)][cause]
    rule = HeavyBall(lr * rng.uniform(0.95, 1.05), beta)
    losses = run(rule, bowl, [1.0, 1.0], 200, oracle=AdditiveNoise(bowl.grad, noise, seed)).gaps
    return losses / losses[0], cause


seeds = (16, 7, 5, 11, 19)
for seed in seeds:
    print(f"stranger {seed:2}:", " ".join(f"{share:7.0e}" for share in stranger(seed)[0][::25]))

# %% [markdown] id="strangers-lead"
# Four of the five are ill. When you have five numbers, run the next cell.

# %% id="strangers-named"
for seed in seeds:
    print(f"stranger {seed:2}:", stranger(seed)[1])

# %% [markdown] id="strangers-more"
# The numbers in the list are seeds: change them in the cell above, and you have other patients. When you can do it by
# eye, write down what your eye does.

# %% [markdown] id="recap-diagnose" item="08a.diagnose" role="recap"
# **In two lines:** a noise floor rattles about a level, a `beta` too high swings with shrinking swings, an `lr` too
# low falls evenly and slowly. A climb at the start is no sign of illness if the run arrives.

# %% [markdown] id="diagnose-text" item="08a.diagnose" role="prompt"
# ## Exercise: let the computer look
#
# - **In:** `losses`, an array with the loss before the first step and after each of 200 steps, in any unit.
# - **Out:** `cause`, a whole number: 1 if the run ends above its start; 0 if it ends below a millionth of its start;
#   else 2 for a noise floor, 3 for a `beta` too high, 4 for an `lr` too low.
#
# The last three you tell by shape. From one quarter of the run to the next a noise floor keeps at least 0.8 of its
# median, swings at most half. For example, `np.linspace(3, 2, 201)` gives 4. Whole numbers too count as right within
# one part in a million.


# %% id="diagnose-answer" item="08a.diagnose" role="answer"
def diagnose(losses):
    ### BEGIN SOLUTION
    shares = losses / losses[0]
    if shares[-1] > 1:
        return 1
    if shares[-1] < 1e-6:
        return 0
    if not (np.diff(shares) > 0).any():
        return 4
    quarter = len(shares) // 4
    return 2 if np.median(shares[-quarter:]) > 0.65 * np.median(shares[-2 * quarter : -quarter]) else 3
    ### END SOLUTION


# %% id="diagnose-check" item="08a.diagnose" role="check"
from momentum_lab.checks import check, hint

check("08a.diagnose")

# %% id="diagnose-hint" item="08a.diagnose" role="hint"
hint("08a.diagnose")

# %% [markdown] id="which-first"
# ## Which knob first?
#
# Suppose that the curve says nothing yet, because nothing was tuned. Here is a noisy valley with kappa 10, and the mean
# loss of 200 runs near step 200, as a share of the start. First only `lr` moves, on a log grid. Then `beta` moves, and
# `lr` goes along so that lr/(1 - beta), the effective learning rate, stays.

# %% id="one-knob"
valley = Quadratic([0.1, 1.0])


def left(lr, beta):
    noisy = AdditiveNoise(valley.grad, 0.1, 0)
    gaps = run(HeavyBall(lr, beta), valley, np.ones((200, 2)), 200, oracle=noisy).gaps
    return gaps[-20:].mean() / gaps[0].mean()


for lr in (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0):
    print(f"beta 0.90, lr {lr:<6}  left {left(lr, 0.9):.4f}")
for beta in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99):
    print(f"beta {beta:.2f}, lr {0.3 * (1 - beta):<6.3g}  left {left(0.3 * (1 - beta), beta):.4f}")

# %% [markdown] id="one-knob-said"
# The second list keeps the effective learning rate of `lr` 0.03 with `beta` 0.9. Between the best and the worst `lr`
# lies a factor of more than a hundred, 0.0025 against 0.3788. Between `beta` 0 and 0.95 nearly nothing happens,
# 0.0029 to 0.0026; only 0.99, which still swings near step 200, is bad. So the learning rate goes first. Had `beta`
# moved while `lr` stood still, the effective learning rate would have moved with it, and you could not have told
# which of the two had mattered.
#
# On a log grid each value is about three times the one before. Go on until the best one has worse ones on both sides.

# %% [markdown] id="procedure"
# ## An order that wastes few runs
#
# 1. Look at the curve, and change nothing yet.
# 2. `lr`, on a log grid, until it gets worse on both sides.
# 3. `beta`, with lr/(1 - beta) kept: 0.9 first, then 0.5 and 0.95.
# 4. A schedule that lowers `lr` at the end.
# 5. The best few again, with other seeds.
#
# The order is practice, and no theorem has it. One reason is proved, for quadratics with additive noise and constant
# settings. Well below the limit the floor is nearly proportional to lr/(1 - beta): `lr` moves it, and `beta` hardly
# does while the quotient is kept. Without noise, in an ill-conditioned valley, `beta` counts for much more, as lesson
# 04 showed.

# %% id="order"
ask("08a.order")

# %% [markdown] id="beta-lead"
# ## Which beta?
#
# There is a table that is often copied, with a typical use for each `beta`. The next cell computes three things for
# each one. The first is the gain on a steady push. The second is the kappa for which it is the heavy ball's best, on a
# quadratic without noise and with `lr` at its best too. The third is the floor under noise of variance 1 at curvature
# 1, with lr/(1 - beta) kept at 0.1.

# %% id="beta-table"
from momentum_lab.theory import best_settings, noise_floor

print(" beta   gain   best for kappa    floor")
for b in (0.0, 0.5, 0.8, 0.9, 0.95, 0.99):
    kappa = ((1 + b**0.5) / (1 - b**0.5)) ** 2
    print(f"{b:5}{1 / (1 - b):7.0f}{kappa:17.0f}{noise_floor('heavy ball', 0.1 * (1 - b), b, 1.0):9.4f}")
for kappa in (10.0, 100.0, 1000.0, 10_000.0):
    print(f"kappa {kappa:5.0f}: best beta {best_settings('heavy ball', 1.0, kappa).beta:.2f}")
for b in ((9 / 11) ** 2, 0.99):
    steps = run(HeavyBall(4 / 121, b), Quadratic([1.0, 100.0]), [1.0, 1.0], 4000).steps_to(distance=1e-6)
    print(f"kappa 100, lr 4/121, beta {b:.2f}: {steps} steps to a millionth")

# %% [markdown] id="beta-rows"
# | beta | what is said | what a run says |
# |---|---|---|
# | 0 | for comparison | yes, and the best for kappa 1 |
# | 0.5 to 0.8 | for noisy training | the floor is 0.0508 at 0.5 and 0.0501 at 0.9 |
# | 0.9 | the default | a good habit, no theorem; best for kappa 1442 only |
# | 0.95 to 0.99 | for well-conditioned losses | the other way round: best for kappa 6082 and more |

# %% [markdown] id="beta-tempting"
# It is tempting to say that a high `beta` suits smooth, well-conditioned losses. Smooth paths do come with it, and a
# long memory seems harmless where nothing bends. But on a quadratic the best `beta` grows with kappa: 0.27, 0.67,
# 0.88, 0.96 for kappa 10 to 10000. At kappa 100, with the same `lr`, 0.99 needs 2861 steps instead of 93. To see it,
# move `beta` in the map of lesson 04.
#
# And noise? At equal lr/(1 - beta) the floor only moves from 0.0526 to 0.0501, so noise alone asks for no light `beta`.
# This holds for additive noise, while lr/(1 - beta) times the curvature is well below 1. Start with 0.9.

# %% [markdown] id="interplay-lead"
# ## What 1/(1 - beta) does not say
#
# "Raise `beta`, and you must lower `lr` in proportion, or training becomes unstable", says a rule. Here are the
# limits of `u`, which is `lr` times the curvature, without noise and with noisy curvature. In the second case each
# gradient is multiplied by a random factor of mean 1 and variance 1, roughly as small batches do. Beyond that limit
# the mean square of the distance grows.

# %% id="interplay"
from momentum_lab.theory import curvature_noise_limit, stability_limit

print(" beta   gain   limit of u   with noisy curvature   floor at lr 0.1")
for b in (0.0, 0.5, 0.9, 0.99):
    limits = f"{stability_limit('heavy ball', b):12.2f}{curvature_noise_limit('heavy ball', b, spread=1.0):18.4f}"
    print(f"{b:5}{1 / (1 - b):7.0f}{limits}{noise_floor('heavy ball', 0.1, b, 1.0):21.4f}")

# %% [markdown] id="interplay-said"
# On a noiseless quadratic the limit rises with `beta`, from 2.00 without memory to 3.80 at 0.9, and nothing has to be
# lowered there. With noisy curvature the limit falls as 1 - beta^2: from 1 to 0.19, and in proportion to 1 - beta only
# when `beta` is near 1. At the same `lr` the floor rises about as the gain does.
#
# So 1/(1 - beta) tells the gain on a steady push, and nearly the floor, but not the limit. Keeping lr/(1 - beta) is a
# way to change one thing at a time; it is no law of stability.

# %% [markdown] id="recap-effective" item="08a.effective" role="recap"
# **In two lines:** the effective learning rate is lr/(1 - beta), how far a steady gradient of 1 moves a step in the
# end. To compare two values of `beta`, change `lr` so that it stays.

# %% [markdown] id="effective-text" item="08a.effective" role="prompt"
# ## Exercise: change beta, and nothing else
#
# A run has `lr` 0.03 and `beta` 0.9. You want to try `beta` 0.98 with the same effective learning rate. Which `lr`
# belongs to it?
#
# - **Hand in:** `new_lr`, a number; within one part in a thousand is right.

# %% id="effective-answer" item="08a.effective" role="answer"
### BEGIN SOLUTION
### BLANK: new_lr = ...  # your number goes in the place of the dots
new_lr = 0.03 / (1 - 0.9) * (1 - 0.98)
### END SOLUTION

# %% id="effective-check" item="08a.effective" role="check"
check("08a.effective")

# %% id="effective-hint" item="08a.effective" role="hint"
hint("08a.effective")

# %% [markdown] id="warm-lead"
# ## What is a warm-up for?
#
# A warm-up starts with a small learning rate and raises it over the first steps. The usual reason reads like this: with
# a high `beta` the velocity starts at zero, and so the first steps are large and badly directed. Feed a steady gradient
# to `beta` 0.99, and measure each step by the last one.

# %% id="slow-start"
velocity, lengths = 0.0, []
for _ in range(4000):
    velocity = 0.99 * velocity + 1.0
    lengths.append(velocity)
for step in (1, 10, 100):
    print(f"step {step:3} is {100 * lengths[step - 1] / lengths[-1]:.1f} % of the last one")

# %% [markdown] id="warm-tempting"
# It is tempting to believe it, because a velocity needs time to point the right way, and warm-up and a high `beta`
# are often seen together. But under a steady push an empty velocity makes the first step *smaller*, 1.0 % of the
# last one: momentum is a warm-up itself. To see it, choose "Momentum as a warm-up" in the picture further below.
#
# The papers give other reasons. Goyal and others say that a large `lr` is trouble while a young network changes fast.
# Liu and others find that Adam at first divides by a scale learnt from few gradients. The first reason can be shown
# on one line.

# %% [markdown] id="stiff-lead"
# ## A stiff start
#
# This slope belongs to a loss that is steep far out and soft at the bottom, with the curvature 3 x^2 + 0.05. The ball
# starts at 2, at rest and without noise. The warm-up begins with a fiftieth of `lr`. "Home" is the step from which on
# the ball stays within 0.001, and a run that gets further out than 100 is lost.


# %% id="stiff"
from momentum_lab.schedules import constant, linear_warm_up


def home(lr, beta):
    x, velocity, last_out = 2.0, 0.0, 0
    for t in range(1000):
        velocity = beta * velocity + lr(t) * (x**3 + 0.05 * x)
        x = x - velocity
        if abs(x) > 100:
            return "lost"
        last_out = t + 1 if abs(x) > 0.001 else last_out
    return last_out + 1 if last_out < 1000 else "away"


# %% id="stiff-runs"
print("curvature at 2:", 3 * 2**2 + 0.05, " gradient at 2:", 2**3 + 0.05 * 2)
print("beta 0.5, lr   constant   20 steps of warm-up")
for lr in (0.1, 0.45, 1.0):
    print(f"{lr:12} {home(constant(lr), 0.5):>10} {home(linear_warm_up(lr, 20, lr / 50), 0.5):>21}")
tried = {lr / 20: home(constant(lr / 20), 0.5) for lr in range(1, 21)}
print("best constant from 0.05 to 1:", min((step, lr) for lr, step in tried.items() if type(step) is int))
print("beta 0.99, lr 1, constant:", home(constant(1.0), 0.99))

# %% [markdown] id="stiff-said"
# With `lr` 1 the run is lost, because the gradient at the start is 8.1 and the first step is as long. After a warm-up
# the same `lr` is home from step 28. The best constant of twenty, 0.45, takes until 64, and for 0.1 and 0.45 a
# warm-up only costs time. By the time `lr` is large, the ball is where the curvature is small.
#
# An empty velocity is no help: with `beta` 0.99 the run is lost as well. The first step is `lr` times the gradient for
# every `beta`, and it is small only beside later ones.
#
# This is one loss of ours. It shows that the first reason can be true, and not that your network starts like this.

# %% [markdown] id="recap-warm" item="08a.warmup" role="recap"
# **In two lines:** a linear warm-up goes in a straight line from a first learning rate to the peak, and stays there.
# The update `t` is counted from 0.

# %% [markdown] id="warm-text" item="08a.warmup" role="prompt"
# ## Exercise: a linear warm-up
#
# - **In:** `t`, the number of the update, from 0 on; `first` and `peak`, learning rates; `steps`, how long it rises.
# - **Out:** `lr`, the learning rate of update `t`. It is `first` at `t` 0, and `peak` at `t` = `steps` and later. In
#   between it rises in a straight line.
#
# For example, with `first` 0.1, `peak` 0.5 and `steps` 4, the updates 0, 1, 4 and 9 have 0.1, 0.2, 0.5 and 0.5. Numbers
# count as right within one part in a million.


# %% id="warm-answer" item="08a.warmup" role="answer"
def warm_up(t, first, peak, steps):
    ### BEGIN SOLUTION
    return first + (peak - first) * min(t / steps, 1.0)
    ### END SOLUTION


# %% id="warm-check" item="08a.warmup" role="check"
check("08a.warmup")

# %% id="warm-hint" item="08a.warmup" role="hint"
hint("08a.warmup")

# %% [markdown] id="cycle-lead"
# ## One cycle
#
# Leslie Smith's cycle goes one step further: while the learning rate rises to a peak, `beta` falls. Then both turn
# round, and `lr` ends far below its start. Here are the values of PyTorch's defaults, for 100 updates and a largest
# `lr` of 1.

# %% id="cycle-numbers"
from momentum_lab.schedules import one_cycle

lr, beta = one_cycle(1.0, 100)
print("update        lr    beta   lr / (1 - beta)")
for t in (0, 15, 29, 60, 99):
    print(f"{t:6}{lr(t):10.2g}{beta(t):8.3f}{lr(t) / (1 - beta(t)):14.3g}")
print(f"at the peak over at the start: lr {lr(29) / lr(0):.0f},", end=" ")
print(f"lr / (1 - beta) {lr(29) / (1 - beta(29)) / (lr(0) / (1 - beta(0))):.2f}")

# %% [markdown] id="cycle-said"
# The learning rate rises 25-fold. The effective one rises from 0.8 to 6.67, which is only 8.33-fold, since the
# falling `beta` takes the rest back. Here is the same in exact fractions. `M` is the largest learning rate, `eta_0`
# and `beta_0` belong to the start, `beta_1` to the peak, and alpha is the effective learning rate.

# %% id="cycle-derived"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["one cycle"]().fold("Half-way")

# %% [markdown] id="cycle-limits"
# The effective rate is where a steady gradient would take the step if the schedule stood still. While it moves, a
# memory with `lr` inside still holds the old learning rate, as lesson 06b showed.
#
# That one cycle trains faster is an observation on networks, and no theorem says it. Below, 200 noisy runs on a valley
# like that of lesson 01 judge each schedule, with `lr` inside the velocity and outside of it.

# %% id="desk"
from momentum_lab.explorers import schedule_desk

schedule_desk()

# %% [markdown] id="desk-tasks"
# 1. Reach the goal: a cycle whose effective learning rate peaks at 1. Which knob can do it alone?
# 2. Choose "The constant run", then the cosine. What does a falling `lr` do for the mean loss at the end?
# 3. Choose the warm-up with `beta` 0.9. Does it help here, on a bowl that is nowhere stiffer than elsewhere?
# 4. Choose "Momentum as a warm-up" and read how long the first step is.
# 5. Choose the step decay. Why does PyTorch's form end lower? Think of what each memory holds.

# %% [markdown] id="recap-cycle" item="08a.one_cycle" role="recap"
# **In two lines:** one cycle raises `lr` and lowers `beta`, up to the peak; then both turn round. Each goes from
# value to value along half a cosine.

# %% [markdown] id="cycle-text" item="08a.one_cycle" role="prompt"
# ## Exercise: one cycle at step t
#
# - **In:** `t`, from 0 to `steps - 1`; `steps`; `max_lr`. **Out:** `lr` and `beta` of update `t`.
# - Up to the peak, at `0.3 * steps - 1`: `lr` from `max_lr / 25` to `max_lr`, `beta` from 0.95 to 0.85.
# - Then to the last update, `steps - 1`: `lr` to its *first* value over 10000, `beta` to 0.95.
# - Between: `end + (start - end) * (1 + np.cos(np.pi * share)) / 2`, with `share` of the phase done.
#
# For example, with 100 steps and `max_lr` 1, updates 0, 29, 99 have `lr` 0.04, 1, 0.000004 and `beta` 0.95, 0.85,
# 0.95. Numbers count as right within one part in a million.


# %% id="cycle-answer" item="08a.one_cycle" role="answer"
def cycle_at(t, steps, max_lr):
    ### BEGIN SOLUTION
    peak, last, first = 0.3 * steps - 1, steps - 1, max_lr / 25
    share = t / peak if t <= peak else (t - peak) / (last - peak)
    half = (1 + np.cos(np.pi * share)) / 2
    if t <= peak:
        return max_lr + (first - max_lr) * half, 0.85 + 0.1 * half
    return first / 10_000 + (max_lr - first / 10_000) * half, 0.95 - 0.1 * half
    ### END SOLUTION


# %% id="cycle-check" item="08a.one_cycle" role="check"
check("08a.one_cycle")

# %% id="cycle-hint" item="08a.one_cycle" role="hint"
hint("08a.one_cycle")

# %% [markdown] id="batch-lead"
# ## And the batch size?
#
# "Small batches want a low `beta`, large ones a high one." The first lines are floors, for noise of variance 1 in one
# example, at curvature 1. The others come from the course's ledger, whose tests run them anew: steps to a fixed mean
# loss on a noisy quadratic in thirty directions, with `lr` tuned for each.

# %% id="batch"
from momentum_lab.claims import CLAIMS

for lr, b, size in ((0.1, 0.0, 1), (0.1, 0.9, 1), (0.01, 0.9, 1), (0.1, 0.9, 16)):
    print(f"lr {lr:<5} beta {b}  batch {size:2}: floor {noise_floor('heavy ball', lr, b, 1.0, 1 / size):.4f}")
(ledger,) = (claim.numbers for claim in CLAIMS if claim.id == 57)
for name, steps in ledger.items():
    if name.startswith("batch"):
        print(f"{name}: {steps}")

# %% [markdown] id="batch-said"
# A small batch does not ask for a low `beta` as such. With `beta` 0.9 the floor is 0.5135, and a smaller `lr` brings
# it to 0.0501, a batch of 16 to 0.0321. What amplifies is lr/(1 - beta), over the batch size.
#
# How much momentum gains is another matter. At batch 1000 the noise decides, and `beta` 0.9 saves one step in twenty,
# 6934 instead of 7307. At 100000 it takes 98 steps instead of 511. So the rule of thumb has a condition: momentum
# pays when the batch is so large that noise no longer sets the pace. And more is not always better, for at a million
# 0.8 takes 55 steps and 0.99 takes 820.

# %% [markdown] id="box"
# **Source.** In 2017 Goyal and others (arXiv 1706.02677) train on ImageNet in an hour, with batches of 8192. They warm
# up, since a large learning rate is trouble while the network changes rapidly. In 2018 Leslie Smith (arXiv 1803.09820)
# lets momentum fall while the learning rate rises; his evidence is experiments. On Adam: Liu and others (ICLR 2020).

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | log grid | values that grow by a factor, such as 0.01, 0.03, 0.1 |
# | effective learning rate | lr/(1 - beta): where a steady gradient of 1 takes the step in the end |
# | warm-up | a learning rate that rises over the first steps |
# | one cycle | `lr` up and `beta` down, then the reverse |
# | stiff | of high curvature |
# | noisy curvature | each gradient is multiplied by a random factor |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Four questions that many people get wrong. The learning rate is inside the velocity.

# %% id="quiz"
ask("08a.empty_velocity", "08a.high_beta", "08a.level", "08a.cycle_range")

# %% id="standing"
from momentum_lab.standing import standing

standing("08a")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - name a cause by its shape, and test it with one knob,
# - change `beta` and leave the effective learning rate alone,
# - say why a warm-up may rescue a run,
# - write one cycle, and say how far its steps really grow.
#
# **On Monday:** look at the shape before you touch anything. Then change one knob at a time, `lr` first, on a log grid
# wide enough to get worse on both sides.
#
# **Ask yourself:** every curve here came from a bowl or a line, but a network has thousands of directions, and nobody
# knows its kappa. Does any of this hold there? Lesson 08b tries it.

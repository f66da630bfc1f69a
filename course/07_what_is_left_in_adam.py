# %% [markdown] id="title"
# # 07 · What is left of momentum in Adam
#
# **60 minutes.** You need the average of lesson 02 with its correction, and from lesson 04 kappa and the twelve dots.
#
# At the end you can
#
# - say which part of Adam does what, and write its step from memory,
# - say why raising `beta1` does not lengthen Adam's step,
# - tell a valley that Adam cures from one that it does not,
# - tell AdaGrad, RMSProp, AdamW, Nadam and LAMB apart by one line each, and say which of them have momentum.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 07 · What is left of momentum in Adam
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("07")

# %% [markdown] id="units"
# ## One dial for two units
#
# Centre the twelve dots, and kappa is 1. Now write x in smaller units, say in centimetres and no longer in metres.
# Every x becomes a larger number, so the slope's gradient grows by that factor, and its curvature by the square of
# it, though no dot has moved.

# %% id="units-numbers"
from momentum_lab.optimizers import LAMB, AdaGrad, Adam, AdamW, GradientDescent, HeavyBall, Lion, Nadam, RMSProp
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic, twelve_dots

dots = twelve_dots(0.0)
for unit in (1, 10, 100):
    curvatures = np.diag(dots.hessian) * [1, unit**2]
    lr = 2 / curvatures.sum()  # the best one for gradient descent
    steps = run(GradientDescent(lr), Quadratic(curvatures), np.ones(2), 25_000).steps_to(distance=0.01)
    print(f"x times {unit:3}: kappa {curvatures[1]:6.0f}, best lr {lr:.4f}, home after {steps} steps")

# %% [markdown] id="units-said"
# One learning rate has to serve both directions. The one with the large numbers forces it down, and the other then
# takes 23026 steps for what takes a single step in the old units. Home means one hundredth of the starting distance,
# for good.
#
# You could change the units back. The methods of this lesson go another way: in each coordinate by itself they measure
# how large its gradients are, and divide by that.

# %% [markdown] id="adagrad"
# ## AdaGrad: add up all squares
#
# AdaGrad, by Duchi, Hazan and Singer, keeps the sum of all squared gradients in each coordinate, and divides by its
# root. The next cell makes a helper that feeds a rule with given gradients, as the memory bench did.


# %% id="fed"
def fed(rule, gradients, start=0.0):
    theta = start + np.zeros(np.size(gradients[0]))
    state, points = rule.init(theta), [theta]
    for g in gradients:
        theta, state = rule.step(theta, lambda _, g=g: np.atleast_1d(g), state)  # the same wherever it is asked
        points.append(theta)
    return np.array(points)


for g in (1.0, 100.0):
    way = -np.diff(fed(AdaGrad(0.1), np.full(100, g))[:, 0])
    print(f"gradient {g:3.0f}: steps 1, 4, 25, 100 are", np.round(way[[0, 3, 24, 99]], 4))

# %% [markdown] id="adagrad-said"
# The units are gone: a gradient of 100 makes the same steps as a gradient of 1. But the sum never shrinks. After `t`
# equal gradients its root is the gradient times the root of `t`, so the steps die out: 0.02 at step 25, 0.01 at step
# 100. Under noise, a fading step is what lets a run come to rest. A run that still has far to go is slowed down by
# it.

# %% [markdown] id="recap-adagrad" item="07.adagrad_step" role="recap"
# **In two lines:** AdaGrad keeps for each coordinate the sum `total` of all squared gradients, the newest included.
# It takes off `lr` times the gradient, divided by the root of that sum plus `eps`.

# %% [markdown] id="adagrad-text" item="07.adagrad_step" role="prompt"
# ## Exercise: one step of AdaGrad
#
# - **In:** `theta` and `total`, float arrays of one shape; `grad`, a function; `lr`; `eps`, which is added after the
#   root is taken.
# - **Out:** `theta` and `total` after one step. Leave the arrays that came in as they are.
#
# For example, `theta` 1, `total` 9, the gradient 4, `lr` 0.5 and `eps` 0 lead to 0.6 and 25.
# Numbers count as right within one part in a million.


# %% id="adagrad-answer" item="07.adagrad_step" role="answer"
def adagrad_step(theta, total, grad, lr, eps):
    g = grad(theta)
    ### BEGIN SOLUTION
    ### BLANK: total = ...
    ### BLANK: theta = ...
    total = total + g**2
    theta = theta - lr * g / (np.sqrt(total) + eps)
    ### END SOLUTION
    return theta, total


# %% id="adagrad-check" item="07.adagrad_step" role="check"
from momentum_lab.checks import check, hint

check("07.adagrad_step")

# %% id="adagrad-hint" item="07.adagrad_step" role="hint"
hint("07.adagrad_step")

# %% [markdown] id="rmsprop"
# ## RMSProp: forget the old ones
#
# RMSProp, from a lecture of Tieleman and Hinton, changes one thing. The sum becomes an average with a share `decay`,
# like the EMA of lesson 02, but of the squares, and what divides is its root: the root mean square, RMS.

# %% id="rmsprop-numbers"
way = -np.diff(fed(RMSProp(0.1, decay=0.9), np.full(100, 5.0))[:, 0])
print("a steady 5:     steps 1, 4, 25, 100 are", np.round(way[[0, 3, 24, 99]], 4))
way = -np.diff(fed(RMSProp(0.1, decay=0.9), [5.0] * 100 + [-5.0, 0.0])[:, 0])
print("then -5, then 0: the last two steps are", np.round(way[-2:] + 0, 4))

# %% [markdown] id="rmsprop-said"
# The steps no longer die out; they settle at `lr`. The first one is more than three times that long, because the
# average of squares starts at zero.
#
# Look at the last line too. When the gradient turns, the step turns at once, and when it vanishes, so does the
# step. A square has no sign, so this memory knows how large gradients were, and nothing of where they led.

# %% [markdown] id="recap-rmsprop" item="07.rmsprop_step" role="recap"
# **In two lines:** RMSProp is AdaGrad with an average in place of the sum: `s` keeps the share `decay` of itself, and
# the new square comes in with the rest of 1. There is no correction.

# %% [markdown] id="rmsprop-text" item="07.rmsprop_step" role="prompt"
# ## Exercise: one step of RMSProp
#
# - **In:** `theta` and `s`, float arrays of one shape; `grad`, a function; `lr`; `eps`, added after the root is
#   taken; `decay`.
# - **Out:** `theta` and `s` after one step. Leave the arrays that came in as they are.
#
# For example, `theta` 1, `s` 6, the gradient 2, `lr` 0.5, `eps` 0 and `decay` 0 lead to 0.5 and 4.
# Numbers count as right within one part in a million.


# %% id="rmsprop-answer" item="07.rmsprop_step" role="answer"
def rmsprop_step(theta, s, grad, lr, eps, decay):
    g = grad(theta)
    ### BEGIN SOLUTION
    ### BLANK: s = ...
    ### BLANK: theta = ...
    s = decay * s + (1 - decay) * g**2
    theta = theta - lr * g / (np.sqrt(s) + eps)
    ### END SOLUTION
    return theta, s


# %% id="rmsprop-check" item="07.rmsprop_step" role="check"
check("07.rmsprop_step")

# %% id="rmsprop-hint" item="07.rmsprop_step" role="hint"
hint("07.rmsprop_step")

# %% [markdown] id="adam"
# ## Adam: put a direction on top
#
# Adam, by Kingma and Ba, divides in the same way, but above the bar of the fraction too it has an average: `m`, of
# the gradients, with a share `beta1`. The average of the squares is called `s` here, with a share `beta2`. The next
# cell has the usual shares; it starts both averages at zero, feeds ones, and divides.

# %% id="uncorrected"
m = s = 0.0
lengths = []
for _ in range(1000):
    m, s = 0.9 * m + 0.1 * 1.0, 0.999 * s + 0.001 * 1.0**2
    lengths.append(m / np.sqrt(s))
for t in (1, 12, 50, 1000):
    print(f"step {t:4} over lr: {lengths[t - 1]:.3f}")
print("the longest is step", 1 + np.argmax(lengths))

# %% [markdown] id="uncorrected-said"
# The gradient never changes, and yet the first step is 3.162 times `lr`, and the twelfth 6.569 times. Both averages
# are too small at first, but the slow one below the bar is too small for much longer.
#
# The cure is the one of lesson 02: divide by what the weights make so far. Here it is as a derivation, for any average
# with a share beta; `G` is the steady gradient.

# %% id="correction"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["bias correction"]().fold(
    "Nothing yet, again", "A gradient that drifts", "Its average", "It lags behind, even corrected", "In the end"
)

# %% [markdown] id="correction-said"
# Adam does that to both averages. The derivation holds for a steady gradient; under one that drifts a lag remains, as
# the folded steps say. So the correction mends the start, and nothing else.
#
# The next derivation says what Adam's first step `d` comes to when both averages are corrected. In it `m_1` and `s_1`
# are the averages after one gradient, and `eps` is left out.

# %% id="first-step"
CATALOGUE["Adam's first step"]()

# %% id="first-step-numbers"
first = -fed(Adam(0.01), [np.array([0.0001, 50.0])])[-1]
print(f"lr 0.01, gradient 0.0001: first step {first[0]:.7f}")
print(f"lr 0.01, gradient 50:     first step {first[1]:.7f}")

# %% [markdown] id="first-step-said"
# Two gradients, one half a million times as large as the other, make one and the same first step. The tiny
# difference comes from `eps`, a small number below the bar that keeps the division finite.

# %% [markdown] id="recap-ablate" item="07.ablate" role="recap"
# **In two lines:** Adam's averages start at zero and take in the shares `1 - beta1` of a gradient and `1 - beta2` of
# its square. The step is `lr` times the first average over the root of the second.

# %% [markdown] id="ablate-text" item="07.ablate" role="prompt"
# ## Exercise: without correction
#
# Take both corrections away, and leave `eps` out. With `beta1` 0.8 and `beta2` 0.9999, how many times `lr` is the
# first step long?
#
# - **Hand in:** `times_too_long`, a positive number; within one part in a thousand is right.

# %% id="ablate-answer" item="07.ablate" role="answer"
### BEGIN SOLUTION
### BLANK: times_too_long = ...  # your number goes in the place of the dots
times_too_long = (1 - 0.8) / np.sqrt(1 - 0.9999)
### END SOLUTION

# %% id="ablate-check" item="07.ablate" role="check"
check("07.ablate")

# %% id="ablate-hint" item="07.ablate" role="hint"
hint("07.ablate")

# %% [markdown] id="order-lead"
# ## The step, line by line
#
# Put the lines of Adam in order. Then write them yourself, with all that has to be kept for the next step.

# %% id="order"
ask("07.order")

# %% [markdown] id="recap-adam" item="07.adam_step" role="recap"
# **In two lines:** Adam averages the gradients (`m`, share `beta1`) and their squares (`s`, share `beta2`), from zero.
# Its step is `lr` times corrected `m` over the root of corrected `s`; the correction divides by `1 - beta ** t`.

# %% [markdown] id="adam-text" item="07.adam_step" role="prompt"
# ## Exercise: one step of Adam
#
# - **In:** `theta`, `m`, `s`, float arrays of one shape; `t`, how many steps were made *before* this one; `grad`, a
#   function; `lr`, `beta1`, `beta2`; `eps`, added after the root of the corrected average is taken.
# - **Out:** `theta`, `m`, `s` and `t` after this step; `m` and `s` uncorrected, `t` one larger. Leave the arrays that
#   came in as they are.
#
# For example, `theta` 1, `m` 0, `s` 0, `t` 0, the gradient 2, `lr` 0.1, both betas 0.5 and `eps` 0 lead to 0.9, 1, 2
# and 1. Numbers count as right within one part in a million.


# %% id="adam-answer" item="07.adam_step" role="answer"
def adam_step(theta, m, s, t, grad, lr, beta1, beta2, eps):
    ### BEGIN SOLUTION
    g, t = grad(theta), t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    mean = m / (1 - beta1**t)
    square = s / (1 - beta2**t)
    theta = theta - lr * mean / (np.sqrt(square) + eps)
    return theta, m, s, t
    ### END SOLUTION


# %% id="adam-check" item="07.adam_step" role="check"
check("07.adam_step")

# %% id="adam-hint" item="07.adam_step" role="hint"
hint("07.adam_step")

# %% [markdown] id="same"
# ## Is it the same momentum?
#
# It is tempting to say that `m` is the velocity by another name. Both keep a share of the old, and both outlast a
# gradient. So feed both, first with ones, then with +1, -1, +1, and read the steps in units of `lr`.

# %% id="same-numbers"
ones, flips = np.ones(2000), (-1.0) ** np.arange(2000)
print("rule                  first   tenth   in the end   flipping   end / flipping")
for make, word in ((HeavyBall, "beta"), (Adam, "beta1")):
    for share in (0.9, 0.99):
        steady, swings = (np.abs(np.diff(fed(make(0.1, share), g)[:, 0])) / 0.1 for g in (ones, flips))
        end, flip, name = steady[-1], swings[-1], f"{make.name}, {word} {share}"
        print(f"{name:22}{steady[0]:5.2f}{steady[9]:8.2f}{end:13.2f}{flip:11.4f}{end / flip:17.0f}")


# %% [markdown] id="same-said"
# The heavy ball's steps grow, with `beta` 0.99 to 100 times `lr`. Adam's are as long as `lr` from the first one on,
# with either `beta1`: an average of ones is one, however long its memory, and the ratio divides the size away. So
# raising `beta1` does not lengthen the step.
#
# Now read the last column: steady over flipping is 19 for both at 0.9, and 199 for both at 0.99. Both are the same
# sieve, which lets a steady push through and holds a flipping one back. What is gone is the gain.
#
# These gradients were given; in a run of its own a longer memory still comes late, and swings wider.

# %% [markdown] id="bet"
# ## Two valleys of one kappa
#
# Now to what the division is for. Below are two valleys with the same kappa, and each start lies equally far from the
# minimum along the valley and across it. One is long because of bad units, and it runs along an axis. The other is
# long because the dots lie far from x = 0, and it runs across both axes. To the heavy ball they are one and the same.
#
# Make up your mind first: will Adam walk both alike, or one of them faster, and which one?

# %% id="autopsy"
from momentum_lab.explorers import autopsy

autopsy()

# %% [markdown] id="autopsy-tasks"
# 1. Move the middle of the dots to 5 and to 10. Which lane changes, and which does not?
# 2. Move it to 0. What becomes of the two lanes?
# 3. Go back to 2.846 and choose "no correction". Find 3.16 and 6.57 on the left.
# 4. Choose "no second average", then "no first average". Which lane suffers from each?
# 5. Choose "Adam" and move `beta1` to 0.99. What does the first step do, and what do the lanes?

# %% [markdown] id="table-lead"
# One learning rate proves little, so the next cell counts for three of them. The heavy ball has its best settings of
# lesson 04, which are made from kappa.

# %% id="valleys"
from momentum_lab.explorers.autopsy import PARTS, valleys
from momentum_lab.theory import best_settings

print("kappa  valley   Adam, lr 0.05    0.1    0.2   heavy ball")
for middle in (np.sqrt(8.1), 5.0, 10.0):
    for name, (valley, start) in valleys(middle).items():
        best = best_settings("heavy ball", *valley.eigenvalues)
        rules = Adam(0.05), Adam(0.1), Adam(0.2), HeavyBall(best.lr, best.beta)
        steps = [run(rule, valley, start, 4000).steps_to(distance=0.01) for rule in rules]
        print(f"{valley.kappa:5.0f}  {name:6}{steps[0]:16}{steps[1]:7}{steps[2]:7}{steps[3]:13}")

# %% [markdown] id="valleys-said"
# With bad units kappa does not matter to Adam: 79 steps at 0.1, whatever kappa is. With a bad origin the count grows
# from 255 to 2328, and it grows at the other rates too. The heavy ball takes 577 in either at the largest kappa.
#
# So neither wins everywhere. A larger rate helps in the bad origin up to a point, but beyond 0.2 some runs no longer
# settle. These are two directions without noise, watched for 4000 steps. Much later Adam with a constant rate can
# leave the minimum again for a while, when `s` has faded.
#
# **Adam cures bad units. It does not cure a bad origin.**

# %% [markdown] id="why"
# ## Why it cannot turn a valley
#
# Adam has one scale for each coordinate. It can stretch intercept and slope, each by itself, but it cannot mix them.
# Scale each coordinate so that its own curvature is 1, which for two coordinates is the best that stretching can do.
# The next cell prints the kappa that is left.

# %% id="why-numbers"
print("middle of the dots   kappa   kappa after stretching")
for middle in (0.0, np.sqrt(8.1), 5.0, 10.0):
    hessian = twelve_dots(middle).hessian
    stretch = 1 / np.sqrt(np.diag(hessian))
    print(f"{middle:12.3f}{np.linalg.cond(hessian):14.0f}{np.linalg.cond(hessian * np.outer(stretch, stretch)):12.0f}")

# %% [markdown] id="why-said"
# Stretching takes 10402 down to 402, which is still a long valley, and centring takes it down to 1. With bad units
# alone the valley lies along an axis, and stretching makes it round. This stretch is made from the curvature; Adam's
# is made from gradients, and changes as the run goes on.
#
# It is tempting to say that Adam makes centring and scaling unnecessary. It does divide out how large the gradients
# are. Where inputs have a mean far from zero, or say nearly the same thing twice, the valley lies across the axes,
# and there it stops. To see it, move the middle of the dots.
#
# One more thing the ratio cannot know: how far there is to go.

# %% id="far"
for far in (0.1, 1.0, 10.0):
    alone = run(Adam(0.01), Quadratic([1.0]), np.array([far]), 4000)
    print(f"lr 0.01, {far:4} to go: home after {alone.steps_to(distance=0.01)} steps")

# %% [markdown] id="far-said"
# Adam's `lr` is a length in the units of theta. In the two valleys every coordinate had about 1 to go. If one had ten
# times as far as the others, no single `lr` would suit them all. That is why scaling pays with Adam too.

# %% [markdown] id="parts"
# ## Which part does the work?
#
# Take the parts out one by one, at kappa 100, and count within the 400 steps of the picture.

# %% id="parts-numbers"
rates = np.geomspace(0.001, 3, 80)[:, np.newaxis]
print("what is left           units: lr 0.1, best lr   origin: lr 0.1, best lr")
for name, part in PARTS.items():
    counts = []
    for valley, start in valleys(np.sqrt(8.1)).values():
        grid = run(part(rates), valley, start + np.zeros((80, 2)), 400).steps_to(distance=0.01)
        counts += [run(part(0.1), valley, start, 400).steps_to(distance=0.01), grid[grid > 0].min()]
    print(f"{name:20}{counts[0]:14}{counts[1]:10}{counts[2]:17}{counts[3]:10}")

# %% [markdown] id="parts-said"
# With bad units the division does the work. Without the first average the run is even shorter, 25 steps where whole
# Adam takes 79, because there is nothing to sieve out, and `m` only comes late.
#
# With a bad origin it is the other way round. There the first average does the work: 83 steps at the best rate, and
# 194 without it. Without the second average a heavy ball is left, and it takes 85, so at this kappa the division
# brings next to nothing.
#
# That is what is left of momentum in Adam: a sieve, and it is needed where stretching does not help. Noise,
# which it sieves too, is not in these runs.

# %% [markdown] id="adamw"
# ## AdamW: decay by itself
#
# Weight decay pulls every weight towards zero, by a share. One way is an L2 penalty: `weight_decay` times the weight
# is added to the gradient, and in Adam the sum goes through the ratio. AdamW, by Loshchilov and Hutter, keeps the
# decay out of the gradient.
#
# Below, two weights start at 1, and their gradients flip their sign, so that only the decay pulls in one direction.

# %% id="adamw-numbers"
flips = (-1.0) ** np.arange(3000)[:, np.newaxis] * [10.0, 0.01]
print("after 3000 steps    gradients of 10   gradients of 0.01")
for rule, name in ((Adam(0.001, weight_decay=0.1), "Adam with L2"), (AdamW(0.001, weight_decay=0.1), "AdamW")):
    large, small = fed(rule, flips, start=1.0)[-1]
    print(f"{name:12}{large:20.3f}{small:20.3f}")
print(f"decay alone {(1 - 0.001 * 0.1) ** 3000:20.3f}")

# %% [markdown] id="adamw-said"
# Through the ratio, the decay is divided by the size of the gradients. So the weight with the large gradients keeps
# 0.969 of itself, and the other one nothing that three digits show. In AdamW both keep 0.740, close to what decay
# alone would leave, 0.741.

# %% [markdown] id="recap-adamw" item="07.adamw" role="recap"
# **In two lines:** AdamW computes Adam's direction from the plain gradient. Then theta loses `lr` times that
# direction, and besides `lr` times `weight_decay` times itself.

# %% [markdown] id="adamw-text" item="07.adamw" role="prompt"
# ## Exercise: decay by itself
#
# Adam's averages and its direction are there. The first and the last line of the step are missing.
#
# - **In:** as in Adam, with `t` steps made before; and `weight_decay`.
# - **Out:** `theta`, `m`, `s` and `t` after this step. Leave the arrays that came in as they are.
#
# For example, `theta` 2, `m` 0, `s` 0, `t` 0, the gradient 4, `lr` 0.1, both betas 0.5, `eps` 0 and `weight_decay`
# 0.5 lead to `theta` 1.8. Numbers count as right within one part in a million.


# %% id="adamw-answer" item="07.adamw" role="answer"
def adamw_step(theta, m, s, t, grad, lr, beta1, beta2, eps, weight_decay):
    ### BEGIN SOLUTION
    ### BLANK: g = ...
    g = grad(theta)
    ### END SOLUTION
    t, m, s = t + 1, beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    direction = m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
    ### BEGIN SOLUTION
    ### BLANK: theta = ...
    theta = theta - lr * (direction + weight_decay * theta)
    ### END SOLUTION
    return theta, m, s, t


# %% id="adamw-check" item="07.adamw" role="check"
check("07.adamw")

# %% id="adamw-hint" item="07.adamw" role="hint"
hint("07.adamw")

# %% [markdown] id="nadam"
# ## Nadam: look ahead in the average
#
# Nesterov's idea in lesson 05a was to act on where the memory leads. Nadam, by Dozat, does that inside Adam: the
# average counts as it will at the next step, and the new gradient counts right now. The next cell writes that
# direction out for gradients of 1, where `s` drops out, and compares it with the library.

# %% id="nadam-numbers"
b1, m = 0.9, 0.0
way = -np.diff(fed(Nadam(1.0), np.ones(50))[:, 0])
for t in range(1, 51):
    m = b1 * m + (1 - b1) * 1.0
    ahead = b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * 1.0 / (1 - b1**t)
    if t in (1, 2, 5, 50):
        print(f"step {t:2} over lr: by hand {ahead:.4f}, library {way[t - 1]:.4f}")
for rule in (Adam(0.1), Nadam(0.1)):
    alone = run(rule, Quadratic([1.0]), np.ones(1), 400)
    home = alone.steps_to(distance=0.01)
    print(f"{rule.name:5} in one direction: overshoots to {alone.thetas.min():.3f}, home at {home}")

# %% [markdown] id="nadam-said"
# On one noiseless direction, with `lr` 0.1, it swings less far past, -0.213 where Adam has -0.273, and is home at
# step 62 where Adam needs 79. Its first step is 1.4737 times `lr`: the correction makes each average right by itself,
# but not what is put together from a part of each.
#
# PyTorch and Keras have another variant, in which `beta1` grows with `t`.

# %% [markdown] id="recap-nadam" item="07.nadam" role="recap"
# **In two lines:** with gradients of 1, Nadam's step over `lr` is `beta1 * m / (1 - beta1**(t + 1))` plus
# `(1 - beta1) / (1 - beta1**t)`. The average `m` starts at zero and has taken in `t` gradients.

# %% [markdown] id="nadam-text" item="07.nadam" role="prompt"
# ## Exercise: Nadam's first step
#
# How many times `lr` is Nadam's first step, for any `beta1`? Write it with the symbol `b1`, for example
# `1 - b1`. It is meant without `eps`, for a gradient of 1.
#
# - **Hand in:** `first_step_over_lr`, an expression in `b1`. It is compared at several exact values, so any way of
#   writing it counts.

# %% id="nadam-answer" item="07.nadam" role="answer"
import sympy

b1 = sympy.Symbol("beta1")
### BEGIN SOLUTION
### BLANK: first_step_over_lr = ...
first_step_over_lr = 1 + b1 / (1 + b1)
### END SOLUTION

# %% id="nadam-check" item="07.nadam" role="check"
check("07.nadam")

# %% id="nadam-hint" item="07.nadam" role="hint"
hint("07.nadam")

# %% [markdown] id="lamb"
# ## LAMB: a step in units of the layer
#
# A network has layers whose weights differ much in size. LAMB, by You and others, makes AdamW's update, here called
# `u`. Then it stretches `u`, once for each layer, until it is as long as the layer's weights; the factor is called
# the trust ratio.
#
# In our library the whole of theta is one layer. So below, two layers are two rows, that is two runs at once.

# %% id="lamb-numbers"
layers = np.array([[3.0, 4.0], [0.03, 0.04]])
same = lambda theta: np.array([[1.0, -50.0], [1.0, -50.0]])  # noqa: E731
print("first step over length of the layer, lr 0.1")
for rule in (Adam(0.1), LAMB(0.1)):
    after, _ = rule.step(layers, same, rule.init(layers))
    share = np.linalg.norm(after - layers, axis=1) / np.linalg.norm(layers, axis=1)
    print(f"{rule.name:4}: layer of length 5 {share[0]:6.3f}, layer of length 0.05 {share[1]:6.3f}")

# %% [markdown] id="lamb-said"
# Adam moves the small layer by 2.828 times its own length, and the large one hardly at all. LAMB moves each by a tenth
# of its length. Where the weights or the update have length zero there is no ratio, and the step is made without it.

# %% [markdown] id="recap-lamb" item="07.lamb" role="recap"
# **In two lines:** LAMB multiplies the update `u` of a layer by the length of its weights over the length of `u`. The
# length is the root of the sum of squares; where one of the two is zero, the factor is 1.

# %% [markdown] id="lamb-text" item="07.lamb" role="prompt"
# ## Exercise: the trust ratio
#
# - **In:** `theta`, the weights of one layer, a float array with one axis; `u`, its update, Adam's direction and decay
#   together; `lr`.
# - **Out:** `theta` after the step. Leave the arrays that came in as they are.
#
# For example, `theta` (3, 4), `u` (0, 2) and `lr` 0.1 lead to (3, 3.5). From (0, 0) the same `u` leads to
# (0, -0.2). Numbers count as right within one part in a million.


# %% id="lamb-answer" item="07.lamb" role="answer"
def lamb_step(theta, u, lr):
    ### BEGIN SOLUTION
    weights, update = np.linalg.norm(theta), np.linalg.norm(u)
    trust = weights / update if weights > 0 and update > 0 else 1.0
    return theta - lr * trust * u
    ### END SOLUTION


# %% id="lamb-check" item="07.lamb" role="check"
check("07.lamb")

# %% id="lamb-hint" item="07.lamb" role="hint"
hint("07.lamb")

# %% [markdown] id="who-lead"
# ## Who has momentum?
#
# One push tells them apart: give each rule one gradient of 1, then a gradient of zero, and see what moves on.

# %% id="who"
rules = [
    GradientDescent(0.1), HeavyBall(0.1, 0.9), AdaGrad(0.1), RMSProp(0.1), RMSProp(0.1, momentum=0.9), Adam(0.1),
    AdamW(0.1, weight_decay=0.0), Nadam(0.1), LAMB(0.1, weight_decay=0.0),
]  # fmt: skip
print("rule               first step   second step   moves on")
for rule in rules:
    one, two = -np.diff(fed(rule, [1.0, 0.0], start=1.0)[:, 0]) + 0
    name = rule.name + (", momentum" if getattr(rule, "momentum", 0) else "")
    print(f"{name:20}{one:10.3f}{two:14.3f}   {'yes' if two else 'no'}")

# %% [markdown] id="who-said"
# AdaGrad and plain RMSProp stand still, because they have no momentum. In PyTorch, too, RMSProp's `momentum` is 0
# unless you ask for it. Adam, AdamW, Nadam and LAMB move on.
#
# Memory of direction is one thing, the scale another. Here is the family, each with its own line.

# %% [markdown] id="family"
# | rule | memory of direction | divides by | its own line |
# |---|---|---|---|
# | AdaGrad | none | root of the sum of squares | never forgets |
# | RMSProp | none by default | RMS | forgets |
# | Adam | `m`, corrected | RMS, corrected | both averages corrected |
# | AdamW | as Adam | as Adam | decay outside the ratio |
# | Nadam | `m`, one step ahead | as Adam | the new gradient counts now |
# | LAMB | as Adam | as Adam, then scaled | one trust ratio for a layer |

# %% [markdown] id="lion-box"
# ## A box: only the sign
#
# Lion, by Chen and others, keeps one average and no squares. It mixes the average with the new gradient, and uses
# only the sign of the mixture. Which way it steps is momentum's affair; how far it steps is up to `lr` alone.
#
# Muon, a later relative, is not treated in this course.

# %% id="lion"
gradients = [1.0, 0.5, -0.2, 0.1, 0.3, -20.0]
print("gradients:", gradients)
print("steps:    ", np.round(-np.diff(fed(Lion(0.1), gradients)[:, 0]), 3).tolist())

# %% [markdown] id="box"
# **Source.** Kingma and Ba (ICLR 2015, arXiv 1412.6980) present Adam as a method that joins the advantages of AdaGrad
# and RMSProp, and suggest 0.001, 0.9, 0.999 and 1e-8. Their proof of convergence has a gap: Reddi, Kale and Kumar
# (ICLR 2018) give a convex problem on which Adam does not converge.

# %% [markdown] id="box-family"
# **Source.** AdaGrad: Duchi, Hazan, Singer (JMLR 12, 2011). RMSProp: Tieleman, Hinton (Coursera lecture 6.5, 2012, not
# re-read). Nadam: Dozat (ICLR 2016 workshop). AdamW: Loshchilov, Hutter (ICLR 2019). LAMB: You and others (ICLR 2020).
# Lion: Chen and others (arXiv 2302.06675, 2023, not re-read).

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | root mean square, RMS | root of an average of squares: a typical size |
# | first moment, `m` | average of the gradients, with their signs |
# | second moment, `s` | average of the squared gradients; the paper's v |
# | `beta1`, `beta2` | shares of `m` and `s` that survive a step |
# | `eps` | keeps the division finite |
# | bad units, bad origin | valley along an axis; across the axes |
# | L2, decoupled decay | decay inside the gradient; beside the step |
# | trust ratio | length of a layer's weights over that of its update |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Four questions that many people get wrong, about runs without noise.

# %% id="quiz"
ask("07.constant", "07.who", "07.units", "07.decay")

# %% id="standing"
from momentum_lab.standing import standing

standing("07")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - write Adam, and say what each of its parts does,
# - say which valley it cures, and which it does not,
# - tell its relatives apart, and name those that have momentum.
#
# **On Monday:** centre and scale your inputs, even when you use Adam. If you change `beta1`, leave `lr` alone: there
# is no gain 1/(1 - beta) to take out of it. For weight decay take AdamW, and not Adam with an L2 penalty.
#
# **Ask yourself:** Adam alone has a learning rate, two betas and an `eps`; a schedule and a batch size come on top.
# When a curve looks wrong, which knob do you turn first? Lesson 8 reads it off the curve.

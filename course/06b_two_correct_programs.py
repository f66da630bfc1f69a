# %% [markdown] id="title"
# # 06b · Two correct programs, different numbers
#
# **45 minutes.** You need the velocity of lesson 02, and for one section the lookahead of lesson 05a. PyTorch is not
# needed.
#
# At the end you can
#
# - say which of two memories a program keeps, and when the difference shows,
# - work out what a change of the learning rate does in each, and repair it,
# - carry a run over from one program into another,
# - say what the five parameters of PyTorch's SGD do, and write its rule yourself,
# - read a PyTorch training loop line by line.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 06b · Two correct programs, different numbers
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("06b")

# %% [markdown] id="one-line"
# ## One line, two programs
#
# Two people fit a line to the twelve dots of lesson 01, with the same settings.

# %% id="settings"
from momentum_lab.surfaces import twelve_dots

grad, beta = twelve_dots().grad, 0.9
rates = 20 * [0.1] + 980 * [0.01]  # the lr of each step

# %% [markdown] id="bet"
# One program adds `lr` times the gradient to its velocity. The other adds the gradient alone to what PyTorch calls a
# buffer, and multiplies by `lr` when it steps. After step 20 both lower `lr` from 0.1 to 0.01.
#
# Make up your mind before you read on: is the step after that as long in one program as in the other?

# %% id="by-hand"
inside, outside = np.zeros(2), np.zeros(2)
velocity, buffer = np.zeros(2), np.zeros(2)
for step, lr in enumerate(rates, start=1):
    velocity = beta * velocity + lr * grad(inside)
    inside = inside - velocity
    buffer = beta * buffer + grad(outside)
    outside = outside - lr * buffer
    if step in (1, 10, 20, 21, 22, 40, 100, 1000):
        print(f"step {step:4}: the slope of the line is {inside[1]:.3f} and {outside[1]:.3f}")

# %% [markdown] id="by-hand-said"
# For 20 steps the programs agree to the last digit shown. One step later they are at 1.729 and 1.576, and after 100
# steps at 1.305 and 1.249, although in the end both fit the same line.
#
# Nobody touched a program, and no gradient was noisy. Who is wrong?
#
# ## At full speed
#
# Take the dots away, and let the gradient be 1 for ever. After a long time with `lr` 0.1 the velocity is 1 and the
# buffer is 10, so both programs take steps of length 1, their full speed. Now `lr` drops to 0.01.

# %% id="full-speed"
velocity, buffer, lr, extra = 1.0, 10.0, 0.01, 0.0
for step in range(1, 401):
    velocity = 0.9 * velocity + lr * 1
    buffer = 0.9 * buffer + 1
    extra = extra + velocity - lr * buffer
    if step in (1, 2, 3, 42, 43, 400):
        print(f"step {step:3}: inside {velocity:.4f}   outside {lr * buffer:.4f}   farther in all {extra:.4f}")

# %% [markdown] id="full-speed-said"
# PyTorch's next step is 0.1, ten times as short. The other program takes 0.9100, then 0.8290, then 0.7561. It needs 43
# steps to come within a tenth of 0.1, and travels 8.1 farther in all.
#
# So nobody is wrong. One memory holds `lr` times the gradient, the other holds the gradient. A new `lr` reaches
# everything that the buffer remembers, since it is multiplied afterwards, while the velocity keeps each gradient at
# the `lr` under which it came in.
#
# ## Move it
#
# The translator runs both. Its ball starts at rest, so at the change it is not quite at full speed.

# %% id="translator"
from momentum_lab.explorers import translator

translator()

# %% [markdown] id="translator-tasks"
# 1. Press "Equal learning rates". Move `beta`: can you part the programs now?
# 2. Set both rates back, to 0.1 and 0.01, and let `lr` change earlier. What becomes of the gap, and why?
# 3. Make the learning rate rise: 0.01 before, 0.1 after. Which program follows at once?
# 4. Choose the twelve dots and a change at step 20. Does the gap stay?
# 5. Choose "momentum correction", and read the last sentence. Then lift the dampening a little.

# %% [markdown] id="tempting-equal"
# It is tempting to call the two forms equivalent, because every run with one learning rate confirms it. They are, for
# any gradients, as long as `lr` stays as it is, both start at rest, and neither dampens or decays. Every schedule
# ends that: a drop, a warm-up, a cosine. Move the step of the change to see where.
#
# How large is the difference? In the derivation eta 1 is the rate before the change, eta 2 the one after, and `B` the
# buffer right before. It holds for any `beta` between 0 and 1, if both programs meet the same gradients after the
# change.

# %% id="changing"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["changing the rate"]().fold("All differences together, up to t")

# %% [markdown] id="changing-said"
# Check it with the numbers above: 0.1 minus 0.01, times 10, times 0.9, over 0.1, is 8.1. The first difference
# is 0.09 times 9, which is 0.81: the 0.91 less the 0.1.
#
# The law does not say what happens where the gradients depend on the place. On the dots the programs
# parted, met other gradients, and came together again.
#
# ## Momentum correction
#
# The last step of the derivation is a cure for the plain rule, without `nesterov`. When `lr` changes, multiply the
# velocity by the new rate over the old one, once.

# %% id="corrected"
inside = outside = velocity = buffer = np.zeros(2)
before, apart = rates[0], 0.0
for lr in rates:
    velocity, before = velocity * lr / before, lr  # the cure: 1 times, where nothing changes
    velocity = beta * velocity + lr * grad(inside)
    inside = inside - velocity
    buffer = beta * buffer + grad(outside)
    outside = outside - lr * buffer
    apart = max(apart, abs(inside - outside).max())
print("apart by more than 1e-12 at any of 1000 steps:", apart > 1e-12)

# %% [markdown] id="gap-lead"
# Now the same as a line of code, for any change.

# %% id="gap"
ask("06b.correction")

# %% [markdown] id="recap-drop" item="06b.lr_drop" role="recap"
# **In two lines:** after a drop of `lr` a velocity with `lr` inside still carries what the old rate put in. It keeps
# the share `beta` of that at every step, while a buffer with `lr` outside follows at once.

# %% [markdown] id="drop-text" item="06b.lr_drop" role="prompt"
# ## Exercise: how much farther?
#
# The gradient is 1 for ever, `beta` is 0.8, and both programs are at full speed. Then `lr` drops from 0.2 to 0.05. How
# much farther does the program with `lr` inside travel in the end, compared with PyTorch's?
#
# - **Hand in:** `farther`, a number; within one part in a thousand is right.

# %% id="drop-answer" item="06b.lr_drop" role="answer"
### BEGIN SOLUTION
### BLANK: farther = ...  # your number goes in the place of the dots
farther = (0.2 - 0.05) * 5 * 0.8 / (1 - 0.8)
### END SOLUTION

# %% id="drop-check" item="06b.lr_drop" role="check"
from momentum_lab.checks import check, hint

check("06b.lr_drop")

# %% id="drop-hint" item="06b.lr_drop" role="hint"
hint("06b.lr_drop")

# %% [markdown] id="third-form"
# ## A third memory
#
# In lesson 02 you met an average as well, which gives the new gradient the share `1 - beta`. In the derivation `m` is
# that average, and `v` is the sum of gradients, which is PyTorch's buffer.

# %% id="average"
CATALOGUE["average and sum"]().fold("The average starts at zero", "The sum starts at zero")

# %% [markdown] id="average-said"
# So the same number for `lr` can mean three things. Inside and outside take the same steps until it changes, and an
# average takes steps that are shorter by the factor 1 - beta. To carry a run over, you change the settings and the
# memory, so that the next step and all later ones come out the same.

# %% [markdown] id="recap-convert" item="06b.convert" role="recap"
# **In two lines:** PyTorch keeps `buffer = beta * buffer + g` and steps by `-lr * buffer`. Others keep `lr` times that
# sum, with either sign, or `1 - beta` times that sum.

# %% [markdown] id="convert-text" item="06b.convert" role="prompt"
# ## Exercise: carry a run over
#
# A run stops, and PyTorch goes on with it. Which `lr` and buffer make the same steps, at constant settings?
#
# - **In:** `form`, a text; `lr`; `beta`; `memory`, an array.
# - **Out:** `lr` and `buffer` for PyTorch.
#
# The old program, memory and step:
#
# - `"inside"`: `v = beta*v + lr*g`; `theta - v`,
# - `"Keras"`: `v = beta*v - lr*g`; `theta + v`,
# - `"average"`: `m = beta*m + (1-beta)*g`; `theta - lr*m`.
#
# For example, "inside" with `lr` 0.1 and the memory 0.5 gives 0.1 and 5. Numbers count as right within
# one part in a million.


# %% id="convert-answer" item="06b.convert" role="answer"
def to_pytorch(form, lr, beta, memory):
    ### BEGIN SOLUTION
    if form == "inside":
        return lr, memory / lr
    if form == "Keras":
        return lr, -memory / lr
    return (1 - beta) * lr, memory / (1 - beta)
    ### END SOLUTION


# %% id="convert-check" item="06b.convert" role="check"
check("06b.convert")

# %% id="convert-hint" item="06b.convert" role="hint"
hint("06b.convert")

# %% [markdown] id="libraries"
# ## What is your `lr` here?
#
# Here is what three libraries do, with `x` for theta, `m` for momentum and `g` for the gradient.
#
# | | PyTorch `SGD` and Optax `sgd` | Keras `SGD` |
# |---|---|---|
# | memory | `b = m*b + g` | `v = m*v - lr*g` |
# | step | `x = x - lr*b` | `x = x + v` |
# | `lr` is | outside | inside |
# | `nesterov` steps by | `-lr*(g + m*b)` | `m*v - lr*g` |
# | weight decay | PyTorch: through the memory; Optax: none of its own | beside the memory |

# %% [markdown] id="five-lead"
# The next cell feeds five gradients to both kinds, with a drop of `lr` before the third. The formulas are
# the table's, and the tests of this course hold our rules against recorded runs of the libraries.

# %% id="five-gradients"
x_keras = x_torch = 1.0
v = b = 0.0
for step, g in enumerate((1.0, 0.5, -0.2, 0.1, 0.3), start=1):
    lr = 0.1 if step < 3 else 0.01
    v = 0.9 * v - lr * g
    x_keras = x_keras + v
    b = 0.9 * b + g
    x_torch = x_torch - lr * b
print(f"PyTorch 2.13 and Optax 0.2.8: {x_torch:.6f}     Keras 3.15: {x_keras:.6f}")

# %% [markdown] id="five-gradients-said"
# From 1, two libraries come to 0.726374 and the third to 0.419060, and each does what it says it does. The versions
# matter: these are the ones whose sources were read and whose runs were recorded.
#
# ## PyTorch's five parameters
#
# Our copy of PyTorch's rule has its defaults. The cell also asks for two things that PyTorch refuses.

# %% id="five"
from momentum_lab.optimizers import Nesterov, TorchSGD
from momentum_lab.slips import Slip

print(TorchSGD())
for settings in ({"momentum": 0.0}, {"momentum": 0.9, "dampening": 0.5}):
    try:
        TorchSGD(0.1, nesterov=True, **settings)
    except Slip as refusal:
        print(settings, "->", refusal)

# %% [markdown] id="five-table"
# | parameter | default | what it does |
# |---|---|---|
# | `lr` | 0.001 | multiplies at the step; older versions required a value |
# | `momentum` | 0 | the share of the buffer that survives; 0 means no buffer |
# | `dampening` | 0 | the share of each later gradient that is left out |
# | `nesterov` | False | steps by `g + momentum * buffer`; needs momentum, and no dampening |
# | `weight_decay` | 0 | adds `weight_decay * theta` to the gradient, first of all |

# %% [markdown] id="odd-first"
# PyTorch has a few more switches, which change other things. Three of these five hide a surprise.
#
# ## The odd first step
#
# With a dampening of 0.9 each gradient should enter at a tenth of its size. Watch the first one.

# %% id="dampening"
from momentum_lab.running import iterate
from momentum_lab.surfaces import Quadratic

pushes = [lambda theta, g=g: np.array([g]) for g in (3.0, 1.0, 1.0, 1.0)]
average = 0.0
path = list(iterate(TorchSGD(1.0, momentum=0.9, dampening=0.9), pushes, np.zeros(1)))
for (_, state), g in zip(path[1:], (3.0, 1.0, 1.0, 1.0), strict=True):
    average = 0.9 * average + 0.1 * g
    print(f"gradient {g}: buffer {state.buffer[0]:.3f}   average from zero {average:.3f}")

# %% [markdown] id="dampening-said"
# The first gradient enters whole: the buffer starts as 3.000, where the average starts as 0.300. After that both take
# a tenth of each gradient. So dampening equal to momentum is an average that starts at the first gradient, and
# forgets it slowly.
#
# ## What `nesterov=True` stores
#
# Run the textbook rule and PyTorch's on a bowl with the gradient `theta`, from 1, with `lr` 0.1 and momentum 0.9.

# %% id="stored"
bowl = Quadratic([1.0])
lookahead = [theta - 0.9 * state.velocity for theta, state in iterate(Nesterov(0.1, 0.9), 4 * [bowl.grad], np.ones(1))]
textbook = [theta for theta, _ in iterate(Nesterov(0.1, 0.9), 4 * [bowl.grad], np.ones(1))]
stored = [theta for theta, _ in iterate(TorchSGD(0.1, 0.9, nesterov=True), 4 * [bowl.grad], np.ones(1))]
for name, points in (("textbook theta", textbook), ("its lookahead ", lookahead), ("PyTorch       ", stored)):
    print(name, *(f"{point[0]:8.4f}" for point in points))

# %% [markdown] id="stored-said"
# PyTorch's 0.8100 and 0.5751 are no mistake. What it stores, and what it evaluates your loss at, is the
# lookahead. The next derivation shows it for every function, at constant settings; `phi` is the point ahead.

# %% id="point-ahead"
CATALOGUE["point ahead"]()

# %% [markdown] id="decay"
# ## Decay through the buffer
#
# Weight decay pulls every weight towards zero. In PyTorch it joins the gradient, and so it is remembered like one. Take
# a weight of 1 whose loss has no slope at all, so that nothing but a small decay moves it.

# %% id="decay-numbers"
x, b, apart = 1.0, 0.0, 1.0
for _ in range(1000):
    b = 0.9 * b + 0.0005 * x
    x = x - 0.1 * b
    apart = apart - 0.1 * 0.0005 * apart
print(f"after 1000 steps: through the buffer {x:.6f}, beside it {apart:.6f}")
print(f"ratio of the two decays: {np.log(x) / np.log(apart):.1f}")

# %% [markdown] id="decay-said"
# It is tempting to say that each step takes off `lr` times the decay. Beside the memory that is so. Through the
# buffer, without any other gradient, it is about 1/(1 - beta) times as much, here 10.0 times: 0.607841 is left and not
# 0.951228. Raise the decay in the translator to see the paths part before `lr` changes.
#
# The derivation says where the factor comes from; `d` is `lr` times the decay.

# %% id="two-decays"
CATALOGUE["weight decay"]().fold("How we came here", "What a step forgets")

# %% [markdown] id="recap-sgd" item="06b.sgd_torch" role="recap"
# **In two lines:** PyTorch's SGD adds the decay to the gradient, then the gradient to the buffer; the very first one
# enters whole. It steps by `lr` times the buffer, or with `nesterov` by `lr` times `g + momentum * buffer`.

# %% [markdown] id="sgd-text" item="06b.sgd_torch" role="prompt"
# ## Exercise: PyTorch's SGD
#
# Write what happens in one step.
#
# - **In:** `theta`, a float array; `grad`, a function; `rates`, the `lr` of each step; `momentum`, `dampening`,
#   `nesterov`, `weight_decay`.
# - **Out:** the first point and the point after each step, as the given frame collects them.
# - `buffer` is `None` until the first gradient has come. With `momentum` 0 there is no buffer and no dampening.
#   Leave `theta` as it is.
#
# For example, from 1 with the gradient equal to `theta`, two rates of 0.1, `momentum` 0.9 and `dampening` 0.5: 1, 0.9,
# 0.765. Numbers count as right within one part in a million.


# %% id="sgd-answer" item="06b.sgd_torch" role="answer"
def torch_points(theta, grad, rates, momentum, dampening, nesterov, weight_decay):
    buffer, points = None, [theta]
    for lr in rates:
        ### BEGIN SOLUTION
        g = grad(theta) + weight_decay * theta
        if momentum:
            buffer = g if buffer is None else momentum * buffer + (1 - dampening) * g
            g = g + momentum * buffer if nesterov else buffer
        theta = theta - lr * g
        ### END SOLUTION
        points.append(theta)
    return np.array(points)


# %% id="sgd-check" item="06b.sgd_torch" role="check"
check("06b.sgd_torch")

# %% id="sgd-hint" item="06b.sgd_torch" role="hint"
hint("06b.sgd_torch")

# %% [markdown] id="loop"
# ## A training loop, line by line
#
# An example that is often copied trains a network with one hidden layer, with `lr` 0.01 and momentum 0.9. As it is
# printed it does not run: its data, the flattening of the images and the loss, `criterion`, are missing. It also makes
# a second optimizer, with `nesterov=True`, that is never used.
#
# Here it is whole, in its own sizes, in NumPy. The bundled digits have 8 times 8 pixels and the example's images 28
# times 28. So each pixel is repeated three times both ways, and a border of two is put round, which adds no
# information.

# %% id="images"
from momentum_lab.networks import Network, load_digits

digits = load_digits()


def flattened(images):
    larger = np.kron(images.reshape(-1, 8, 8), np.ones((3, 3)))
    return np.pad(larger, ((0, 0), (2, 2), (2, 2))).reshape(len(images), 28 * 28)


x, labels = flattened(digits.x), digits.labels
network = Network((784, 256, 10))
print("images and pixels:", *x.shape, "  parameters:", network.dim)

# %% id="numpy-loop"
rng = np.random.default_rng(0)
batches = [rows for _ in range(2) for rows in np.array_split(rng.permutation(1400), 28)]  # two epochs, 50 a batch
start = network.init(seed=0)
theta, buffer = start, np.zeros_like(start)
for rows in batches:
    g = network.grad(theta, x[rows], labels[rows])  # outputs, loss and loss.backward() in one
    buffer = 0.9 * buffer + g  # optimizer.step(), its first half
    theta = theta - 0.01 * buffer  # and its second
right = network.accuracy(theta, flattened(digits.held_out_x), digits.held_out_labels)
print(f"loss {network.loss(start, x, labels):.2f} -> {network.loss(theta, x, labels):.2f}")
print(f"right on the 397 digits that were held out: {right:.0%}")

# %% [markdown] id="loop-said"
# The network has 784 inputs, 256 hidden units and 10 classes. Two times through the 1400 digits are enough to get 95 %
# of the others right. All 203530 parameters share one flat vector here, and the buffer is another one of that length.
#
# Now PyTorch's loop, with what was missing put in. Read it beside ours. `zero_grad` is there because `backward` adds to
# the old gradients, where ours makes a fresh one at each call.


# %% id="torch-program"
def torch_program(model, batches):
    import torch

    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    criterion = torch.nn.CrossEntropyLoss()
    for rows in batches:
        inputs, targets = torch.from_numpy(x[rows]), torch.from_numpy(labels[rows])
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()


# %% id="torch-run"
from importlib.util import find_spec

if find_spec("torch"):
    from torch import from_numpy, nn

    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)).double()
    cuts = np.cumsum([784 * 256, 256, 256 * 10])
    for p, part in zip(model.parameters(), np.split(start, cuts), strict=True):
        p.data = from_numpy(part.reshape(p.shape[::-1]).T.copy())  # PyTorch keeps a weight matrix turned
    torch_program(model, batches)
    for p, part in zip(model.parameters(), np.split(theta, cuts), strict=True):
        assert np.allclose(p.detach().numpy(), part.reshape(p.shape[::-1]).T, rtol=0, atol=1e-9)
print("Where PyTorch is installed, it has trained from the same start, to the same weights within 1e-9.")

# %% [markdown] id="torch-said"
# Without PyTorch the last cell does nothing, and says the same. With it, the cell stops if one weight differs by more.
# Here `lr` never changes, so the form with `lr` inside would train the same network, up to rounding. As soon as you
# add a schedule, you must know which form you have.

# %% [markdown] id="box"
# **Source.** In 2017 Priya Goyal and others trained a network on ImageNet in one hour, with large batches and a
# learning rate that rises at first (arXiv 1706.02677). Remark 2 of their third section is about the form with the
# rate inside. Where the rate changes, it asks for momentum correction: the velocity times new rate over old.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | inside | the velocity holds `lr` times the gradients; the course's form, and Keras |
# | outside | the buffer holds gradients, `lr` comes at the step; PyTorch and Optax |
# | buffer | PyTorch's memory |
# | full speed | the step under a steady gradient, after a long time |
# | momentum correction | velocity times new `lr` over old `lr`, once at the change |
# | dampening | the share of a gradient that is left out; not of the first one |
# | weight decay | a pull of every weight towards zero |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Four questions that many people get wrong. `beta` is 0.9.

# %% id="quiz"
ask("06b.after_drop", "06b.after_rise", "06b.first_step", "06b.decay")

# %% id="standing"
from momentum_lab.standing import standing

standing("06b")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say what a program remembers, and what a change of `lr` does to it,
# - carry settings and memory from one form to another,
# - write PyTorch's SGD from memory, odd first step included.
#
# **On Monday:** before you copy a learning rate from a paper or a colleague, ask which form it was for. If your
# program keeps `lr` inside and your schedule drops it, multiply the velocity by the new rate over the old one, once.
#
# **Ask yourself:** here every program used the gradient as it is. Adam divides by the typical size of it. What is left
# of momentum when the length of a step comes from a ratio? Lesson 7 takes Adam apart.

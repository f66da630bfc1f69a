# %% [markdown] id="title"
# # Add your own
#
# **A template.** In about ten minutes you put a surface of your own under every optimizer of the course, and write
# an exercise whose check names the mistakes. Run it once as it stands. Then make a copy, and change the lines that
# are marked `# change this line`.

# %% [markdown] id="surface-text"
# ## A surface of your own
#
# A surface is a height and its gradient. Write both as plain formulas in `x` and `y`; for one coordinate write them in
# `x` alone, and let `slope` return one number. `domain` is the box that is drawn, one pair of ends a coordinate.

# %% id="surface"
from momentum_lab.surfaces import FromFunctions


def height(x, y):
    return 0.5 * x**2 + 4 * y**2 + np.sin(2 * x)  # change this line


def slope(x, y):
    return x + 2 * np.cos(2 * x), 8 * y  # change this line


domain = ((-4, 4), (-2, 2))  # change this line
hills = FromFunctions(height, slope, domain, start=[3.0, 1.5])  # change this line

# %% [markdown] id="wrong-text"
# The gradient has been compared with the heights at a dozen places. When it does not belong to them, you are told
# in which coordinate. The next cell forgets the inner derivative of the sine on purpose.

# %% id="wrong"
from momentum_lab.slips import Slip

try:
    FromFunctions(height, lambda x, y: (x + np.cos(2 * x), 8 * y), domain)
except Slip as slip:
    print(slip)

# %% [markdown] id="rules-text"
# ## Every optimizer on it
#
# Any rule runs on your surface as it does on the course's. One learning rate does not suit all of them, so this is no
# fair race; it shows that they all run, and where each of them ends.

# %% id="rules"
from momentum_lab.optimizers import RULES
from momentum_lab.running import run

lr, steps = 0.05, 200  # change this line
for rule in RULES:
    walk = run(rule(lr), hills, hills.start, steps)
    fate = f"height {walk.losses[-1]:.3f}" if walk.diverged is None else f"diverged at step {walk.diverged}"
    print(f"{rule.name:18} {fate}")

# %% [markdown] id="explorer-text"
# ## In an explorer
#
# The picture is the landscape, the path on it, and what happened in time. Move the numbers, and read the sentence. The
# code under the controls brings somebody else to the same setting, on the same surface.

# %% id="explorer"
from momentum_lab.explorers import own_surface

own_surface(hills)

# %% [markdown] id="exercise-text"
# ## An exercise of your own
#
# An exercise needs four things: the right answer as a function, some inputs to try it on, the mistakes that you expect
# with the words for each, and a hint. This one asks what is left of a velocity after some steps without any gradient.


# %% id="reference"
def right(velocity, beta, steps):
    return velocity * beta**steps  # change this line


def my_cases(rng):
    betas = rng.uniform(0.5, 0.95, 3).round(2).tolist()
    calls = [{"velocity": [1.0, -2.0], "beta": beta, "steps": 4} for beta in betas]
    calls.append({"velocity": [3.0], "beta": 0.9, "steps": 0})
    return [{"says": f"beta = {c['beta']} and {c['steps']} steps", "arguments": c} for c in calls]


# %% [markdown] id="mistakes-text"
# Every mistake is a wrong answer that you write down as a function, with a name for your list and the words that the
# learner reads. Say what went wrong and where to look, and never the answer.

# %% id="mistakes"
from momentum_lab.authoring import Item, Known, OwnBank

mistakes = [
    Known("product", lambda v, beta, steps: v * beta * steps, "You multiply by beta once. How often does it fade?"),
    Known("one too many", lambda v, beta, steps: v * beta ** (steps + 1), "One step too many: try it with 0 steps."),
    Known("what is lost", lambda v, beta, steps: v * (1 - beta**steps), "That is what is lost. What is left?"),
]

# %% [markdown] id="item-text"
# The id has a name for your collection, a dot, and a name for the exercise. A collection cannot be called by a
# number, as the course's lessons are. `OwnBank` tries the reference and every mistake before anybody else does.

# %% id="item"
item = Item(
    id="own.coasting",  # change this line
    title="a velocity that coasts",
    function="coasting",  # what the learner has to define
    returns=("velocity",),
    cases=my_cases,
    mistakes=mistakes,
    hints=("What does one step without a gradient make of the velocity?",),
    praise="Every step keeps the same share.",
)
bank = OwnBank((item, right))
bank

# %% [markdown] id="try-text"
# Now be your own learner. This is a wrong answer; change it into others, and see what is said.

# %% id="try"
from momentum_lab.checks import check


def coasting(velocity, beta, steps):
    return velocity * beta * steps  # change this line


check("own.coasting")

# %% [markdown] id="twin-text"
# A mistake that gives the right numbers in all your cases would be told as passed. You hear of it before your
# learners do. If nobody ever takes a step, it makes no difference to forget `beta`:

# %% id="twin"
from dataclasses import replace


def too_easy(rng):
    return [case for case in my_cases(rng) if case["arguments"]["steps"] == 0]


doubtful = Known("beta forgotten", lambda v, beta, steps: v * 1.0, "Where is beta?")
try:
    OwnBank((replace(item, cases=too_easy, mistakes=[doubtful]), right))
except Slip as slip:
    print(slip)

# %% [markdown] id="save-text"
# ## Handing it on
#
# The bank holds your cases, the numbers of the right answer and of every mistake, and your words. It holds no code.
# It is packed, so that nobody reads an answer by accident, but who wants to unpack it can. Here it goes into a
# temporary folder; with `folder = "."` it goes beside this notebook.

# %% id="save"
import tempfile

folder = tempfile.mkdtemp()  # change this line
file = bank.save(folder)
print(file.name)

# %% [markdown] id="hand-on-text"
# Give your learners the file and a notebook with your question, an empty function and one cell with the two lines
# below. Both lie in one folder. The learner's attempts are kept with those of the course; the lists of the lessons do
# not count them.
#
# ```python
# from momentum_lab.checks import check, hint
# check("own.coasting")
# ```
#
# After an attempt `hint("own.coasting")` gives your hints. There is no stored solution: the last hint
# names the instructor.

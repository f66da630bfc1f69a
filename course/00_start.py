# %% [markdown] id="title"
# # 00 · Start
#
# **5 minutes.** You need nothing but this page.
#
# Click on this text and press Shift+Enter: the cell runs, and the next one is chosen. Go on like this to the end of
# the page. Then you can
#
# - say whether this machine is ready,
# - move a picture, with the mouse or with the keyboard alone,
# - write an answer, check it, and ask for a hint.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercise for lesson 00 · Start
#
# Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="machine-text"
# ## Is this machine ready?
#
# Nothing stands below this cell before you run it. What it then says is about your machine.

# %% id="machine" fresh=true
from momentum_lab.doctor import examine

problems = examine().problems
for problem in problems[:1]:
    print(f"Problem: {problem.cause}.\nFix: {problem.fix}")
print("Look at the problem first." if problems else "This machine is ready.")

# %% [markdown] id="picture-text"
# ## One picture to move
#
# A ball rolls down a hill into a small valley, and it stays there; a deeper one lies behind the barrier. The number
# `beta` says how much of its speed the ball keeps at every step. Run the cell; boxes and sliders come up below the
# picture. Raise `beta`, by slider, arrow key or typing, until the ball gets across; then go on raising it.

# %% id="picture"
from momentum_lab.explorers import escape

escape()

# %% [markdown] id="how"
# ## How the course works
#
# You predict, you move a picture, and you write a few lines; a check names the mistake, and two hints and a solution
# wait behind it. Old questions come back in later lessons, and what you have done is kept in one file in your own
# folder.
#
# **If something does not work,** run the first cell of this page again: it names the problem and the cure. Where no
# cell runs at all, say `python start.py doctor` in a terminal, or `momentum-lab doctor` if you installed the course.
# An error in the course itself? [Here](../docs/errata.md) is how to report it.

# %% [markdown] id="keys"
# ## Keys, and dark pictures
#
# | to do this | press |
# |---|---|
# | run a cell and go to the next | Shift+Enter |
# | go from a picture's box to the next one | Tab, and back with Shift+Tab |
# | take a number that you have typed | Enter |
# | move a slider | the arrow keys |
# | leave a cell, and go to another | Esc, then the arrow keys |
#
# For dark pictures, write `dark` for `light` in the next cell, run it, and run the picture again.

# %% id="dark"
from momentum_lab import plots

plots.use_theme("light")

# %% [markdown] id="recap" item="00.env" role="recap"
# **In two lines:** an answer goes into the cell with the dots. NumPy adds two arrays of one shape entry by entry,
# and makes a new array of the sums.

# %% [markdown] id="env-text" item="00.env" role="prompt"
# ## Exercise: a first answer
#
# Put one line of your own in the place of the line with the dots. The function adds two arrays, entry by entry.
#
# - **In:** `a` and `b`, arrays of the same shape, any shape.
# - **Out:** a new array of that shape, with the sums. Leave `a` and `b` as they are.
#
# For example, 1, 2 and 10, 20 give 11, 22. Numbers count as right within one part in a million.
# Give a wrong answer on purpose, too, and see what the check says.


# %% id="env-answer" item="00.env" role="answer"
def added(a, b):
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION


# %% id="env-check" item="00.env" role="check"
from momentum_lab.checks import check, hint

check("00.env")

# %% id="env-hint" item="00.env" role="hint"
hint("00.env")

# %% [markdown] id="standing-text"
# ## Where you stand
#
# Every lesson ends with this cell.

# %% id="standing"
from momentum_lab.standing import standing

standing("00")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - run a cell and move a picture,
# - write an answer, check it, and find the hint.
#
# **On Monday:** look up which optimizer your own training uses, and which number it has for momentum. Bring both to
# the lessons.
#
# **Ask yourself:** a ball that keeps its speed also runs past what it looks for. Why would anybody want that? One of
# them races in lesson 01.

# %% [markdown] id="title"
# # Momentum Lab
#
# Here is every lesson, how it stands with you, and where to go on. Run the cell below (Shift+Enter) to bring it up
# to date; what you have done is kept in one file in the course's folder and goes nowhere else.

# %% id="where"
from momentum_lab.home import home

home()

# %% [markdown] id="how-long"
# ## How long it takes
#
# One sitting takes an hour or less, and one an evening is a good pace: every lesson opens with three questions about
# earlier ones, which is what makes them last. For a talk or a class there are
# [shorter paths of ninety minutes and of three hours](../docs/paths.md) through the same lessons.

# %% [markdown] id="beside"
# ## Beside the lessons
#
# - [Cheat sheet](../docs/cheat_sheet.md): from the shape of a loss curve to its cause and the knob; what `lr` means in
#   PyTorch, Optax and Keras
# - [Glossary](../docs/glossary.md): every word and every letter, and the lesson that explains it
# - [Gallery](../docs/gallery.md): every picture that can be moved, with its question
# - [Bibliography](../docs/bibliography.md): the papers, and which claims rest on them
# - [Add your own](../docs/add_your_own.md): a function or an exercise of yours, with a
#   [template](add_your_own.ipynb)
# - [Your files](../docs/your_files.md): where they are, how to update the course, how to get a lesson back

# %% [markdown] id="exercises-only"
# ## Only the exercises
#
# The folder [exercises](../exercises/) holds the exercises of each lesson alone. A check there and in the lesson is the
# same one, and what passes in one has passed in the other.

# %% [markdown] id="title"
# # 01 · The winner gets worse first, and where it comes from
#
# **50 minutes.** You need Python functions, NumPy arrays, and the idea of a slope.
#
# Run the cells from the top, with Shift+Enter; [lesson 00](00_start.ipynb) says how to get help. At the end you can
#
# - say why somebody would keep an optimizer whose loss goes up,
# - read a run in two lanes, across the valley and along it,
# - write the one line that makes gradient descent a heavy ball,
# - tell a fair race from an unfair one,
# - say who wrote this rule down first, and what was claimed for it.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 01 · The winner gets worse first, and where it comes from
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="dots"
# ## Twelve dots and a line
#
# Here are twelve dots. You look for the line through them, and you start from the flat one.
# A line has two numbers, its height at x = 0 and its slope. The loss is half the mean squared height
# of the dots above or below the line. For a line there is a formula; for a network there is none.
# So let us walk.

# %% id="still"
from momentum_lab.explorers import dots_still

dots_still()

# %% [markdown] id="first-run"
# ## A run you know
#
# Gradient descent asks for the gradient, the slope of the loss, and takes a step down it. Its learning rate is
# 0.1 here: one over the steepest curvature, which says how fast the slope itself changes. Run the cell and read
# the two lines it prints. From here on "loss" means the loss above the best line's, as a share of its start,
# and "there" means within a millionth of the starting distance.

# %% id="gradient-descent"
from momentum_lab.optimizers import GradientDescent
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots

dots = twelve_dots()
flat_line = [0.0, 0.0]
cautious = run(GradientDescent(lr=0.1), dots, flat_line, steps=1500)

gone = 1 - cautious.gaps[1] / cautious.gaps[0]
print(f"After one step {gone:.1%} of the loss is gone.")
print(f"It is there after {cautious.steps_to(distance=1e-6)} steps.")

# %% [markdown] id="stone"
# It drops like a stone, and then it crawls. One step takes away 99.0 % of the loss; to be there
# takes 1341. Nearly everybody who has trained anything has watched a loss do this.

# %% [markdown] id="two-runs"
# ## Two runs without names
#
# Below are the first ten steps of two optimizers on the same dots, from the same flat line.
# Run the cell; one click places your bet. You can skip it, and nobody marks it. When you come back another
# day, run it again to move the picture.

# %% id="race"
from momentum_lab.explorers import dots_race

dots_race()

# %% [markdown] id="usual-bet"
# A is the usual bet. It is gradient descent, with the learning rate that is best in the long run.
# B is called the heavy ball. The cell below runs both again, far enough to see each one arrive.

# %% id="numbers"
from momentum_lab.optimizers import HeavyBall

A = run(GradientDescent(lr=2 / 10.1), dots, flat_line, steps=1500)
B = run(HeavyBall(lr=4 / 12.1, beta=(9 / 11) ** 2), dots, flat_line, steps=1500)

for name, trajectory in (("A", A), ("B", B)):
    share = trajectory.gaps / trajectory.gaps[0]
    print(f"{name}: {trajectory.label}")
    print(f"   loss after 10 steps {share[10]:.2f}, at its highest {share.max():.1f} (step {share.argmax()})")
    print(f"   there after {trajectory.steps_to(distance=1e-6)} steps")
ahead = (B.gaps[:101] >= A.gaps[:101]).nonzero()[0][-1] + 1
print(f"B is ahead of A from step {ahead} on.")

# %% [markdown] id="one-line"
# B's loss climbs to 13.6 times its start. From step 21 on B is ahead, and it is home at step 93.
# A needs 691.

# %% [markdown] id="one-more-line"
# ## One more line
#
# Here is all of A, and all of B. B has one more line, and one more number to remember.

# %% id="both-by-hand"
import numpy as np

theta_a = theta_b = np.array(flat_line)
velocity = np.zeros(2)

for _ in range(93):
    theta_a = theta_a - A.optimizer.lr * dots.grad(theta_a)

    velocity = B.optimizer.beta * velocity + B.optimizer.lr * dots.grad(theta_b)
    theta_b = theta_b - velocity

print(f"after 93 steps   A: height {theta_a[0]:.4f}, slope {theta_a[1]:.4f}")
print(f"                 B: height {theta_b[0]:.4f}, slope {theta_b[1]:.4f}")
print(f"         best line: height {dots.minimum[0]:.4f}, slope {dots.minimum[1]:.4f}")

# %% [markdown] id="names"
# The names stay for the whole course. `lr` is the learning rate. `velocity` is what B remembers: it has the
# shape of `theta` and is made of gradients, which point uphill, so the step subtracts it. `beta` is the share
# of the velocity that survives a step. With `beta = 0` nothing survives, and the rule is gradient descent.
#
# There are other ways to write this rule. The course keeps this one, with the learning rate inside the
# velocity, and a later lesson shows where the others part from it.

# %% [markdown] id="two-lanes"
# ## Across and along
#
# The loss of the dots is a long narrow valley. Its steepest direction curves a hundred times more than its
# softest, and that ratio is the condition number, kappa. Look at each direction by itself:

# %% id="lanes"
from momentum_lab.explorers.dots_race import swings

along_a, across_a = swings(A)
along_b, across_b = swings(B)
print("step    across A   across B     along A    along B")
for t in (0, 1, 2, 3, 4, 10, 20, 30, 60):
    print(f"{t:4}   {across_a[t]:9.3f}  {across_b[t]:9.3f}   {along_a[t]:9.3f}  {along_b[t]:9.3f}")
print(f"B's widest swing across: {abs(across_b).max():.1f} times the start, at step {abs(across_b).argmax()}")

# %% [markdown] id="harder"
# Across the valley B first swings *harder* than A, up to 3.7 times the start. It stays the wilder one for twenty
# steps; at step 30 it is the calmer one there too. Along the valley it is nearly home by then, where A
# has more than half of the way left.
#
# It is tempting to say that momentum wins because it calms the zigzag. For a given list of gradients that
# flip their sign there is truth in it, as the next lesson shows. Here the ball first makes a wilder zigzag of
# its own. It wins because, in the long run, both of its parts shrink faster than A's.
#
# Think of a sled. It turns late, and it may shoot past the dip.

# %% [markdown] id="fair"
# ## Is the race fair?
#
# Partly. A's learning rate was chosen for the long run, and that makes its first ten steps look poor.
# With the smaller rate of the first run it looks splendid for ten steps, and needs twice as many in the end.

# %% id="fair-numbers"
print("                                   loss after 10 steps   there after")
for trajectory in (cautious, A, B):
    share = trajectory.gaps[10] / trajectory.gaps[0]
    print(f"{trajectory.label:35}{share:18.4f}{trajectory.steps_to(distance=1e-6):14}")

# %% [markdown] id="fair-lesson"
# The ranking after ten steps is the reverse of the ranking at the end. So a race says little until it says
# how each runner was tuned, and for which finish. Both rules here have the best long-run rate that their
# numbers can give on this valley. That is one fair choice; a fixed budget of steps is another.

# %% [markdown] id="now-move-it"
# ## Now move it
#
# Go back to the picture, type or drag, and watch the sentence.
#
# 1. Raise the heavy ball's learning rate to 0.4. Read what happens and why.
# 2. Set the middle of the dots to 0. What becomes of kappa, and of the race?
# 3. Set the step shown to 20. Bring the heavy ball's loss at that step below 0.001.

# %% [markdown] id="recap" item="01.one_more_line" role="recap"
# **In two lines:** gradient descent steps against the slope where it stands. The heavy ball keeps a share
# `beta` of its last step, adds the new push `lr` times the gradient, and takes the sum as its step.

# %% [markdown] id="exercise" item="01.one_more_line" role="prompt"
# ## Exercise: one more line
#
# Write one step of the heavy ball.
#
# - **In:** `theta` and `velocity`, float arrays of the same shape (any shape); `grad`, a function that takes an
#   array like `theta` and returns the gradient there; the numbers `lr` and `beta`.
# - **Out:** the new `theta` and the new `velocity`, in this order.
# - Leave the arrays you are given as they are; make new ones.
#
# For example, with `theta` 1, `velocity` 0, the gradient equal to `theta`, `lr` 0.1 and `beta` 0.9,
# two steps lead to 0.9 and then to 0.72. Numbers count as right within one part in a million.


# %% id="momentum-step" item="01.one_more_line" role="answer"
def momentum_step(theta, velocity, grad, lr, beta):
    ### BEGIN SOLUTION
    velocity = beta * velocity + lr * grad(theta)
    theta = theta - velocity
    return theta, velocity
    ### END SOLUTION


# %% id="check-momentum-step" item="01.one_more_line" role="check"
from momentum_lab.checks import check, hint

check("01.one_more_line")

# %% [markdown] id="stuck" item="01.one_more_line" role="help"
# Stuck? Run the next cell after a check. Run it again for the second hint, and once more for a solution.

# %% id="hint-momentum-step" item="01.one_more_line" role="hint"
hint("01.one_more_line")

# %% [markdown] id="recap-goal" item="01.goal" role="recap"
# **In two lines:** the race of lesson 1 fits a line to twelve dots. The heavy ball has two knobs, `lr` and `beta`,
# and the textbook's setting of them is the best one in the long run.

# %% [markdown] id="goal-text" item="01.goal" role="prompt"
# ## Exercise: faster than the textbook
#
# B's setting, the one that textbooks give, brings the loss below a thousandth of its start, for good, at step 39.
# Gradient descent at its best for this finish needs 60. Find a learning rate and a beta that need at most 20.
# The picture of the race above is the place to search: set the step shown to 20.
#
# - **Hand in:** `goal`, with a number for `lr` (0 to 1) and one for `beta` (0 to 0.999).
# - Our own simulation judges; there are many right answers.

# %% id="goal-answer" item="01.goal" role="answer"
### BEGIN SOLUTION
### BLANK: goal = {"lr": ..., "beta": ...}  # your numbers go in the place of the dots
goal = {"lr": 0.29, "beta": 0.58}
### END SOLUTION

# %% id="goal-check" item="01.goal" role="check"
from momentum_lab.checks import check, hint

check("01.goal")

# %% id="goal-hint" item="01.goal" role="hint"
hint("01.goal")

# %% [markdown] id="ready-text"
# ## Four short questions
#
# The next lessons use slopes, NumPy arrays and shares. Here are four questions about them; the cell below them
# refreshes what you need. Press the button of your answer; you can answer as often as you like.

# %% id="ready"
from momentum_lab.quizzes import ask

ask("01.ready_slope", "01.ready_array", "01.ready_name", "01.ready_share")

# %% id="refresher"
print("theta   loss   slope")
for theta in (1.0, 2.0, 3.0, 4.0):
    print(f"{theta:5.1f} {(theta - 3) ** 2 / 2:6.1f} {theta - 3:7.1f}")
print("entry by entry:", np.array([2.0, 3.0]) * np.array([5.0, 7.0]))
first = np.array([1.0, 2.0])
second = first
second += 1.0
print("one array with two names:", first, second)
print("half of it lost at every step, four times:", 0.5**4)

# %% [markdown] id="history"
# ## Where the line comes from
#
# The one line is older than machine learning. The timeline below has six papers. Choose one: its own
# rule runs on the twelve dots, beside gradient descent, and the text says what it was made for and what it claimed.

# %% id="timeline"
from momentum_lab.explorers import timeline

timeline()

# %% [markdown] id="history-how"
# The next cell runs all six rules again, and prints when each one is within a millionth of its starting distance.
# Each one gets 300 steps. A loss below a millionth of a millionth is shown as 1e-12.

# %% id="papers"
from momentum_lab.explorers.papers import CARDS

print(f"{'year':6}{'paper':38}{'there at step':>14}{'loss left':>12}")
for card in CARDS:
    trajectory = run(card.rule(dots.eigenvalues), dots, flat_line, steps=300)
    there = trajectory.steps_to(distance=1e-6) or "later"
    left = max(trajectory.gaps[-1] / trajectory.gaps[0], 1e-12)  # below it, rounding decides
    print(f"{card.year:<6}{', '.join(card.authors):38}{there:>14}{left:12.0e}")

# %% [markdown] id="history-said"
# Two rows are the same run. What Frankel did in 1950 for large linear systems is, step by step, what Polyak wrote in
# 1964 for minimisation. Polyak proved its rate for quadratics; for other functions only near a minimum.
#
# Nesterov's method of 1983 is late here, and that is no fault. Its promise holds for every smooth convex
# function, and it needs no curvature but the steepest. The dots are one function, with both curvatures known.
#
# So a year and a name tell you little. Ask of each paper which problem it was for, and what it promised.

# %% [markdown] id="sources"
# **Sources.** Each line was checked for title, place and year. In the texts of the timeline "not re-read" marks what
# we have not read again in the paper itself.

# %% id="source-list"
for card in CARDS:
    print(f"{card.year}  {card.source}")

# %% [markdown] id="words"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | loss | the number that is to become small; here half the mean squared height between dots and line |
# | gradient | the direction in which the loss grows fastest, and how fast |
# | `lr`, learning rate | the number each gradient is multiplied by |
# | gradient descent | step against the gradient, remember nothing |
# | heavy ball | gradient descent with a velocity, Polyak's method |
# | lane | one direction of the valley, drawn against time |
# | fair race | every method has its own best settings, found with the same effort |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Five questions and a story to put in order. Some of the questions will come back in later lessons.

# %% id="quiz"
ask("01.why", "01.beta_zero", "01.velocity", "01.fair", "01.polyak")

# %% id="story"
ask("01.story")

# %% [markdown] id="standing-text"
# ## Where you stand
#
# Run the next cell whenever you like. Your progress is kept in a file in your own folder and nowhere else.

# %% id="standing"
from momentum_lab.standing import standing

standing("01")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say what the heavy ball gives up (a loss that falls at every step) and what it gets (691 steps become 93),
# - read a run in two lanes, across the valley and along it,
# - write the rule from memory,
# - ask of any race how its runners were tuned,
# - tell the story of the rule, and what each paper claimed.
#
# **Ask yourself:** B first makes the zigzag worse, and then beats A in both directions. What does that one line
# remember? Lesson 2 opens it and feeds it the gradients of this race.

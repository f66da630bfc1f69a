# %% [markdown] id="title"
# # 03 · One direction is a spring
#
# **60 minutes.** You need the two lines of the heavy ball from lessons 01 and 02. The last part, on wells, is
# optional and takes another quarter of an hour.
#
# At the end you can
#
# - say where the overshoot comes from, and from which stiffness on it comes,
# - turn mass and friction into `lr` and `beta`,
# - say why, beyond a threshold, the learning rate no longer changes how fast a swing dies,
# - find the `beta` that does not quite overshoot,
# - tell from two numbers whether a direction creeps, swings, flips or grows.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 03 · One direction is a spring
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("03")

# %% [markdown] id="one-number"
# ## One direction by itself
#
# At the end of lesson 02 stood a question. Memory makes a flipping push smaller, and yet the heavy ball swung wider
# across the valley. Where does the overshoot come from?
#
# Look along one direction of the valley and forget the other. All that is left of the line through the dots is one
# number, `x`: the distance from the minimum. The slope there is the curvature times `x`. The rule multiplies it by
# `lr`, so the two come as a product only.
#
# That product has a name in this course, `u`: the stiffness of the step. Here is the heavy ball on one
# direction, let go at 1, at rest.


# %% id="let-go"
def let_go(u, beta, steps):
    """Return every place x of one direction, from 1, at rest."""
    x, velocity, places = 1.0, 0.0, [1.0]
    for _ in range(steps):
        velocity = beta * velocity + u * x  # u * x is lr times the slope
        x = x - velocity
        places.append(x)
    return np.array(places)


print("first places for u 0.1 and beta 0.9:", let_go(0.1, 0.9, 3).round(3))

# %% [markdown] id="two-of-them"
# Take B, the heavy ball of lesson 01, and compare each of its lanes with one such direction.

# %% id="two-springs"
from momentum_lab.explorers.dots_race import swings
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots

dots, lr, beta = twelve_dots(), 4 / 12.1, (9 / 11) ** 2
race = swings(run(HeavyBall(lr, beta), dots, [0.0, 0.0], steps=60))
for name, lane, curvature in zip(("along", "across"), race, dots.eigenvalues, strict=True):
    alone = let_go(lr * curvature, beta, 60)
    print(f"{name}: u = {lr * curvature:.4f}, place 5 in the race {lane[5]:.3f}, by itself {alone[5]:.3f}")
    print("   the same at all 60 steps:", "yes" if np.allclose(lane, alone) else "no")
print(f"beta for both: {beta:.4f}")

# %% [markdown] id="two-of-them-said"
# The whole race is two numbers that do not know of each other. Each has a `u` of its own, and both share `beta`.
# This is so because the loss of a line is a parabola in every direction, and it needs `lr` and `beta` to
# stay as they are. So whoever understands one direction understands them all.

# %% [markdown] id="overshoot"
# ## Where the overshoot comes from
#
# Take u 0.1 and `beta` 0.9, and look at place, pull and velocity.

# %% id="table-phase"
x, velocity = 1.0, 0.0
print("step    place   pull u * x   velocity")
for t in range(11):
    print(f"{t:4}{x:9.3f}{0.1 * x:13.4f}{velocity:11.3f}")
    velocity = 0.9 * velocity + 0.1 * x
    x = x - velocity

# %% [markdown] id="phase-said"
# The pull is strong far out and fades towards the minimum. The velocity does the opposite: it has collected the pulls
# of the whole way, each a little faded. At step 4 the pull is down to 0.0227, and the next step is 0.256 long all the
# same. It carries the ball across.
#
# On the other side the pull has turned round and eats the velocity up. That takes until step 9, at -0.604.
#
# So the place alone does not say what comes next: it takes place *and* velocity. Physicists call the pair the phase.
# Gradient descent has no velocity, and with this u it never crosses.

# %% [markdown] id="mass"
# ## A mass, a spring and friction
#
# A mass on a spring does the same. The spring pulls with a force that grows with the distance, as the slope does, and
# friction takes from the velocity. Let one step take the time 1. Then Newton's law reads: mass times the change of the
# velocity is the slope minus the friction times the new velocity.
#
# The heavy ball with `lr` 0.01 and `beta` 0.9 should then be some ball with a mass and a friction. Try mass 90 and
# friction 10, on a steady slope of 1.

# %% id="newton"
velocity = 0.0
print("velocity   mass * change   slope - friction * velocity")
for _ in range(5):
    old = velocity
    velocity = 0.9 * velocity + 0.01 * 1.0
    print(f"{velocity:8.4f}{90 * (velocity - old):16.4f}{1.0 - 10 * velocity:30.4f}")

# %% [markdown] id="newton-said"
# The two columns agree at every step, so this mass and this friction are the right ones. (The velocity of this course
# points uphill. Turn every sign round, and the law stays the same.)
#
# Snow is much friction, ice is little. Which `beta` belongs to which? The law can be solved for the new velocity; then
# compare it with the heavy ball's line.

# %% [markdown] id="recap-friction" item="03.friction_to_beta" role="recap"
# **In two lines:** with time steps of 1, `mass * (new - old) = slope - friction * new`, where `old` and `new` are
# velocities. The heavy ball has `new = beta * old + lr * slope`.

# %% [markdown] id="friction-text" item="03.friction_to_beta" role="prompt"
# ## Exercise: from friction to beta
#
# The law is `mass * (new - old) = slope - friction * new`, where `old` and `new` are velocities. The heavy ball has
# `new = beta * old + lr * slope`. Which `lr` and `beta` does a ball have?
#
# - **In:** `mass`, above 0, and `friction`, 0 or more.
# - **Out:** `lr` and `beta`, in this order.
#
# For example, mass 90 and friction 10 give `lr` 0.01 and `beta` 0.9.
# Numbers count as right within one part in a million.


# %% id="friction-answer" item="03.friction_to_beta" role="answer"
def settings_of_ball(mass, friction):
    ### BEGIN SOLUTION
    ### BLANK: lr = ...
    ### BLANK: beta = ...
    lr = 1 / (mass + friction)
    beta = mass / (mass + friction)
    ### END SOLUTION
    return lr, beta


# %% id="friction-check" item="03.friction_to_beta" role="check"
from momentum_lab.checks import check, hint

check("03.friction_to_beta")

# %% id="friction-hint" item="03.friction_to_beta" role="hint"
hint("03.friction_to_beta")

# %% [markdown] id="ball-lead"
# The other way round, `friction = (1 - beta) / lr` and `mass = beta / lr`. Without friction `beta` is 1.
#
# The next cell is optional. It takes time steps of any length h, with mass m, friction c and slope G. Folded away is
# another way to cut time into steps: the same `lr` and `beta` then belong to a ball of another mass.

# %% id="ball-and-friction"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["ball and friction"]().fold(
    "Another way: velocity first", "The new velocity", "Then the place",
    "Its learning rate", "Its momentum", "The same length in the end",
)  # fmt: skip

# %% [markdown] id="bet"
# ## Bet, then move it
#
# With u 0.1 the swing dies away, by some share at every step. Now make the spring ten times as stiff: u 1. In the long
# run, will a step take a larger share off the swing, a smaller one, or the same? Settle on one, then move u.
#
# On the left of the picture are two marks, called roots. For now, watch only how far they are from the centre;
# the next part says what they are.

# %% id="spring"
from momentum_lab.explorers import spring

spring()

# %% [markdown] id="spring-tasks"
# 1. Set `u` to 1, 2 and 3. What does the sentence say that a step takes off the swing?
# 2. Type `u` 0.001, and then 0.002. What has changed in the motion, and what has changed on the left?
# 3. Set `u` back to 0.1 and walk `beta` down from 0.9 to 0. Where does the overshoot go?
# 4. Press "ringing": that is ice. How long is one swing, and what does a step take off it?
# 5. Reach the goal that the sentence sets.

# %% [markdown] id="same-loss"
# ## What stays the same
#
# The next cell lets go of six springs, waits for the long run, and measures what a step takes off.

# %% id="shares"
print("   u    beyond the minimum   off per step, beta 0.9   gradient descent")
for u in (0.001, 0.002, 0.1, 1, 2, 3):
    places = let_go(u, 0.9, 5000)
    early, late = np.abs(places[500:1000]).max(), np.abs(places[4500:]).max()
    off = 1 - (late / early) ** (1 / 4000)
    beyond = max(0.0, -places.min())
    plain = f"{1 - abs(1 - u):.1%}" if u < 2 else "none" if u == 2 else "it grows"
    print(f"{u:5}{beyond:17.3f}{off:22.1%}{plain:>22}")

# %% [markdown] id="same-loss-said"
# The first two rows do not cross the minimum. Twice the stiffness takes off more than twice the share, and memory is
# a great help: gradient descent takes off 0.1 %. Now look at the other four. From u 0.1 to u 3 the stiffness
# grows thirty-fold, and the share stays 5.1 %. The learning rate has dropped out.
#
# By itself, at u 0.1, gradient descent is even the quicker one. Memory pays where a direction is very soft, or too
# stiff for gradient descent.

# %% [markdown] id="tempting"
# It is tempting to say that a larger learning rate brings the ball home sooner. Where the spring is too soft to
# swing, it does. Once the direction swings, a larger u makes the swings quicker and wider, and no shorter-lived, step
# for step. What is left is friction alone. Move u from 0.002 to 0.1, and on to 1, to see the one turn into the other.

# %% [markdown] id="why"
# ## Why the learning rate drops out
#
# First get rid of the velocity. It is the last step, so two places say as much as a place and a velocity.

# %% id="mixture-numbers"
places = let_go(0.1, 0.9, 4)
for t in (1, 2, 3):
    print(f"{places[t + 1]:.4f} = 1.8 * {places[t]:.4f} - 0.9 * {places[t - 1]:.4f}")

# %% [markdown] id="mixture-said"
# Every place is a mixture of the two places before it, always with the same two numbers, 1.8 and 0.9. What
# are they in letters? Take `velocity = x_before - x`, put it into the two lines of the rule, and fill the gaps.

# %% id="mixture"
ask("03.mixture")

# %% [markdown] id="factor"
# Now try the plainest motion there is: every step multiplies the place by one and the same factor, `z`. Then `x` is
# `z ** t`, the place before is `z ** (t - 1)`, and the next one `z ** (t + 1)`. Put them into the mixture and divide
# by `z ** (t - 1)`. What is left is a polynomial in `z`, which must be zero.
#
# The derivation below says the same in five steps and leaves the polynomial out. Its last step uses a matrix, a
# table of four numbers. You do not need that one: the factor `z` leads to the same.

# %% id="polynomial-blank"
from momentum_lab.derivations import Derivation

steps = CATALOGUE["heavy ball"]().steps
Derivation("From two lines to one polynomial", steps[:5]).with_blank("The polynomial of this mixture")

# %% [markdown] id="recap-polynomial" item="03.char_poly" role="recap"
# **In two lines:** in one direction the heavy ball has `x_next = (1 + beta - u) * x - beta * x_before`.
# A motion `x = z ** t` fits if a polynomial in `z` is zero.

# %% [markdown] id="polynomial-text" item="03.char_poly" role="prompt"
# ## Exercise: the polynomial
#
# The mixture is `x_next = (1 + beta - u) * x - beta * x_before`. For which polynomial in `z` does the motion
# `x = z ** t` fit when it is zero? Begin with `z_ ** 2`, all terms on one side, and write `z_`, `beta_` and `u_` for
# the letters. Plain `beta` and `u` are numbers in this notebook.
#
# - **Hand in:** `polynomial`, an expression such as `z_ ** 2 + u_ * z_`. It is compared at several exact
#   values of the letters, so any way of writing it counts.

# %% id="polynomial-answer" item="03.char_poly" role="answer"
import sympy

z_, beta_, u_ = sympy.symbols("z beta u")
### BEGIN SOLUTION
### BLANK: polynomial = ...  # write z_, beta_ and u_
polynomial = z_**2 - (1 + beta_ - u_) * z_ + beta_
### END SOLUTION

# %% id="polynomial-check" item="03.char_poly" role="check"
check("03.char_poly")

# %% id="polynomial-hint" item="03.char_poly" role="hint"
hint("03.char_poly")

# %% [markdown] id="roots"
# ## Two roots on a circle
#
# This is the characteristic polynomial of the direction. It has two roots: two factors that fit. Some of them have an
# imaginary part, written with a `j`. Think of such a factor as an arrow. Its length says how much a step
# shrinks, and its angle how far a step turns.

# %% id="roots-table"
print("    u   two roots                       their lengths    their product")
for u in (0.001, 0.1, 1, 3):
    pair = np.roots([1, -(1 + 0.9 - u), 0.9])
    both, lengths = (", ".join(text) for text in zip(*((f"{z:.3f}", f"{abs(z):.4f}") for z in pair), strict=True))
    print(f"{u:5}   {both:30}  {lengths}{np.prod(pair).real:16.2f}")
print(f"the root of 0.9: {np.sqrt(0.9):.4f}")

# %% [markdown] id="roots-said"
# The product of the two is always 0.9, which is `beta`. In the first row the roots are plain numbers, one
# larger than the other. In the other rows they are mirror images of one another, so they have the same length. Two
# equal lengths with the product 0.9 leave no choice: each is the root of 0.9, which is 0.9487. And 0.9487 is what a
# step leaves when it takes 5.1 % off.
#
# The computer checks it for every u and `beta`; p and d are letters for two parts of a root.

# %% id="circle"
Derivation("As long as the root of beta", steps[8:])

# %% [markdown] id="circle-said"
# So on a parabola, without noise and with constant settings, every direction that swings shrinks by the root of `beta`
# a step, whatever its curvature. That is a statement about the long run. It does not say how wide the first swing is,
# and it holds for directions that swing.
#
# Put the argument in order, in words.

# %% id="argument"
ask("03.argument")

# %% [markdown] id="threshold"
# ## Where the swing begins
#
# You may know the roots of such a polynomial from school: half of their sum, plus and minus half of a square root.
# What is under that square root is called the discriminant. Where it is negative, the roots get their imaginary part,
# and the direction swings. Below it is taken apart into two factors; q is the root of `beta`.

# %% id="discriminant"
Derivation("When it swings", steps[5:8])

# %% id="edges"
q = np.sqrt(0.9)
print(f"beta 0.9 swings for u between {(1 - q) ** 2:.5f} and {(1 + q) ** 2:.3f}")
for part in (0.5, 0.9, 1.1, 2):
    beyond = max(0.0, -let_go(part * (1 - q) ** 2, 0.9, 2000).min())
    print(f"u at {part:3} times the lower edge: {beyond:.5f} beyond the minimum")

# %% [markdown] id="edges-said"
# For `beta` 0.9 the threshold is 0.00263. That is very little: a direction must be soft indeed not to swing. At
# the edge the two roots are equal. In the long run the mass comes home as fast as it can without a swing.
# That is called critical damping.
#
# Read the threshold the other way round: for a given u, which `beta` puts the direction at the edge?

# %% [markdown] id="recap-critical" item="03.critical_beta" role="recap"
# **In two lines:** a direction has two equal roots where `(1 + beta - u) ** 2 - 4 * beta` is zero.
# For `u` between 0 and 1 the smaller such `beta` is the largest that does not overshoot.

# %% [markdown] id="critical-text" item="03.critical_beta" role="prompt"
# ## Exercise: critical damping
#
# Return the largest `beta` with which the heavy ball, from rest, does not pass the minimum of one direction.
#
# - **In:** `u`, a number between 0 and 1.
# - **Out:** `beta`, from 0 to below 1.
#
# For example, `u` 0.25 gives 0.25. Numbers count as right within one part in a million.


# %% id="critical-answer" item="03.critical_beta" role="answer"
def critical_beta(u):
    ### BEGIN SOLUTION
    ### BLANK: beta = ...
    beta = (1 - np.sqrt(u)) ** 2
    ### END SOLUTION
    return beta


# %% id="critical-check" item="03.critical_beta" role="check"
check("03.critical_beta")

# %% id="critical-hint" item="03.critical_beta" role="hint"
hint("03.critical_beta")

# %% [markdown] id="solutions-lead"
# ## The motion itself
#
# You may skip this part. At the edge, with two equal roots r, the motion is no pure power: a factor that grows in a
# straight line comes in. It delays the arrival.

# %% id="equal-roots"
CATALOGUE["two equal roots"]().fold("Why")

# %% [markdown] id="different-lead"
# Beyond the edge the motion is a swing that fades. For u 0.1 and `beta` 0.9 it can be written down exactly; the
# formula for all other roots is folded away.

# %% id="different-roots"
CATALOGUE["two different roots"]().fold("The start", "At rest", "The mixture", "The error")

# %% id="period"
root = 0.9 + 0.3j
formula = np.array([(root**t).real for t in range(61)])
print("the formula and the run agree:", "yes" if np.allclose(formula, let_go(0.1, 0.9, 60)) else "no")
print(f"length {abs(root):.4f}, angle {np.angle(root):.4f}, so a swing takes {2 * np.pi / np.angle(root):.1f} steps")
print(f"without friction, in time that flows, it would be {2 * np.pi / np.sqrt(0.1):.1f}")

# %% [markdown] id="kinds"
# ## Four kinds of motion
#
# What is left is how stiff the spring may be. A real spring has no limit. A ball that is looked at
# once a step has one: during the whole step it is pulled as hard as where it stood.

# %% id="limit"
print("   u    distance after 50 steps   after 100 steps")
for u in (3.7, 3.79, 3.81, 3.82):
    places = let_go(u, 0.9, 100)
    print(f"{u:5}{abs(places[50]):23.2f}{abs(places[100]):18.2f}")
print("sides at u 3.82:", *("+" if x > 0 else "-" for x in let_go(3.82, 0.9, 11)))
print(f"B of the race, across: u {lr * dots.eigenvalues[1]:.4f}, limit {2 * (1 + (9 / 11) ** 2):.4f}")

# %% [markdown] id="limit-said"
# The limit is 2(1 + beta), here 3.8; gradient descent has 2. Beyond it the mass flips sides and each flip is larger.
#
# So here is the answer to lesson 02. Across the valley B has u 3.3058, where gradient descent would grow. Its steps
# throw it far over. Yet u is below the heavy ball's limit, 3.3388, so in the long run the swing fades all the same.
#
# The proof is optional. It looks at the polynomial at z = 1 and at z = -1, and its longer half is folded away.

# %% id="stability"
CATALOGUE["heavy ball, stability"]().fold(
    "From the circle to a half-plane", "The first coefficient", "The second coefficient"
)

# %% [markdown] id="kinds-said"
# Between the swing and that limit lies a narrow strip: for `beta` 0.9 from 3.797 to 3.8. There the roots are plain
# numbers again, both negative, and the mass flips sides at every step, in the long run, while it shrinks. At the lower
# end, below the threshold, both roots are positive: it creeps. That makes four kinds. The next exercise tells
# them apart.

# %% [markdown] id="recap-classify" item="03.classify" role="recap"
# **In two lines:** `z ** 2 - (1 + beta - u) * z + beta` has two roots. Where `(1 + beta - u) ** 2` is below
# `4 * beta` they are complex. The motion fades for `u` below `2 * (1 + beta)`.

# %% [markdown] id="classify-text" item="03.classify" role="prompt"
# ## Exercise: which kind?
#
# Return the kind of motion of one direction, as one of the four names in the cell.
#
# - **In:** `u`, above 0; `beta`, from 0 to below 1. The inputs of the check keep away from the borders.
# - **Out:** `CREEPS` (no root negative), `SWINGS` (roots complex, and it fades), `FLIPS` (no root
#   positive, and it fades) or `GROWS`.
#
# For example, `u` 0.1 and `beta` 0.9 swing. Gradient descent counts too: with `beta` 0 and `u` 0.5 it creeps. The names
# stand for numbers, which count as right within one part in a million.


# %% id="classify-answer" item="03.classify" role="answer"
def kind_of_motion(u, beta):
    CREEPS, SWINGS, FLIPS, GROWS = 0, 1, 2, 3
    ### BEGIN SOLUTION
    ### BLANK: kind = ...  # as many lines as you need
    kind = CREEPS if u < 1 + beta else FLIPS
    if (1 + beta - u) ** 2 < 4 * beta:
        kind = SWINGS
    if u > 2 * (1 + beta):
        kind = GROWS
    ### END SOLUTION
    return kind


# %% id="classify-check" item="03.classify" role="check"
check("03.classify")

# %% id="classify-hint" item="03.classify" role="hint"
hint("03.classify")

# %% [markdown] id="quiz-text"
# ## What stays
#
# Three questions that many people get wrong.

# %% id="quiz"
ask("03.overshoots", "03.stiffer", "03.friction")

# %% [markdown] id="wells"
# ## Optional: two wells
#
# This part is optional, and the next lessons do not need it. Go on to the words of this lesson if an hour is enough.
#
# A loss need not be a parabola. Here is a hill between two wells, and the left well is the deeper, better one. The
# ball starts on the far right, at rest, with the learning rate 0.02. Near its bottom each well is almost a parabola,
# and so almost a spring. On the hill between them the spring picture ends.

# %% id="escape"
from momentum_lab.explorers import escape

escape()

# %% [markdown] id="escape-tasks"
# 1. Raise `beta` in notches until the ball gets out.
# 2. Go on to 0.96 and 0.98. Larger is no safer: what happens?
# 3. Set the start to -2 and `beta` to 0.9. Where does gradient descent end, and where the ball?

# %% [markdown] id="recap-escape" item="03.escape" role="recap"
# **In two lines:** in the escape of lesson 03 a ball starts at 2, at rest, with the learning rate 0.02, and runs into
# the shallow well. With enough `beta` it crosses the barrier and ends in the deep one.

# %% [markdown] id="escape-text" item="03.escape" role="prompt"
# ## Optional exercise: out of the well
#
# From 2, at rest: what is the smallest `beta` with which the ball ends in the deep well? The notches of the slider
# are 0.005 apart; hand in one of them. In the exercise sheet, `from momentum_lab.explorers import escape` and
# `escape()` show the picture.
#
# - **Hand in:** `smallest_beta`; within one part in a thousand is right.

# %% id="escape-answer" item="03.escape" role="answer"
### BEGIN SOLUTION
### BLANK: smallest_beta = ...  # your number goes in the place of the dots
smallest_beta = 0.84
### END SOLUTION

# %% id="escape-check" item="03.escape" role="check"
check("03.escape")

# %% id="escape-hint" item="03.escape" role="hint"
hint("03.escape")

# %% id="escape-numbers"
from momentum_lab.surfaces import DoubleWell

wells = DoubleWell()
print("the two wells:", wells.minima[:, 0].round(2))
for start, betas in ((2.0, (0.0, 0.8, 0.9, 0.96, 0.98)), (-2.0, (0.0, 0.9, 0.95, 0.99))):
    for beta in betas:
        end = run(HeavyBall(0.02, beta), wells, [start], 3000).thetas[-1, 0]
        print(f"from {start:4.1f} with beta {beta:4}: ends at {end:5.2f}")

# %% [markdown] id="escape-said"
# It is tempting to say that momentum carries a run out of bad minima. From 2, `beta` 0.9 does that. Yet 0.96 brings
# the ball back again, and from -2 `beta` 0.9 carries it out of the *better* well, where gradient descent stays.
# Momentum gets over a barrier when it comes with enough height and speed, and it does not know what lies behind.
#
# Friction takes from that sum, and never adds to it. The derivation holds for time that flows, not for steps; m is the
# mass, c the friction, and what is folded away is used by no lesson.

# %% id="energy"
CATALOGUE["energy"]().fold("A special friction", "Another energy fades at the rate √μ at least")

# %% [markdown] id="saddle"
# At a saddle some direction curves downwards: its u is negative, and the spring pushes away. The next cell counts the
# steps from a millionth to 1, for u -0.01.

# %% id="saddle-numbers"
for beta in (0.0, 0.9):
    x, velocity, steps_taken = 1e-6, 0.0, 0
    while x < 1:
        velocity = beta * velocity - 0.01 * x
        x, steps_taken = x - velocity, steps_taken + 1
    print(f"beta {beta}: {steps_taken} steps")

# %% [markdown] id="saddle-said"
# Both leave: it takes 1389 steps without momentum, 226 with it. Momentum is faster here, and gradient descent is not
# stuck. Started at rest exactly on the ridge, where x is 0, neither would ever move.

# %% [markdown] id="box"
# **Source.** In 1999 Ning Qian worked the picture out (*Neural Networks* 12, pages 145 to 151). In the limit of
# continuous time, `beta` is like the mass of particles that move through a viscous medium; near a minimum they are
# damped oscillators. Momentum speeds learning up, he wrote, by bringing some of them closer to critical damping.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | `u`, stiffness of the step | `lr` times the curvature of one direction |
# | phase | place and velocity together |
# | friction | what takes from the velocity; the more of it, the smaller `beta` |
# | characteristic polynomial | z² - (1 + beta - u) z + beta; its roots are the factors of a step |
# | discriminant | what is under the square root; where it is negative, the direction swings |
# | critical damping | two equal roots: home without a swing, as fast as can be |
# | period | the steps of one swing, there and back |

# %% id="standing"
from momentum_lab.standing import standing

standing("03")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say that the overshoot is velocity collected on the way down,
# - tell creeping, swinging, flipping and growing apart by `u` and `beta`,
# - say why every swing fades by the root of `beta` a step.
#
# **On Monday:** if a training loss rings and there is little noise, lower `beta` before `lr`. On a parabola a smaller
# learning rate makes the swings slower, not shorter-lived, until `u` is below the threshold: 0.00263 for
# `beta` 0.9.
#
# **Ask yourself:** B had the stiffnesses 0.0331 and 3.3058, with `beta` 0.6694. Type each into the spring. One sits
# at the lower edge of the swing, the other at the upper. Can that be chance?

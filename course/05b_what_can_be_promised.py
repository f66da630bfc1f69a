# %% [markdown] id="title"
# # 05b · What can be promised
#
# **45 minutes.** You need the heavy ball of lesson 01, kappa and its best settings from lesson 04, and Nesterov's
# step from lesson 05a.
#
# At the end you can
#
# - show that a heavy ball goes round for ever, and check such a cycle by hand,
# - say what a promise is: for which functions, which settings, which gradients,
# - read 1/k and 1/k^2 off log-log paper,
# - say what Nesterov's method promises, and with which `beta`,
# - cure its waves with a restart.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 05b · What can be promised
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("05b")

# %% [markdown] id="bend"
# ## And if the bowl is not a parabola?
#
# The proofs so far were for parabolas: one curvature in each direction, wherever you stand. A real loss bends more in
# one place than in another. Here is a mild case, along one line: one curvature, but for a soft stretch.


# %% id="slope"
def slope(x):
    return 25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24


print("    x   slope   curvature beside it")
for x in (-1.0, 0.5, 1.2, 1.7, 2.5):
    print(f"{x:5}{slope(x):8.1f}{(slope(x + 0.1) - slope(x)) / 0.1:12.0f}")

# %% [markdown] id="bend-said"
# Its minimum is at 0, where the slope is 0. The curvature lies between 1 and 25, so kappa is 25. Lesson 4 gave the
# settings of the heavy ball with the best long-run rate for such a kappa: `lr` 1/9 and `beta` 4/9. It gave them for
# parabolas.
#
# Make up your mind before you go on. The ball starts at rest, right of the soft
# stretch. Will it arrive as fast as on a parabola, arrive later, fly off, or do something else?


# %% id="by-hand"
def heavy_ball(x, lr, beta, steps):
    velocity, points = 0.0, [x]
    for _ in range(steps):
        velocity = beta * velocity + lr * slope(x)
        x = x - velocity
        points.append(x)
    return np.array(points)


points = heavy_ball(3.3, 1 / 9, 4 / 9, 400)
print("steps 0 to 5:    ", np.round(points[:6], 3))
print("steps 395 to 400:", np.round(points[395:], 3))

# %% [markdown] id="by-hand-said"
# It does not arrive, and it does not fly off. After 400 steps it visits the same three points again and again: 2.116,
# 0.647 and -1.802. That is a cycle. The usual bet is "later", because the bowl looks so harmless.
#
# ## Break it yourself
#
# Below, the same settings meet a bowl in the plane. Its curvature too lies between 1 and 25. The ball is started on a
# corner of a triangle, with the velocity that brings it there.

# %% id="breaker"
from momentum_lab.explorers import breaker

breaker()

# %% [markdown] id="breaker-tasks"
# 1. Choose "Lessard's curve from 3.3". That is the bowl you ran by hand; find its soft stretch in the picture.
# 2. Look at the strip of starts. Move the start from a black bar to a white place, and back.
# 3. Choose "quadratic". How many of the starts go round now?
# 4. Go back to Lessard's curve, and lower the learning rate to 0.8 of the best. What becomes of the strip?
# 5. Look at the two other methods. Does either of them ever go round?

# %% [markdown] id="why-round"
# This is how it goes on. Left of 1 and right of 2 the curvature is 25, and there the ball loses swing as on a parabola.
# But right of 2 the slope is 24 less than that of the parabola. So once in three steps the ball gets a push, in time
# with its swing, like a child on a swing.
#
# A computer that runs 400 steps is no proof. The three points are fractions, and the next derivation puts them into
# the rule, with exact numbers. `f'` is the slope, `eta` is `lr`.

# %% id="three-points"
from momentum_lab.derivations import CATALOGUE

CATALOGUE["three points"]().fold("The root of the smallest", "So does the second")

# %% [markdown] id="three-points-said"
# So a ball on these points stays on them for ever. The ball from 3.3 does not start on them, but it ends there. All
# three points lie where the curvature is 25. There a small error follows the rule for a parabola. In the long run each
# step leaves two thirds of it, so the cycle draws its neighbours in.
#
# The proof says nothing about other settings. On this curve, with `beta` 4/9, a smaller learning rate let every start
# of your strip arrive.
#
# The triangle has a proof of its own. It is optional, and its last line says from which kappa on such a bowl exists.

# %% id="polygon"
polygon = CATALOGUE["polygon"]()
polygon.fold(*[step.title for step in polygon.steps[:-1]])

# %% [markdown] id="recap-cycle" item="05b.cycle" role="recap"
# **In two lines:** one step of the heavy ball, written with points, leads to
# `theta - lr * slope + beta * (theta - theta_before)`. In a cycle the last point leads back to the first.

# %% [markdown] id="cycle-text" item="05b.cycle" role="prompt"
# ## Exercise: is it a cycle?
#
# By how much does the heavy ball miss if it is to go round given points?
#
# - **In:** `points`, an array with a row or a number for each point; `slopes`, the gradient there; `lr`; `beta`.
# - **Out:** where one step from each point lands, minus the next point: an array like `points`. After the last point
#   comes the first.
#
# `np.roll(points, 1, axis=0)` moves every point one place on, and the last to the front.
#
# For example, take the points 1, -1, the slopes 12, -12 and `lr` 0.25. With `beta` 0.5 the misses are 0, 0; with
# 0.25 they are -0.5, 0.5. Numbers count as right within one part in a million.


# %% id="cycle-answer" item="05b.cycle" role="answer"
def cycle_misses(points, slopes, lr, beta):
    ### BEGIN SOLUTION
    before = np.roll(points, 1, axis=0)
    after = np.roll(points, -1, axis=0)
    lands = points - lr * slopes + beta * (points - before)
    return lands - after
    ### END SOLUTION


# %% id="cycle-check" item="05b.cycle" role="check"
from momentum_lab.checks import check, hint

check("05b.cycle")

# %% id="cycle-hint" item="05b.cycle" role="hint"
hint("05b.cycle")

# %% [markdown] id="recap-edge" item="05b.edge" role="recap"
# **In two lines:** Lessard's curve is a smooth, strongly convex bowl. With its best settings for quadratics the heavy
# ball goes round on it for ever from some starts, and arrives from others.

# %% [markdown] id="edge-text" item="05b.edge" role="prompt"
# ## Exercise: the last start that arrives
#
# On Lessard's curve, with `lr` 1/9 and `beta` 4/9, the ball at rest from 3 arrives, and from 3.1 it goes round for
# ever. Somewhere between is an edge. Come close to it: find a start from 3.055 on that still arrives. You may type
# any start into the picture above.
#
# - **Hand in:** `edge`, with a number for `start` (2.9 to 3.3).
# - Our own simulation judges, after 400 steps; there are many right answers.

# %% id="edge-answer" item="05b.edge" role="answer"
### BEGIN SOLUTION
### BLANK: edge = {"start": ...}  # your number goes in the place of the dots
edge = {"start": 3.06}
### END SOLUTION

# %% id="edge-check" item="05b.edge" role="check"
check("05b.edge")

# %% id="edge-hint" item="05b.edge" role="hint"
hint("05b.edge")

# %% [markdown] id="tempting-polyak"
# ## What a promise is
#
# It is tempting to say that Polyak's settings converge on every strongly convex bowl. On quadratics they do, at the
# best rate; and near a minimum with a smooth curvature they do too. Far away neither proof holds. You have seen
# where it stops: a soft stretch is enough. To see it again, move the start in the picture.
#
# A promise, or bound, is a sentence of another kind. It names a class of functions and the settings. Then it holds for
# *every* function of the class, from *every* start, at *every* step. One cycle breaks it.

# %% [markdown] id="first-promise"
# Nesterov's textbook settings come with a promise, for exact gradients and a start at rest. The gap is the loss above
# the lowest. On every function with curvatures between mu and L it stays below a limit, and the limit shrinks by the
# factor 1 - 1/sqrt(kappa) a step. Here kappa is 25, so a step leaves four fifths.

# %% id="kept"
from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import run
from momentum_lab.surfaces import Lessard, Quadratic, WorstCase

starts = np.linspace(-6, 6, 240)[:, np.newaxis]
walk = run(Nesterov(1 / 25, 2 / 3), Lessard(), starts, 120)  # lr 1/L, beta (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
promised = 0.8 ** np.arange(121)[:, np.newaxis] * (walk.gaps[0] + walk.distances[0] ** 2 / 2)
print("Nesterov, from 240 starts at 120 steps: promise", "kept" if (walk.gaps <= promised + 1e-12).all() else "broken")
ball = run(HeavyBall(1 / 9, 4 / 9), Lessard(), starts, 400)
print("heavy ball: still far away from", np.count_nonzero(ball.distances[-1] > 0.1), "of them after 400 steps")

# %% [markdown] id="kept-said"
# The limit starts at the first gap plus half of mu times the square of the first distance. A run that keeps it proves
# nothing; the proof is Nesterov's. A run that broke it would refute it.
#
# The price is speed on the functions that are harmless. Here are both on a quadratic with two directions:

# %% id="rates"
print("kappa 100       beta   factor per step, late in the run")
for rule in (HeavyBall(4 / 121, (9 / 11) ** 2), Nesterov(1 / 100, 9 / 11)):
    distances = run(rule, Quadratic([1.0, 100.0]), [1.0, 1.0], 1200).distances
    print(f"{rule.name:14}{rule.beta:7.3f}{(distances[1200] / distances[600]) ** (1 / 600):12.2f}")

# %% [markdown] id="rates-said"
# Nesterov's rate is 0.90 and not 0.82. The fraction that is often given as its rate, (sqrt(kappa) - 1) over
# (sqrt(kappa) + 1), is 0.818 here: that is its `beta`. The heavy ball has the better rate, on quadratics only.
#
# Here is where 0.90 comes from. As in lesson 03, every direction has two roots, and the length of the longer one is
# its rate. `u` is `lr` times the curvature, and `K` is the square root of kappa.

# %% id="textbook"
CATALOGUE["Nesterov, textbook rate"]()

# %% [markdown] id="no-floor"
# With kappa 100, it is one minus a tenth. This is the rate on quadratics. For all functions between mu and L the
# promise is weaker: it gives this factor to the gap, and so only its square root to the distance.
#
# ## When nothing is known from below
#
# Both settings need mu, the smallest curvature. Often nobody knows it, or it is zero. A function is convex if it
# nowhere curves downwards, and L-smooth if its curvature never exceeds L. For this large class, with exact gradients
# and `lr` 1/L, here are two promises. R is the distance from the start, at rest, to a minimum, and k counts steps.

# %% id="two-bounds"
from momentum_lab.explorers.promises import WORST, constant_gaps, growing_gaps

plain, growing, constant = constant_gaps(WORST, 0.0), growing_gaps(WORST), constant_gaps(WORST, 0.9)
print("L = R = 1   gradient descent     growing beta      beta 0.9")
print("    k     promise   measured   promise   measured  measured")
for k in (1, 10, 100, 1000):
    row = f"{1 / (4 * k + 2):12.1e}{plain[k]:11.1e}{2 / (k + 1) ** 2:10.1e}"
    print(f"{k:5}{row}{growing[k]:11.1e}{constant[k]:10.1e}")
print("beta 0.9 is above the promise of the growing beta from step", np.argmax(constant > 2 / np.arange(1, 3202) ** 2))

# %% [markdown] id="two-bounds-said"
# The promises are L R^2 / (4 k + 2) for gradient descent, and 2 L R^2 / (k + 1)^2 for Nesterov's method with a
# growing `beta`: after k steps the next one uses (k - 1)/(k + 2), and 0 at first. One speaks of 1/k, the other of
# 1/k^2. "Measured" is the worst of 200 quadratics at that step. It stays below its promise, which covers more than
# parabolas.
#
# Between step 10 and step 100 the first promise fell by a factor of nearly ten, the second by more than eighty. On
# paper where both axes are logarithmic, 1/k is a line with slope -1, and 1/k^2 one with slope -2.

# %% id="log-log"
for name, gaps in (("gradient descent", plain), ("growing beta", growing), ("beta 0.9", constant)):
    read = np.log(gaps[3200] / gaps[1600]) / np.log(3200 / 1600)
    print(f"{name:17} slope from step 1600 to 3200: {read:.2f}")

# %% [markdown] id="recap-slope" item="05b.slope" role="recap"
# **In two lines:** the slope on log-log paper is the difference of the logarithms of the losses, divided by the
# difference of the logarithms of the steps. A loss like `k ** -2` has the slope -2.

# %% [markdown] id="slope-text" item="05b.slope" role="prompt"
# ## Exercise: read a slope
#
# A run has the gap 0.02 at step 50, and 0.0005 at step 400. Between the two it is a straight line on log-log paper.
# What is its slope?
#
# - **Hand in:** `log_slope`, a number; within one part in a thousand is right.

# %% id="slope-answer" item="05b.slope" role="answer"
### BEGIN SOLUTION
### BLANK: log_slope = ...  # your number goes in the place of the dots
log_slope = np.log(0.0005 / 0.02) / np.log(400 / 50)
### END SOLUTION

# %% id="slope-check" item="05b.slope" role="check"
check("05b.slope")

# %% id="slope-hint" item="05b.slope" role="hint"
hint("05b.slope")

# %% [markdown] id="move-promises"
# ## Two slopes, and two promises
#
# The thin lines are the promises. Dotted is Nesterov's method with a constant `beta`.

# %% id="promises"
from momentum_lab.explorers import promises

promises()

# %% [markdown] id="promises-tasks"
# 1. Move the constant `beta` from 0 to 0.99. Which changes, the height of the dotted line or its slope in the end?
# 2. Set it back to 0.9, and look at the steps from 20 to 60. Who is ahead there?
# 3. Choose "chain of 200", a row of coupled springs, and 200 steps. Which of the three falls most steeply?
# 4. Choose "bowl, kappa 1000" and all steps. How often does the gap of the growing `beta` rise?
# 5. Choose "with restart". What has become of the waves?

# %% [markdown] id="tempting-name"
# It is tempting to say that Nesterov's name brings 1/k^2, since the method of that name was made for it. With exact
# gradients, `lr` 1/L and a `beta` that grows like (k - 1)/(k + 2) it does, on all smooth convex functions. With
# `beta` 0.9 for ever the worst quadratics already fall only like 1/k. The constant is a better one than that of
# gradient descent; the slope is the same. Choose "constant beta" on the worst quadratic to see it.
#
# Early on the slow one may lead, as in your second task. PyTorch's SGD, for example, keeps one `beta` unless you
# change it.

# %% [markdown] id="recap-bound" item="05b.bound" role="recap"
# **In two lines:** Nesterov's method, with the growing `beta` and `lr` 1/L, promises a gap of at most
# `2 * L * R**2 / (k + 1)**2` after `k` steps. It does so on every convex, L-smooth function; R is the distance from the
# start to a minimum.

# %% [markdown] id="bound-text" item="05b.bound" role="prompt"
# ## Exercise: how many steps to be sure?
#
# A convex function has L = 4, and your start is at the distance R = 3. From which `k` on does the promise
# `2 * L * R**2 / (k + 1)**2` guarantee a gap of 0.01 or less?
#
# - **Hand in:** `sure_after`, a whole number.

# %% id="bound-answer" item="05b.bound" role="answer"
### BEGIN SOLUTION
### BLANK: sure_after = ...  # your number goes in the place of the dots
sure_after = next(k for k in range(1, 10_000) if 2 * 4 * 3**2 / (k + 1) ** 2 <= 0.01)
### END SOLUTION

# %% id="bound-check" item="05b.bound" role="check"
check("05b.bound")

# %% id="bound-hint" item="05b.bound" role="hint"
hint("05b.bound")

# %% [markdown] id="floor-lead"
# ## A better power of k cannot be promised
#
# A better constant can. But there is a function on which every method of this sort is slow: a chain of springs, pulled
# at one end. Where only the first links have moved, the gradient tells you about one link more.

# %% id="chain"
from momentum_lab.schedules import nesterov_beta

chain = WorstCase(201)
square = (chain.minimum**2).sum()  # R^2, from the start at zero
for rule in (GradientDescent(1.0), Nesterov(1.0, nesterov_beta())):
    walk = run(rule, chain, chain.start, 100)
    print(f"{rule.name:17} gap after 100 steps {walk.gaps[-1] / square:.1e},", end=" ")
    print("links moved after 5 steps:", np.count_nonzero(walk.thetas[5]), "of 201")
print(f"no method that adds up gradients: below     {3 / 32 / 101**2:.1e}")

# %% [markdown] id="chain-said"
# In units of L R^2 nothing that adds up gradients gets below 3/(32 (k + 1)^2) here, after k steps on 2 k + 1 links.
# That is a lower bound; the idea is Nemirovski's and Yudin's, the chain Nesterov's. His method is within a factor of
# four of it, and gradient descent is not. So for this class nothing promises more than 1/k^2, while k is below half
# the number of links.
#
# One view of the growing `beta` is optional, and half of it is folded. For small steps the method is a ball with the
# friction 3/t. On a convex function a certain energy of that ball never grows.

# %% id="equation"
CATALOGUE["Nesterov's equation"]().fold(
    "Where we are", "One step on", "One step back", "The number of steps", "Its solution in a bowl", "It starts at 1"
)

# %% [markdown] id="waves"
# ## The waves, and their cure
#
# A `beta` that keeps growing means ever less friction. On the bowl with kappa 1000 the ball arrives, shoots past, and
# comes back in waves. The next cell reads off from which step on each gap stays below 1e-10.

# %% id="restart-numbers"
from momentum_lab.explorers.promises import BOWL, STEPS, TEXTBOOK, arrival, restarted_gaps

print("growing beta:             ", arrival(growing_gaps(BOWL), STEPS))
print("growing beta, restarted:  ", arrival(restarted_gaps(BOWL), STEPS))
print(f"constant beta {TEXTBOOK:.3f}:      ", arrival(constant_gaps(BOWL, TEXTBOOK), STEPS))

# %% [markdown] id="restart-said"
# Restarting takes 443 steps instead of 2958. The constant `beta` for this kappa takes 316, but you must know kappa to
# choose it.
#
# The idea of O'Donoghue and Candes is this. The velocity is made of gradients, so it points uphill, and the step
# takes it away. While gradient and velocity agree, the ball goes downhill. If the gradient that the step was made of
# points against the new velocity, the step went uphill. Then set the velocity to zero, and count from 0 again, so
# that `beta` starts small. A cousin of this test restarts when the loss rises.
#
# The authors argue it on quadratics. Unlike the promises above, this cure comes with no bound for all convex functions.

# %% [markdown] id="recap-restart" item="05b.restart" role="recap"
# **In two lines:** Nesterov's method asks for the gradient at the lookahead, with a `beta` that grows with `k`. If
# that gradient points against the new velocity, the step went uphill: the velocity and `k` start again at zero.

# %% [markdown] id="restart-text" item="05b.restart" role="prompt"
# ## Exercise: one step with restart
#
# The test is missing, and what follows from it.
#
# - **In:** arrays `theta` and `velocity` of shape (n,); `k`, a whole number; `grad`, a function; `lr`.
# - **Out:** the new `theta`, and the velocity and the `k` that the next step begins with.
# - Restart if the products of `gradient` and the new velocity add up to less than zero. The step itself is kept.
#   If not, `k` grows by one. Ask `grad` once; change no array you are given.
#
# For example, with the gradient equal to `theta`, `lr` 0.1 and `k` 4, `theta` 1 and `velocity` -1 lead to 1.35, 0 and
# 0. Numbers count as right within one part in a million.


# %% id="restart-answer" item="05b.restart" role="answer"
def restart_step(theta, velocity, k, grad, lr):
    beta = max(k - 1, 0) / (k + 2)
    gradient = grad(theta - beta * velocity)
    velocity = beta * velocity + lr * gradient
    theta = theta - velocity
    ### BEGIN SOLUTION
    if np.sum(gradient * velocity) < 0:
        return theta, np.zeros_like(velocity), 0
    return theta, velocity, k + 1
    ### END SOLUTION


# %% id="restart-check" item="05b.restart" role="check"
check("05b.restart")

# %% id="restart-hint" item="05b.restart" role="hint"
hint("05b.restart")

# %% [markdown] id="gaps-lead"
# ## What the promise needs
#
# Fill the gaps. All four conditions must hold, or the sentence is no longer true.

# %% id="gaps"
ask("05b.gaps")

# %% [markdown] id="box"
# **Source.** In 1983 Yurii Nesterov (*Soviet Math. Dokl.* 27, pages 372 to 376) minimises smooth convex functions
# with exact gradients. His `beta` grows with every step. He claims a gap of order 1/k^2 for every such function.
# Sutskever, Martens, Dahl and Hinton (ICML 2013) write it with a velocity, for deep networks; their `beta` grows too
# (not re-read).

# %% [markdown] id="box-cycle"
# **Source.** In 2016 Laurent Lessard, Benjamin Recht and Andrew Packard (*SIAM J. Optim.* 26, pages 57 to 95) let a
# computer search for bounds of whole classes of functions. For the heavy ball with its best settings for quadratics
# they show a curve with curvatures between 1 and 25 on which it goes round for ever.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | gap | the loss above the lowest one |
# | convex | nowhere curved downwards |
# | L-smooth | the curvature is never above L |
# | cycle | points that the ball visits in turn, for ever |
# | promise, bound | holds for every function of a class, from every start, at every step |
# | lower bound | no method of a kind can promise less than this gap |
# | slope on log-log paper | the power of k: -1 for 1/k, -2 for 1/k^2 |
# | restart | set the velocity and the count of steps to zero |

# %% [markdown] id="quiz-text"
# ## What stays
#
# Four questions that many people get wrong. All gradients are exact.

# %% id="quiz"
ask("05b.constant_beta", "05b.can_circle", "05b.rate", "05b.promise")

# %% id="standing"
from momentum_lab.standing import standing

standing("05b")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - check a cycle, and say why it breaks a promise,
# - say which functions, settings and gradients a rate is for,
# - read a power of k off two points,
# - write a step of Nesterov's method that restarts.
#
# **On Monday:** when you read that a method "converges at the rate ...", ask for which functions, which settings and
# which gradients. And if a loss without noise comes down in waves, restart the velocity.
#
# **Ask yourself:** every promise of this lesson needs exact gradients. A network sees a few examples at a time. What
# is left of 1/k^2 when every gradient is a little wrong? Lesson 6 adds the noise.

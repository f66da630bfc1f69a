# %% [markdown] id="title"
# # 08b · Does it hold on a real network?
#
# **60 minutes.** You need the heavy ball of lesson 01 and the spring of lesson 03. From lesson 06a you need what a
# mini-batch is: a few examples drawn at random.
#
# At the end you can
#
# - train a network with the two lines you know, and count what it costs,
# - find a steep and a gentle direction of its loss, and test the law of the dots there,
# - tell a gain of momentum from a gain of the learning rate,
# - run a fair race: one budget for all, search included, and the median of several seeds,
# - put the papers of this course in order.


# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 08b · Does it hold on a real network?
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions about the lessons before. Answering from memory is what makes it last; a wrong answer costs nothing.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("08b")

# %% [markdown] id="network"
# ## A function of one long vector
#
# For the dots a formula gives the best line, but for a network there is none. Ours reads a handwritten digit of 8 by 8
# grey values. It forms weighted sums of them, sets the negative sums to 0, and forms sums of those: one score for each
# of ten digits. All weights together are the vector `theta`.
#
# The scores become ten positive shares that add up to 1. The loss of one digit is minus the logarithm of the share
# that went to the right answer, and the network's loss is the mean over all digits.


# %% id="digits"
from momentum_lab.networks import Network, Training, load_digits

digits, network = load_digits(), Network((64, 32, 10))
problem = Training(network, digits.x, digits.labels)
print("digits to learn from:", problem.examples, "  held out:", len(digits.held_out_x))
print("weights in theta:    ", network.dim, "= 64 * 32 + 32 + 32 * 10 + 10")
print("steps of 32 digits until each has been seen:", -(-problem.examples // 32))
print(f"loss at a random start: {problem(network.init(0)):.1f}   of pure guessing, log(10): {np.log(10):.1f}")

# %% [markdown] id="network-said"
# So `theta` has 2410 entries instead of two, and at the start the network knows no more than guessing. The gradient is
# computed backwards through the layers, but your rule sees a function `grad` and nothing else, as ever.
#
# The next cell is a whole training program. Every step sees 32 digits drawn at random, and after 44 steps each of the
# 1400 has been seen once, which is called an epoch. The seed fixes the random start and the order of the digits.


# %% id="training"
from itertools import islice

from momentum_lab.oracles import MiniBatches


def train(lr, beta, steps, seed=0):
    theta, velocity = network.init(seed), 0.0
    for grad in islice(MiniBatches(problem, 32, seed), steps):
        velocity = beta * velocity + lr * grad(theta)
        theta = theta - velocity
    return theta


# %% id="first-run"
for epochs in (0, 1, 5, 20):
    theta = train(0.05, 0.0, 44 * epochs)
    right = network.accuracy(theta, digits.held_out_x, digits.held_out_labels)
    print(f"after {epochs:2} epochs: loss {problem(theta):.2f}, held-out digits right {right:.0%}")

# %% [markdown] id="first-run-said"
# That was gradient descent with `lr` 0.05. The last column is the accuracy on digits that the network has never seen,
# which are held out to judge it when it is finished.
#
# ## A famous gain
#
# Now add momentum, with the usual `beta`, and touch nothing else. The losses below are medians over ten networks with
# ten seeds. They were stored beforehand, because the many runs of this lesson would take too long to wait for.


# %% id="gain"
from momentum_lab.explorers.budget_race import stored

PLAIN, BALL, MEDIAN = 0, 1, 1
ends = stored()["pairs"][..., 0, MEDIAN, -1]  # (lr / (1 - beta), batch, rule): loss after 20 epochs
without, added = ends[1, 1, PLAIN], ends[2, 1, BALL]
print(f"batches of 32, 20 epochs: without momentum {without:.3f}, with beta 0.9 {added:.3f}")
print(f"the loss is {without / added:.0f} times as small")

# %% [markdown] id="bet"
# Such a pair of numbers stands in many a report, and the credit goes to momentum.
#
# Make up your mind before you go on. In lesson 02 a steady push came out 1/(1 - beta) times as large, when lr is
# inside the velocity. So give the heavy ball a tenth of the rate of gradient descent, and both rules have the same
# lr/(1 - beta), which is called the effective learning rate. How much of the seven-fold gain is left: all of it, half,
# or nothing?


# %% id="race"
from momentum_lab.explorers import budget_race

budget_race()

# %% [markdown] id="race-tasks"
# At rest the picture shows both at the effective rate 0.05, where the median losses 0.182 and 0.186 differ by 1.99 %.
# The gain is gone, and what is left is less than ten networks differ among themselves.
#
# 1. Raise the effective lr to 0.5. By how much do the two curves differ now?
# 2. Raise it to 2. Which of the two is lost, and how does the other one end?
# 3. Stay at 2 and choose a batch size of 8. What has become of the winner?
# 4. Go back to 0.05 and choose a batch size of 128. Which budget takes the curves furthest apart?


# %% id="four-rates"
print("batches of 32    without momentum    with beta 0.9")
for effective, row in zip((0.005, 0.05, 0.5, 2.0), ends[:, 1], strict=True):
    print(f"lr/(1 - beta) {effective:5}{row[PLAIN]:15.3f}{row[BALL]:17.3f}")

# %% [markdown] id="four-rates-said"
# Read the third row. The heavy ball with `lr` 0.05, which is the one of the famous gain, ends at 0.027. Without
# momentum, `lr` 0.5 ends at 0.026. So the gain was bought by a rate ten times as large, and plain descent could have
# had it too.
#
# It is tempting to say that momentum trained the network seven times better. At one and the same `lr` you do measure
# that, but it stops being momentum's merit as soon as the other side may choose a rate of its own. Move the effective
# lr above to see it. The last row is another matter, since there only one of the two trains at all.


# %% [markdown] id="why"
# ## Two directions of 2410
#
# Why do they coincide, and why do they part? On the dots the answer was curvature. A network has a curvature in every
# direction too: how much the gradient changes along that direction, per unit of the way. Nobody needs a table of 2410
# times 2410 numbers for it: step a tiny way `eps` along a direction of length one, and compare two gradients.
#
# The steepest direction finds itself. Start with any direction, replace it by the change of the gradient along it, and
# repeat. Each round multiplies every part by its own curvature, so in the end the steepest part outgrows the others.


# %% id="steepest"
trained = train(0.005, 0.9, 880)
slope = problem.grad(trained)


def change(direction, eps=1e-4):
    return (problem.grad(trained + eps * direction) - slope) / eps


# %% id="power"
steep = np.random.default_rng(0).normal(size=network.dim)
for k in range(26):
    steep = steep / np.linalg.norm(steep)
    changed = change(steep)
    if k in (0, 1, 2, 25):
        print(f"round {k:2}: curvature along it {steep @ changed:.2f}")
    steep = changed
steep = steep / np.linalg.norm(steep)

# %% [markdown] id="power-said"
# A random direction has next to no curvature, while the steepest one has 3.51. The method is called power iteration; it
# finds the curvature that is largest in size, and the sign says that this one bends upwards.
#
# For a gentle direction take the way that training still goes: the straight line over its last ten epochs.


# %% id="gentle"
from momentum_lab.surfaces import twelve_dots

way = trained - train(0.005, 0.9, 440)
way = way / np.linalg.norm(way)
sharp, gentle = steep @ change(steep), way @ change(way)
for name, high, low in (("network", sharp, gentle), ("dots", *twelve_dots().eigenvalues[::-1])):
    print(f"{name:8} steep {high:4.1f}   gentle {low:.3f}   ratio {high / low:.0f}")

# %% [markdown] id="gentle-said"
# The twelve dots had the curvatures 10 and 0.1, with the ratio 100. Here they are 3.5 and 0.026, with the ratio 134:
# you have found the same valley in a network.
#
# Do not call 134 the kappa of the network. These are two directions of 2410, at one point. Many others have almost no
# curvature, and some may bend downwards, so there is no useful smallest one to divide by.
#
# In the gentle direction `u`, the stiffness of the step, is tiny. There a ball that is up to speed and plain descent
# with the same effective rate crawl side by side. The steep direction decides how large `lr` may be.


# %% [markdown] id="kick-lead"
# For the steep direction lesson 03 has a law, proved for parabolas. Without momentum each step leaves the factor 1 -
# u, so an error dies out as long as u is below 2. For the heavy ball that limit is 2 (1 + beta). Test it here: start
# two networks at rest and a thousandth apart along the steep direction, give them exact gradients, and watch how far
# apart they are. The unit is the distance at the start, and a minus sign means that they have changed sides.


# %% id="kick"
def kicked(lr, beta, steps):
    pair, velocity = np.array([trained, trained + 1e-3 * steep]), 0.0
    for _ in range(steps):
        velocity = beta * velocity + lr * problem.grad(pair)
        pair = pair - velocity
    return 1e3 * (pair[1] - pair[0]) @ steep


print("  lr  beta     u   limit   1 - u   after 1 step   after 10")
for lr, beta in ((0.5, 0.0), (0.7, 0.0), (0.7, 0.9)):
    u = lr * sharp
    law = f"{lr:4}{beta:6}{u:6.1f}{2 * (1 + beta):8}{1 - u:8.2f}"
    print(law + f"{kicked(lr, beta, 1):15.2f}{kicked(lr, beta, 10):11.1f}")

# %% [markdown] id="kick-said"
# The first step changes the distance by the factor of the law, to within about a hundredth. After ten steps u = 1.8
# has shrunk the kick, and u = 2.5, which is beyond 2, has made it 44.6 times as large. With momentum the same rate
# stays below its limit of 3.8, and the kick has not grown. So close to one point, with exact gradients, the network
# behaves like the dots.
#
# Far from that point no formula holds, because the curvature itself changes on the way. That is why one has to race.


# %% [markdown] id="recap-curvature" item="08b.curvature" role="recap"
# **In two lines:** the curvature along a direction is the change of the gradient along it, per unit of the way, weighed
# with that direction. Looking ahead and behind by `eps` is more exact than looking ahead only.

# %% [markdown] id="curvature-text" item="08b.curvature" role="prompt"
# ## Exercise: the curvature along a direction
#
# The lesson looks ahead only. Where the loss is smooth, looking behind as well leaves a much smaller error: ask for
# the gradient at `theta` plus `eps` times the unit direction, then at `theta` minus it.
#
# - **In:** arrays `theta` and `direction`; `grad`, a function; `eps`.
# - **Out:** `product`, the change of the gradient per unit of the way, with the direction brought to length one;
#   `curvature`, the product times the unit direction, entry by entry, added up.
# - Ask `grad` ahead first, then behind.
#
# For example, the gradient `[3, 1] * theta` and the direction (2, 0) give (3, 0) and 3. Numbers count as right within
# one part in a million.


# %% id="curvature-answer" item="08b.curvature" role="answer"
def curvature_along(theta, direction, grad, eps):
    ### BEGIN SOLUTION
    ### BLANK: unit = ...
    ### BLANK: product = ...
    ### BLANK: curvature = ...
    unit = direction / np.linalg.norm(direction)
    product = (grad(theta + eps * unit) - grad(theta - eps * unit)) / (2 * eps)
    curvature = unit @ product
    ### END SOLUTION
    return product, curvature


# %% id="curvature-check" item="08b.curvature" role="check"
from momentum_lab.checks import check, hint

check("08b.curvature")

# %% id="curvature-hint" item="08b.curvature" role="hint"
hint("08b.curvature")

# %% [markdown] id="seeds-lead"
# ## What a fair race counts
#
# So far you compared medians. Here is what single runs would have told you, at the effective rate 0.5.


# %% id="seeds"
print("seed   lr 0.5, beta 0   lr 0.05, beta 0.9   lower")
for seed in range(6):
    plain, ball = problem(train(0.5, 0.0, 880, seed)), problem(train(0.05, 0.9, 880, seed))
    print(f"{seed:4}{plain:15.3f}{ball:18.3f}{'plain' if plain < ball else 'heavy ball':>15}")
print(f"medians of ten:{ends[2, 1, PLAIN]:8.3f} and {ends[2, 1, BALL]:.3f}")

# %% [markdown] id="seeds-said"
# With seed 0 alone you would report 0.040 against 0.028. Seeds 2 and 4 say the opposite, and in the medians of ten
# there is nothing to report. The median is better here than the mean, which a single run that blew up can drag
# anywhere.
#
# The second matter is the price. A rule with more settings needs more tries, and every try costs something. The coin
# is one evaluation of the gradient, because seconds depend on the machine, and a step may ask more than once. `search`
# gives all tries of a rule one common budget, so that twice as many tries leave half as many steps for each.


# %% id="search"
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Nesterov
from momentum_lab.searching import search

for rule, top in ((GradientDescent, 1.0), (HeavyBall, 0.1), (Nesterov, 0.1), (Adam, 0.03)):
    tries, lost = [rule(lr=round(top * 0.3**k, 5)) for k in range(4)], []
    for seed in (0, 1):
        trials = search(tries, problem, network.init(seed), 880, oracle=MiniBatches(problem, 32, seed))
        lost.append(f"{trials[0].loss:.2f} (lr {trials[0].optimizer.lr:g})")
    best, *_ = trials
    print(f"{best.optimizer.name:17} best of 4 tries, {best.evaluations} evaluations each:  {lost[0]}   {lost[1]}")

# %% [markdown] id="search-said"
# The two columns are two seeds. Each try had 220 evaluations, which is 5 epochs. With the first seed the search takes
# the largest rate for gradient descent, and with the second a smaller one.
#
# This search chose by the loss on the digits that it learns from. If you choose by accuracy, use digits that are
# neither learnt from nor reported, which are called a validation set; those that are only reported are the test set.
# Digits that took part in a choice flatter whatever was chosen.


# %% [markdown] id="recap-fair" item="08b.fair" role="recap"
# **In two lines:** choose the setting on the validation set by the median over the seeds. Report it on the test set:
# the median, and as band the 10th and the 90th percentile.

# %% [markdown] id="fair-text" item="08b.fair" role="prompt"
# ## Exercise: a fair report
#
# Choose a learning rate and report it. Two tables hold losses; a row is a rate, a column is a seed.
#
# - **In:** `validation` and `test`, arrays of shape (rates, seeds).
# - **Out:** `chosen`, the row with the lowest median on the validation set; `low`, `median` and `high`, the 10th, 50th
#   and 90th percentile of its losses on the test set.
#
# For example, validation [[1, 2, 9], [3, 3, 3]] and test [[4, 5, 6], [1, 1, 1]] give 0, 4.2, 5.0 and 5.8. Numbers count
# as right within one part in a million.


# %% id="fair-answer" item="08b.fair" role="answer"
def fair_report(validation, test):
    ### BEGIN SOLUTION
    ### BLANK: chosen = ...
    ### BLANK: low, median, high = ..., ..., ...
    chosen = np.argmin(np.median(validation, axis=1))
    low, median, high = np.percentile(test[chosen], [10, 50, 90])
    ### END SOLUTION
    return chosen, low, median, high


# %% id="fair-check" item="08b.fair" role="check"
check("08b.fair")

# %% id="fair-hint" item="08b.fair" role="hint"
hint("08b.fair")

# %% [markdown] id="tuned-lead"
# ## Each at its best, for the same money
#
# Here is the same explorer with all four rules. Each rule spends the whole budget on its tries, and you see its best
# try, chosen by the median training loss of ten networks.


# %% id="tuned-race"
budget_race().set(fair="tuned, equal budget", tries=4)

# %% [markdown] id="tuned-tasks"
# 1. Move the tries from 1 to 12 while the budget stays. What does a longer search cost?
# 2. Choose 5 epochs and a batch size of 128. Who wins with 1 try, with 4, with 12?
# 3. Compare the held-out accuracies with the losses. Is the first in one also the first in the other?

# %% id="ranking"
from types import SimpleNamespace

from momentum_lab.explorers.budget_race import METHODS, TUNED, simulate

print("5 epochs   " + "".join(f"{'tries':>24} {tries}" for tries in (1, 4)))
for batch in ("8", "32", "128"):
    cells = []
    for tries in (1, 4):
        asked = SimpleNamespace(batch=batch, budget="5 epochs", tries=tries, fair=TUNED, effective="0.05")
        first, second = simulate(asked).best[:2]
        cells.append(f"{METHODS[first.row]}, by {1 - first.losses[1] / second.losses[1]:.1%}")
    print(f"batch {batch:>4} " + "".join(f"{cell:>26}" for cell in cells))

# %% [markdown] id="ranking-said"
# These are six races on one network, and each of the four rules wins somewhere. In four of them the lead is below 5 %.
# So a ranking belongs to a budget, a batch size and a number of tries. This one belongs also to one small network and
# to betas that nobody tuned, and it is no theorem.
#
# One thing can be said about momentum. Give each of the twelve stored rates the whole 20 epochs, and compare the best.


# %% id="best-of-twelve"
runs = stored()
finals = runs["grid"][..., 0, MEDIAN, -1]  # (rule, batch, rate): median loss after 20 epochs
print("batch   gradient descent   at lr   heavy ball   at lr/(1 - beta)   ratio")
for place, batch in enumerate((8, 32, 128)):
    plain, ball = finals[PLAIN, place], finals[BALL, place]
    lr, effective = runs["rates"][PLAIN, plain.argmin()], runs["rates"][BALL, ball.argmin()] / (1 - 0.9)
    row = f"{batch:5}{plain.min():19.4f}{lr:8.2f}{ball.min():13.4f}{effective:19.2f}"
    print(row + f"{plain.min() / ball.min():8.1f}")

# %% [markdown] id="best-said"
# With batches of 8 both choose the same effective rate, and momentum gains next to nothing. With batches of 128, whose
# gradients have less noise, the heavy ball takes an effective rate of 5.34. Gradient descent stays at 0.81, and its
# loss is 19 times as large. So in these runs momentum's own gain is that it bears a larger effective rate. Each best
# rate was chosen by the very losses that are printed, which flatters both sides alike.
#
# Lesson 06a found the same in a noisy bowl, and large studies of networks, such as that of Shallue and others, find
# that momentum pays with large batches.


# %% [markdown] id="recap-tune" item="08b.tune_three" role="recap"
# **In two lines:** a search tries the heavy ball with rates spread evenly in their logarithm, from `lowest` to
# `highest`. All tries on a problem share 400 gradient evaluations, and only the best try counts.

# %% [markdown] id="tune-text" item="08b.tune_three" role="prompt"
# ## Exercise: tune on three problems
#
# You hand in a search, which is run on three problems: the twelve dots, a bowl with the curvatures 0.8 and 80, and the
# digits in batches of 32. On each, the tries share 400 gradient evaluations. The best try must leave at most a
# millionth of the loss on the dots and on the bowl, and 0.108 of it on the digits.
#
# - **Hand in:** `tuning`, with the number of `tries` (1 to 40), the `lowest` and `highest` rate (0.0001 to 10) and one
#   `beta` for all (0 to 0.999). The rates are evenly spread in their logarithm.
# - Our own simulation judges; there are many right answers.


# %% id="tune-answer" item="08b.tune_three" role="answer"
### BEGIN SOLUTION
### BLANK: tuning = {"tries": ..., "lowest": ..., "highest": ..., "beta": ...}  # put numbers in
tuning = {"tries": 3, "lowest": 0.03, "highest": 0.3, "beta": 0.8}
### END SOLUTION

# %% id="tune-check" item="08b.tune_three" role="check"
check("08b.tune_three")

# %% id="tune-hint" item="08b.tune_three" role="hint"
hint("08b.tune_three")

# %% [markdown] id="vision"
# ## What a ranking is used for
#
# It is tempting to say that SGD with momentum is the method for images, because it generalises best. In the
# experiments of Wilson and others, adaptive rules such as Adam did worse on unseen data. Choi and others found that
# the ranking depends on what is tuned, and in their experiments well-tuned adaptive rules never did worse than
# momentum. So the sentence holds for some ways of tuning and stops with others. Move the tries in the race above and
# watch the order of the accuracies.
#
# It is also often said that under noise Nesterov's method gains less than the heavy ball. We know of no proof of that.


# %% [markdown] id="box"
# **Source.** Ashia Wilson and others (NIPS 2017, 4148-4158) report that adaptive rules did worse on unseen data. Dami
# Choi and others (2019, arXiv 1910.05446) ask how such comparisons depend on tuning. Their claim: the ranking changes
# with what is tuned, and in their experiments no rule did worse than one that it can imitate, once both were tuned.


# %% [markdown] id="recap-capstone" item="08b.capstone" role="recap"
# **In two lines:** five networks of the sizes 64, 32, 10 are trained by the heavy ball for 3 epochs of 1400 digits.
# Their median training loss is judged.

# %% [markdown] id="capstone-text" item="08b.capstone" role="prompt"
# ## Exercise: train the digits
#
# Here is the whole course in one task: train the digits network for 3 epochs to a training loss of 0.13 or less, in
# the median of five seeds. The batch is yours to choose, so a step no longer has one price. The coin is then the
# gradient of one digit, and 3 epochs are 4200 of them.
#
# - **Hand in:** `training`, with `lr` (0 to 10), `beta` (0 to 0.999) and `batch` (4 to 1400, a whole number).
# - The rule is the heavy ball, with lr inside the velocity. Our own simulation judges, and tells you both the loss and
#   the held-out accuracy; there are many right answers.


# %% id="capstone-answer" item="08b.capstone" role="answer"
### BEGIN SOLUTION
### BLANK: training = {"lr": ..., "beta": ..., "batch": ...}  # your numbers in the place of the dots
training = {"lr": 0.06, "beta": 0.9, "batch": 16}
### END SOLUTION

# %% id="capstone-check" item="08b.capstone" role="check"
check("08b.capstone")

# %% id="capstone-hint" item="08b.capstone" role="hint"
hint("08b.capstone")

# %% [markdown] id="timeline-lead"
# ## The story as a whole
#
# Each of these papers was made for a problem of its own. Rumelhart, Hinton and Williams used Polyak's step, for
# example, and their references do not name him.


# %% id="timeline"
ask("08b.timeline")

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | epoch | as many steps as it takes to see every example once |
# | held-out accuracy | the share of unseen examples that are answered rightly |
# | effective lr | lr/(1 - beta), for a rule with lr inside the velocity |
# | power iteration | finds the direction with the curvature largest in size |
# | budget | gradient evaluations for all tries of a rule together |
# | validation set, test set | for choosing; for reporting what was chosen |
# | band | from the 10th to the 90th percentile of the seeds |

# %% [markdown] id="quiz-lead"
# ## What stays
#
# Answer from memory, without scrolling up. You may answer as often as you like.

# %% id="quiz"
ask("08b.same_curve", "08b.coin", "08b.one_seed")

# %% id="standing"
from momentum_lab.standing import standing

standing("08b")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - find the steepest direction of a network with nothing but gradients,
# - say how much of a gain is momentum's, and how much is the learning rate's,
# - choose on one set and report on another, with a median and a band.
#
# **On Monday:** before you report that a new rule wins, give the old one the same search budget. Then report the median
# and the band of several seeds, and say what was tuned.
#
# **Ask yourself:** through this course twelve questions have come back, and you have seen each of them tested. Which
# sentences about momentum survive, and with which conditions? Lesson 10 asks all twelve again.

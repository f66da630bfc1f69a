# %% [markdown] id="title"
# # 10 · Which sentences survive
#
# **60 minutes.** Optional. You need the lessons before it, or the parts of them that you want to see tested.
#
# At the end you can
#
# - say which of your own first answers you have changed, and what changed them,
# - look up a sentence about momentum, with its verdict and its conditions,
# - make the numbers of any entry anew, and see a wrong digit caught,
# - read a checked derivation, and fill the step that it leaves out,
# - find and mend a slip in a printed formula.

# %% [markdown] id="sheet-title" role="sheet-title"
# # Exercises for lesson 10 · Which sentences survive
#
# Every exercise stands alone. Fill in the answer, run it, and run the check below it as often as you like.

# %% [markdown] id="before"
# ## Before you begin
#
# Three questions from anywhere in the course. Answering from memory is what makes it last.

# %% id="recall"
from momentum_lab.quizzes import ask, recall

recall("10")

# %% [markdown] id="twelve-text"
# ## Twelve questions, once more
#
# The lessons had questions whose wrong answers each stand for a belief that people bring along. Twelve of them come
# back here, without marks. Answer from memory first; a wrong answer points to the picture in which its belief fails.
# In all of them the learning rate is inside the velocity, unless the question says something else.

# %% id="twelve"
ask(*(f"10.q{number:02}" for number in range(1, 13)))

# %% [markdown] id="then-text"
# ## Then and now
#
# The next cell puts your first answer in the earlier lesson beside your latest one from above. It reads both from the
# file of your progress. Run it again whenever you have answered more.

# %% id="then"
from momentum_lab.then_and_now import then_and_now

then_and_now("10")

# %% [markdown] id="then-said"
# A cross that has become a tick is a belief that you gave up. A tick that has become a cross is worth as much to know:
# what was right for a day has faded. Pick one cross, and go to its picture. The next cell opens any of them; change
# the name and run it.

# %% id="explorer"
from momentum_lab.explorers import CATALOGUE as EXPLORERS

print(", ".join(EXPLORERS))
EXPLORERS["settings map"]()

# %% [markdown] id="explorer-tasks"
# 1. Say aloud what your belief predicts for one setting, a number if you can. Then move the picture to that setting.
# 2. In the settings map, raise `beta` to 0.99 at condition number 100, and read the rate.
# 3. Press "best asymptotic rate". Move the middle of the dots to 10, and press it again. Which `beta` is best now?

# %% [markdown] id="ledger-text"
# ## The ledger
#
# The course follows an article about momentum, one of many. What it says stands in a list, the ledger, sentence by
# sentence and in our words. Each entry has a verdict, and says what is exactly true. How many of these sentences are
# true as they stand? Guess before you look.

# %% id="counts"
from collections import Counter

from momentum_lab.claims import CLAIMS, MISCONCEPTIONS, VERDICTS

counts = Counter(claim.verdict for claim in CLAIMS)
for verdict in VERDICTS:
    print(f"{verdict:20}{counts[verdict]:3}")
print(f"{'together':20}{len(CLAIMS):3}, with numbers to test in {sum(bool(c.numbers) for c in CLAIMS)} of them")

# %% [markdown] id="counts-said"
# Of 59 sentences 9 are true as they stand, and 22 more need a condition that was left out: a quadratic, exact
# gradients, settings that stay constant. In 12 the idea is right and the words are not; 12 are false.
# Nobody has shown the 3 unsupported ones, and one is an opinion.
#
# Here are all of them. Fold a verdict out to read its sentences.

# %% id="ledger"
from momentum_lab.claims.page import claims_table, misconceptions_table

claims_table(CLAIMS)

# %% [markdown] id="check-text"
# ## One sentence under test
#
# Here is the entry with the number 41. `check` runs its experiment anew, and returns every number that does
# not come out as it is printed.

# %% id="check-one"
claim = CLAIMS[41 - 1]
print(f"{claim.claim}\nVerdict: {claim.verdict}")
for name, printed in claim.numbers.items():
    print(f"  {name}: {printed}")
print("Not as printed:", claim.check())

# %% [markdown] id="digit-text"
# All of them come out as printed. To trust such a test you should see it fail, so the next cell alters one digit.

# %% id="digit"
from dataclasses import replace

altered = replace(claim, numbers={**claim.numbers, "best rate at all": "0.817"})
for name, (printed, found) in altered.check().items():
    print(f"{name}: printed {printed}, found {found}")

# %% [markdown] id="tempting"
# ## False for which kappa?
#
# It is tempting to read "false" as "never do that", since the sentence sounds like plain advice. Yet there are valleys
# in which a `beta` near 1 is right. For each `beta` the cell prints the condition number to which it belongs: on a
# quadratic without noise, both settings constant and at their best, in the long run.

# %% id="tempting-numbers"
print("  beta   best at kappa")
for beta in (0.669, 0.9, 0.99, 0.999):
    root = beta**0.5
    print(f"{beta:6}{((1 + root) / (1 - root)) ** 2:16,.0f}")

# %% [markdown] id="tempting-said"
# At kappa 100 the best `beta` is 0.669, and 0.999 belongs to a kappa of 15,984,002. So on quadratics the sentence is
# wrong at the first and close to right at the second. What makes it false is that it says "usually", with no kappa
# beside it. You can see this in the settings map: put the middle of the dots further out, and the best `beta` climbs.
#
# Now test any sentence you like: change the number in the next cell, and run it.

# %% id="check-any"
number = 24  # any number of the ledger
claim = CLAIMS[number - 1]
print(f"{claim.claim}\nVerdict: {claim.verdict}\n{claim.statement}")
print(f"{len(claim.numbers)} numbers made anew, {len(claim.check())} of them not as printed.")

# %% [markdown] id="any-said"
# A number that comes out shows this number, for these settings and this start. It proves no sentence with "all" in
# it. For that there are derivations, and they come below.
#
# ## What learners believe
#
# The ledger has a second part: beliefs that learners bring along, by the lesson that treats them. Each has a run
# that shows what is true.

# %% id="beliefs"
print(f"{len(MISCONCEPTIONS)} beliefs, {sum(bool(m.check()) for m in MISCONCEPTIONS)} with a number not as printed")
misconceptions_table(MISCONCEPTIONS)

# %% [markdown] id="derivations-text"
# ## What is derived
#
# A derivation of this course is a list of steps. A premise is put in: what the method does, or what is assumed. A claim
# must follow from the steps before it, and the computer checks that before the page shows it.

# %% id="catalogue"
from momentum_lab.derivations import CATALOGUE, Derivation, DerivationError

print(f"{len(CATALOGUE)} derivations{'premises':>20}{'claims':>8}")
for name, make in CATALOGUE.items():
    premises = sum(step.premise for step in make().steps)
    print(f"  {name:30}{premises:4}{len(make().steps) - premises:8}")

# %% [markdown] id="wrong-text"
# ## A wrong sign is caught
#
# Here is the average that starts at zero, which lesson 02 corrected. The second cell turns one sign round, as a slip of
# the pen would, and lets the derivation be checked.

# %% id="right"
average = CATALOGUE["bias correction"]()
average = Derivation(average.title, average.steps[:4]).verify()
average

# %% id="wrong"
slip = average.steps[2]
slip = replace(slip, equation=slip.equation.func(slip.equation.lhs, -slip.equation.rhs, evaluate=False))
try:
    Derivation(average.title, (*average.steps[:2], slip, average.steps[3])).verify()
except DerivationError as error:
    print(error)

# %% [markdown] id="wrong-said"
# The message names the step, and what is left over when one side is taken from the other. A claim that passes holds
# for every step, every `beta` between 0 and 1 and every `G` at once, which no run can show. It says nothing about
# whether the premises, such as a steady gradient, fit your training; that stays for you to judge.
#
# ## Fill the step that is missing
#
# The gradient has become zero, and the ball still rolls. Its last step had the length `v`. The derivation
# below leaves out the way that it makes in the next `n` steps.

# %% id="coasting"
coasting = CATALOGUE["coasting"]()
Derivation(coasting.title, coasting.steps[:3]).with_blank("The way after n steps")

# %% [markdown] id="attempt-text"
# You can put a right-hand side of your own in, and read what is left over. Here is a first try that forgets the fading:

# %% id="attempt"
coasting.attempt("The way after n steps", "n * beta * v")

# %% [markdown] id="recap-missing" item="10.missing_step" role="recap"
# **In two lines:** with a gradient of zero every step is `beta` times the one before. The last step before that had the
# length `v`; it lies behind the ball and does not count.

# %% [markdown] id="missing-text" item="10.missing_step" role="prompt"
# ## Exercise: how far it still rolls
#
# How long is the way of the next `n` steps? Write it without a sum, with the symbols `beta_`, `v_` and `n_`, for
# example `n_ * beta_ * v_`, which is wrong.
#
# - **Hand in:** `way`, an expression. It is compared at several exact values of the symbols, so any way of writing it
#   counts.

# %% id="missing-answer" item="10.missing_step" role="answer"
import sympy

beta_, v_, n_ = sympy.symbols("beta v n")
### BEGIN SOLUTION
### BLANK: way = ...  # write beta_, v_ and n_ for the symbols
way = beta_ * v_ * (1 - beta_**n_) / (1 - beta_)
### END SOLUTION

# %% id="missing-check" item="10.missing_step" role="check"
from momentum_lab.checks import check, hint

check("10.missing_step")

# %% id="missing-hint" item="10.missing_step" role="hint"
hint("10.missing_step")

# %% [markdown] id="errata-text"
# ## Slips in print
#
# Four slips follow, from two well-known texts on this subject. Both are worth reading, and this course will have slips
# of its own. What counts is that anybody can find one, with a number or a line of algebra.
#
# In the first, the rate of a swing was printed as two times the root of `beta`. The cell looks at four swings.

# %% id="lengths"
print("beta    u   lengths of the two roots   printed")
for beta, u in ((0.81, 0.1), (0.81, 1.5), (0.25, 0.5), (0.25, 1.5)):
    lengths = np.abs(np.roots([1, -(1 + beta - u), beta]))
    print(f"{beta:4}{u:5}{lengths[0]:14.3f}{lengths[1]:8.3f}{2 * beta**0.5:14.3f}")

# %% [markdown] id="recap-one" item="10.errata1" role="recap"
# **In two lines:** in one direction the heavy ball follows the roots of z² - (1 + beta - u) z + beta. Where it swings,
# the two roots are mirror images of each other, and a step keeps their common length.

# %% [markdown] id="one-text" item="10.errata1" role="prompt"
# ## Exercise: a rate twice too large
#
# What is the common length of the two roots, where the ball swings? Use the symbol `beta_`.
#
# - **Hand in:** `length`, an expression such as `2 * sympy.sqrt(beta_)`, which is what was printed.

# %% id="one-answer" item="10.errata1" role="answer"
import sympy

beta_ = sympy.symbols("beta")
### BEGIN SOLUTION
### BLANK: length = ...  # write beta_ for beta
length = sympy.sqrt(beta_)
### END SOLUTION

# %% id="one-check" item="10.errata1" role="check"
from momentum_lab.checks import check, hint

check("10.errata1")

# %% id="one-hint" item="10.errata1" role="hint"
hint("10.errata1")

# %% [markdown] id="recap-two" item="10.errata2" role="recap"
# **In two lines:** a loss and its gradient belong together: the gradient is the derivative of the loss. A constant
# factor in front of one stands in front of the other.

# %% [markdown] id="two-text" item="10.errata2" role="prompt"
# ## Exercise: a loss and its gradient
#
# The second slip is a factor that a loss has lost. With one weight `w`, one input `z` and one target `d`, the loss was
# printed as (z w - d)². What follows it belongs to the gradient z (z w - d), and is right. Which loss has this
# gradient, and is zero where the fit is perfect?
#
# - **Hand in:** `loss`, an expression in `z`, `w` and `d`, such as `(z * w - d) ** 2`, which was printed.

# %% id="two-answer" item="10.errata2" role="answer"
import sympy

z, w, d = sympy.symbols("z w d")
### BEGIN SOLUTION
### BLANK: loss = ...
loss = (z * w - d) ** 2 / 2
### END SOLUTION

# %% id="two-check" item="10.errata2" role="check"
check("10.errata2")

# %% id="two-hint" item="10.errata2" role="hint"
hint("10.errata2")

# %% [markdown] id="recap-three" item="10.errata3" role="recap"
# **In two lines:** to complete the square means to write q/2 x² + c x as q/2 (x + shift)², with a rest that holds
# no x. The bottom of the bowl lies where the bracket is zero.

# %% [markdown] id="three-text" item="10.errata3" role="prompt"
# ## Exercise: where the bowl has its bottom
#
# The third slip is one of sign: a bowl with the matrix Q, and the slope c at zero, was written as a square of
# x minus Q⁻¹ c. In one direction the bowl is q/2 x² + c x, and the square is q/2 (x + shift)². With the printed sign,
# `shift` would be `-c / q`. What is it?
#
# - **Hand in:** `shift`, an expression in `q` and `c`.

# %% id="three-answer" item="10.errata3" role="answer"
import sympy

q, c = sympy.symbols("q c")
### BEGIN SOLUTION
### BLANK: shift = ...
shift = c / q
### END SOLUTION

# %% id="three-check" item="10.errata3" role="check"
check("10.errata3")

# %% id="three-hint" item="10.errata3" role="hint"
hint("10.errata3")

# %% [markdown] id="recap-four" item="10.errata4" role="recap"
# **In two lines:** noise with mean zero pushes one way as often as the other, so the mean of the noise is nothing. The
# mean of its square is not: it is the variance.

# %% [markdown] id="four-text" item="10.errata4" role="prompt"
# ## Exercise: the square that was lost
#
# The fourth stands in a note on noise, where the mean of the noise is printed in the place of the mean of its square.
# One step of gradient descent with noise leads from `x` to (1 - u) x - eta ε. The noise ε does not depend on `x`; it
# has mean zero, and its square has the mean `V`. What is the mean of the square of the new place?
#
# - **Hand in:** `mean_square`, an expression in `u`, `x`, `eta` and `V`.

# %% id="four-answer" item="10.errata4" role="answer"
import sympy

u, x, eta, V = sympy.symbols("u x eta V")
### BEGIN SOLUTION
### BLANK: mean_square = ...
mean_square = (1 - u) ** 2 * x**2 + eta**2 * V
### END SOLUTION

# %% id="four-check" item="10.errata4" role="check"
check("10.errata4")

# %% id="four-hint" item="10.errata4" role="hint"
hint("10.errata4")

# %% [markdown] id="recap-audit" item="10.audit" role="recap"
# **In two lines:** a printed number has lost its later digits to rounding. It survives if the measured number, printed
# with as many decimals, looks the same.

# %% [markdown] id="audit-text" item="10.audit" role="prompt"
# ## Exercise: your own audit
#
# Write the test that decides for a whole list of printed numbers at once.
#
# - **In:** `printed` and `measured`, arrays of the same length; `decimals`, how many decimals were printed.
# - **Out:** an array of that length, true where the printed number survives. Leave the arrays as they are.
# - A number survives if the measured one, rounded to `decimals`, is printed the same.
#   No measured number lies exactly halfway.
#
# For example, 0.65, 29.00, 0.53 were printed and 0.6513, 28.98, 0.5263 are measured, with two decimals: true, false,
# true. Numbers count as right within one part in a million.


# %% id="audit-answer" item="10.audit" role="answer"
def survives(printed, measured, decimals):
    ### BEGIN SOLUTION
    return np.abs(measured - printed) < 0.5 * 10.0**-decimals
    ### END SOLUTION


# %% id="audit-check" item="10.audit" role="check"
check("10.audit")

# %% id="audit-hint" item="10.audit" role="hint"
hint("10.audit")

# %% [markdown] id="source"
# **Source.** In 2019 D. Choi and colleagues (*On empirical comparisons of optimizers for deep learning*, arXiv
# 1910.05446) compared optimizers on networks. They claim that the ranking depends on which settings are tuned. In their
# experiments well-tuned adaptive methods never did worse than momentum.

# %% [markdown] id="glossary"
# ## Words of this lesson
#
# | word | meaning |
# |---|---|
# | ledger | the list of sentences with their verdicts and numbers |
# | verdict | true, true with a condition, imprecise, unsupported, opinion, or false |
# | premise | a step that is put in, and not shown |
# | left over | one side of an equation less the other; zero if it holds |
# | erratum, errata | a slip in print, and more than one of them |
# | to survive | to come out again, rounded as it was printed |

# %% [markdown] id="standing-text"
# ## Where you stand

# %% id="standing"
from momentum_lab.standing import standing

standing("10")

# %% [markdown] id="you-can-now"
# ## You can now
#
# - say which of your beliefs have changed, with both answers beside each other,
# - ask of a sentence about momentum: for which functions, which settings, which start, with which noise,
# - tell what a number can show and what only a derivation can,
# - find a slip with a number or a line of algebra.
#
# **On Monday:** take one sentence from your own notes on training, for example "momentum made it faster". Write
# beside it what was tuned, for which finish, and how many runs there were. Then see whether it survives.

# %% [markdown] id="the-end"
# ## What to do next
#
# To keep a report, type `python start.py report` in a terminal, in the folder of the course. It writes what you have
# done into one page that you can keep, print or send, without a network. Two things may come next: `own_dots` in
# `momentum_lab.explorers` races on two columns of your own, and the timeline of lesson 01 has the papers.
#
# Thank you for the hours that you have spent here. If a sentence of this course does not survive your test, tell us
# which one; CONTRIBUTING.md says how an entry of the ledger is changed.
#
# **Ask yourself:** of all you now believe about momentum, which sentence have you never tested?

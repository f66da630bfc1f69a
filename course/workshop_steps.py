"""What an instructor does in each section of the plans, in one or two sentences."""

RECALL = "Alone: three questions about earlier lessons, on each screen its own. Nobody sees the answers."
STAYS = "Alone: the questions of the lesson, then the cell that says where you stand."

STEPS = {
    "00": {
        "Is this machine ready?": "Everybody runs the first cells with Shift+Enter. *This machine is ready*: green "
        "note up. Anything else: red note up, and sit with a neighbour who is ready.",
        "One picture to move": "Move `beta` on the wall, then they do: by mouse, by arrow key, by typing a number. "
        "The ball gets across, and for some larger `beta` it comes back.",
        "Exercise: a first answer": "Alone: one line, one wrong answer on purpose, one hint. This is how every "
        "exercise works.",
    },
    "01": {
        "Twelve dots and a line": "Show the dots and the flat line. Say that a formula solves this, and that a "
        "network has none. Nobody needs a machine of their own yet.",
        "A run you know": "Run the cell. One step takes 99.0 % of the loss, arriving takes 1341. Ask who has seen "
        "such a curve at work.",
        "Two runs without names": "Show A and B, ten steps each. Hands: who keeps A, who keeps B? Write both numbers "
        "on the board and leave them there. Then run the next cell: B is home at 93, A at 691.",
        "One more line": "Show both codes, one above the other. Ask a neighbour pair to read B's extra line aloud in "
        "words. Say `velocity`, `lr`, `beta` once each.",
        "Across and along": "Draw board 1 first. Then run the table and take the vote.",
        "Is the race fair?": "Run the table: the ranking after ten steps is the reverse of the one at the end. Ask "
        "what a race has to say about its runners.",
        "Now move it": "The first minutes on their own machines, in pairs: the three tasks below the picture. Helpers "
        "walk; red notes first.",
        "Exercise: one more line": "Alone, then compare with the neighbour. Green note when the check says passed. "
        "Nobody waits: who is done tries the exercise after it.",
        "Exercise: faster than the textbook": "Pairs, with the picture as the place to search. Collect the smallest "
        "step on the board.",
        "Where the line comes from": "Each table takes one paper of the timeline and tells the room in one sentence "
        "what it claimed.",
        "What stays": STAYS,
    },
    "02": {
        "Before you begin": RECALL,
        "Two lists that you have already made": "Run both cells. One list comes out 12.2 times as large, the other "
        "about half as large, from the same sum. Say *open loop*: nothing moves here.",
        "Three gradients by hand": "Do 1, 2, 3 with `beta` one half on the board (board 2), the room says the "
        "numbers. Then run the cell: 4.25. Show the formula, read its last line only.",
        "Move it": "Take the vote before anybody moves. Then the tasks below the bench in pairs, at least the second.",
        "How far back does it look?": "Take the vote, then run the table. Stop at 65.1 % and at 29 gradients.",
        "Exercise: the window of 0.8": "Alone. Computing in the cell is allowed.",
        "A sum, and no average": "Run the table: the velocity goes to 10, the average to 1. Say that Adam will "
        "correct such an average twice.",
        "Exercise: correct the average": "Alone, then compare. Green note when passed.",
        "One memory, two gains": "Take the vote, then sum the series on the board.",
        "Exercise: the flipping push": "Alone: a number for `beta` 0.8. Who is done takes the next exercise.",
        "Across a plateau": "Run it: a steady push over a flat stretch, with and without memory.",
        "Everything between steady and flipping": "Show the strip of gains. Ask where the two lists of lesson 01 lie.",
        "The step, line by line": "Alone: lines to order, gaps to fill.",
        "Exercise: the whole run": "Alone: the step of lesson 01 in a loop.",
        "What stays": STAYS,
    },
    "03": {
        "Before you begin": RECALL,
        "One direction by itself": "Run both cells: each lane of the race is a single number that knows nothing of "
        "the other. Introduce `u`, `lr` times curvature, the stiffness of the step.",
        "Where the overshoot comes from": "Walk down the table, finger on the wall: at step 4 the pull is nearly gone "
        "and the velocity carries on.",
        "A mass, a spring and friction": "A sled on snow, a sled on ice. Run the table; which one is a large `beta`?",
        "Exercise: from friction to beta": "Alone or in pairs, on paper first.",
        "Bet, then move it": "Take the vote first. Then tasks 1 to 4 below the spring, in pairs. Watch the distance "
        "of the roots from the centre.",
        "What stays the same": "Run the table. Stop at the last four rows: 5.1 % each.",
        "Why the learning rate drops out": "Draw board 3. Fill the gaps together; the polynomial is for those who "
        "like it, the circle is for all.",
        "Two roots on a circle": "Run the table of roots: product 0.9, two equal lengths, so 0.9487.",
        "Where the swing begins": "Run the edges. A direction must be very soft not to swing at `beta` 0.9.",
        "Exercise: critical damping": "Alone. Who likes pictures searches in the spring first.",
        "What stays": STAYS,
        "You can now": "Read the line *On Monday* aloud, and the question for the next lesson.",
    },
    "04": {
        "Before you begin": RECALL,
        "One knob for two springs": "Run the table and ask for the best row: 0.1980, where both keep the same. Say "
        "*rate*: what a step keeps in the long run, in the slower direction.",
        "From a rate to steps": "Run the cell: 691 by the rate, and in the run.",
        "The second knob": "Run the cell: 19.5 times as much for the soft spring. The bet stays open for now.",
        "Move both": "Take the vote first. Then the tasks below the map, in pairs: 1, 2 and 4 are enough.",
        "Exercise: the rate of a whole valley": "Alone, two lines. Green note when passed.",
        "Both on one circle": "Draw board 4 while the table stands on the wall: as `beta` falls, the range closes, at "
        "0.67 it is a point. That point is the square root of kappa.",
        "Exercise: Polyak's setting": "Pairs, on paper first: add the two equations.",
        "What the square root buys": "Run the table: a hundred times the kappa, ten times the steps.",
        "Too much of a good thing": "Run the table: 83 steps at 0.67, 2705 at 0.99. This is the answer to the vote in "
        "numbers.",
        "The best rate is not the fastest run": "Run both cells: 2073 settings beat the best rate to a millionth.",
        "Challenge: beat Polyak": "A race between tables: the smallest step goes on the board.",
        "Or make kappa smaller": "Pairs: shift x by its mean and read kappa. Say the line for Monday: centre and "
        "scale before you turn a knob.",
    },
    "05a": {
        "Before you begin": RECALL,
        "Too late to brake": "Run the cell, stop at step 4: the ball is at 0.227 and its memory leads past the lowest "
        "point. Ask where else one could ask for the gradient.",
        "One change": "Show the one changed line. -0.355 against -0.604. The ordering task together, by call.",
        "Exercise: one step of Nesterov's method": "Alone. The check says where the gradient was asked for.",
        "One step under the microscope": "Take the vote; the discussion may use the picture (task 4). Draw board 5 "
        "while they talk.",
        "Friction where it is steep": "Run the table: every row is the same run twice. In words: less memory where it "
        "is steep, and nothing looks ahead in time.",
        "Back to the dots": "Run it: across the valley it brakes, along it the two are alike.",
        "A smaller garden": "Run the table. It brakes better, inside a smaller garden: 1.357 against 3.8.",
        "Exercise: the largest learning rate": "Alone. Many directions, one `lr`: which one decides?",
        "What stays": STAYS,
    },
    "06a": {
        "Before you begin": RECALL,
        "A run that never arrives": "Run the cells: one run wanders, ten thousand have a level, 0.0526. Do the "
        "balance by hand on the board.",
        "Your bet": "Take the vote; each then types a guess into the picture and moves `beta`, first at the same "
        "`lr`, then at the same `lr / (1 - beta)`.",
        "The same, and the same": "Run the table, read two columns: the one rises ten-fold, the other hardly moves.",
        "A kick in instalments": "Draw board 6. The memory does not shrink a kick, it delivers it in parts.",
        "The law": "Show the law and put one number into it. The derivation is for the evening.",
        "Exercise: the same floor, exactly": "Pairs. A guess first: lr 0.005.",
        "Four dots a step": "Say what a mini-batch is: four of the twelve dots, drawn anew.",
        "How large is the noise of the dots?": "Run it, and say where the law misses: the noise of the dots grows "
        "with the error.",
        "When does momentum pay?": "Run the table: with the largest batch 511 steps become 98, with the smallest 7307 "
        "become 6934.",
        "Exercise: a batch for a floor": "Alone: a number.",
        "What stays": STAYS,
    },
    "07": {
        "Before you begin": RECALL,
        "One dial for two units": "Run the cell: no dot has moved, and kappa is 10000. One rate has to serve both "
        "coordinates.",
        "AdaGrad: add up all squares": "Run it: the units are gone, and the steps die out.",
        "RMSProp: forget the old ones": "Run it: the steps settle; when the gradient vanishes, so does the step.",
        "Adam: put a direction on top": "Run the uncorrected step: 3.162 times too long at first, 6.569 at step 12. "
        "Then the correction.",
        "The step, line by line": "Alone: the lines of Adam in order.",
        "Exercise: one step of Adam": "Alone, then compare. The longest exercise of the day; helpers stay close.",
        "Is it the same momentum?": "Take the vote, then run the table.",
        "Two valleys of one kappa": "Draw board 7, take the vote, then tasks 1 and 2 below the autopsy in pairs. End "
        "with the sentence: Adam cures bad units, it does not cure a bad origin.",
        "Why it cannot turn a valley": "Run it: stretching leaves 402 of 10402, centring leaves 1.",
        "Which part does the work?": "Run the table. Bad units: the division. Bad origin: the first average.",
        "AdamW: decay by itself": "Run it: through the ratio the decay is divided by the size of the gradients.",
        "Who has momentum?": "Run the table: one push, then nothing. Who moves on? Close with the family table and "
        "one thing to do on Monday.",
        "What stays": STAYS + " Then the two notes [on the way out](#after-the-day).",
    },
}

"""What to draw on the board, small enough for a marker and a minute."""

# Number of the board -> (title, lesson, what it says, the drawing).
BOARDS = (
    ("Two lanes", "01", "Across the valley B swings harder at first; along it, it is home while A is half-way.", """
across   B   /\\          widest 3.7 times the start, calm at step 30
       -----/--\\---/\\-------------------------> step
                \\_/
         A  \\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\    small, and slow to die

along    A  ------______________________        half of the way left at step 30
         B  --\\_                                home
"""),
    ("What is left of each gradient", "02", "With beta one half, the gradients 1, 2, 3 leave 0.25 + 1 + 3 = 4.25.", """
gradient      1        2        3
after it      1
              0.5  +   2                 = 2.5
              0.25 +   1    +   3        = 4.25
weight      beta^2    beta      1
"""),
    ("Roots on a circle", "03", "Two roots with the product beta. Mirror images have one length: sqrt(beta), "
     "whatever u is.", """
            . - ~ * ~ - .          * root     radius sqrt(0.9) = 0.9487
         .'               '.
        /                   \\      u grows: the two roots run along the circle
       |          +          |     from right to left, and the length stays.
        \\                   /      Length = what a step keeps: 94.87 %
         '.               .'
            ' - . * . - '          * its mirror image
"""),
    ("A range that closes", "04", "Both springs are on the circle between two learning rates. Choose beta so that the "
     "range is one point.", """
beta 0.9    soft from |===============================| stiff up to      keeps 0.949
beta 0.7              |====|                                             keeps 0.837
beta 0.67             |                                                  keeps 0.818
beta 0.65             nothing: the limits have passed each other
            ------------------------------------------------> lr
"""),
    ("Where the gradient is asked for", "05a", "Same ball, same memory. Only the place of the question differs.", """
theta o-------- memory: beta times velocity --------> o ahead
      |                                               |
      | heavy ball asks here                          | Nesterov asks here
      v                                               v
      its gradient still pushes on                    its gradient already pushes back
"""),
    ("A kick in instalments", "06a", "With memory a kick of noise comes in small parts, and the whole of it comes.", """
no memory, lr 0.1       |##########                      0.1 at once
beta 0.9, lr 0.01       |#  #  #  #  #  #  #  #  ...     0.01, 0.009, 0.0081, ... = 0.1
                        +-----------------------------> step
"""),
    ("Two valleys of one kappa", "07", "Stretching the axes makes the first one round, and not the second.", """
bad units: along an axis            bad origin: across both axes

        |                                  |        .'
   .----+----.                             |     .'.'
  (     +     )                            |  .'+.'
   '----+----'                             |.'.'
        |                                  |'
   stretch one axis: round             stretch either: still long; move the origin
"""),
)  # fmt: skip

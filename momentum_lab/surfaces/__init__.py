"""The landscapes the optimizers walk on.

A surface is a function with an exact gradient.  Called with points of shape (..., dim) it returns
heights of shape (...).  `grad` returns slopes of shape (..., dim), `minima` are the lowest points of its
valleys, `lowest` the height it can come down to, and `domain` the box worth looking at.

Three chapters: `bowls` are the quadratics, on which everything can be computed; `landscapes` are bent, with
several valleys, saddles and plains; `counterexamples` were made to defeat a method.  `own` makes a surface from two
functions of yours, and compares a gradient with the heights it should belong to.
"""

from momentum_lab.surfaces.bowls import OFFSET, LineFit, Quadratic, Ravine, TiltedRavine, twelve_dots
from momentum_lab.surfaces.counterexamples import Lessard, Polygon, WorstCase
from momentum_lab.surfaces.landscapes import (
    Beale,
    DoubleWell,
    Himmelblau,
    MonkeySaddle,
    Plateau,
    Rosenbrock,
    Saddle,
)
from momentum_lab.surfaces.own import FromFunctions, check_gradient
from momentum_lab.surfaces.surface import Surface

__all__ = [
    "OFFSET", "Beale", "DoubleWell", "FromFunctions", "Himmelblau", "Lessard", "LineFit", "MonkeySaddle", "Plateau",
    "Polygon", "Quadratic", "Ravine", "Rosenbrock", "Saddle", "Surface", "TiltedRavine", "WorstCase", "check_gradient",
    "twelve_dots",
]  # fmt: skip

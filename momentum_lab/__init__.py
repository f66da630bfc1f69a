"""Momentum Lab: momentum in gradient-based optimisation, in code you can read.

The chapters, in reading order: `optimizers`, `schedules`, `surfaces`, `oracles`, `running`, `trajectory`,
`theory`, `networks`, `searching`, `plots`, `explorers`, `checks`.  Importing the package alone loads NumPy at most.
"""

__version__ = "0.1.0"

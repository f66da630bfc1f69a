"""Momentum Lab: momentum in gradient-based optimisation, in code you can read.

The chapters, in reading order: `optimizers`, `surfaces`, `oracles`, `running`, `plots`,
`explorers`, `checks`.  Importing the package alone loads NumPy at most.
"""

__version__ = "0.1.0"

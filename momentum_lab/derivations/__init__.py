"""Derivations that are checked before they are shown, one theme a file."""

from momentum_lab.derivations.core import Derivation, Step
from momentum_lab.derivations.deciding import DerivationError
from momentum_lab.derivations.memory import amplification, effective_window, gain, unrolled

CATALOGUE = {
    "unrolled": unrolled,
    "effective window": effective_window,
    "amplification": amplification,
    "gain": gain,
}
"""Name -> function that returns the derivation."""

__all__ = [
    "CATALOGUE",
    "Derivation",
    "DerivationError",
    "Step",
    "amplification",
    "effective_window",
    "gain",
    "unrolled",
]

"""What a reader can change: quantities, choices among a few names, and presets that set several at once."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from momentum_lab.slips import Slip
from momentum_lab.words import number


@dataclass(frozen=True)
class Quantity:
    """One number the reader chooses, shown as a named number box with a slider beside it.

    Attributes
    ----------
    name : str
        The setting it writes, such as "beta".
    label : str
        Its name on the screen and for a screen reader.
    default, low, high : float
        Value at rest, and the ends of the slider; the box accepts any number between them.
    step : float
        One press of an arrow key.
    whole : bool
        True for a count.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float
    whole: bool = False

    def write(self, value):
        """Return a value as the number box shows it."""
        return f"{value:.10g}"

    def notch(self, value):
        """Return the number of the slider's notch nearest to a value, counted from its low end."""
        return round((value - self.low) / self.step)

    def at(self, notch):
        """Return the value of a notch, without the dust of binary fractions: 0.675, not 0.6750000000000002."""
        return min(round(self.low + notch * self.step, 9), self.high)

    def accept(self, value):
        """Return `value` as this quantity holds it, or say in one sentence why it cannot be."""
        try:
            # A decimal comma is a habit, not a mistake.
            chosen = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
        except (TypeError, ValueError, OverflowError):
            chosen = math.nan
        if math.isnan(chosen):
            raise Slip(f"{self.label} is a number from {number(self.low)} to {number(self.high)}; {value!r} is none.")
        if not self.low <= chosen <= self.high:
            raise Slip(
                f"{self.label} goes from {number(self.low)} to {number(self.high)}; {number(chosen)} lies outside."
            )
        if self.whole and chosen != round(chosen):
            raise Slip(f"{self.label} is a whole number; {number(chosen)} is none.")
        return round(chosen) if self.whole else chosen


@dataclass(frozen=True)
class Scale(Quantity):
    """A quantity above 0 that spans several powers of ten: `step` is the part of a power that one arrow key gives."""

    def notch(self, value):
        """Return the number of the slider's notch nearest to a value, counted from its low end."""
        return round(math.log10(value / self.low) / self.step)

    def at(self, notch):
        """Return the value of a notch, to three digits."""
        return max(min(float(f"{self.low * 10 ** (notch * self.step):.3g}"), self.high), self.low)


@dataclass(frozen=True)
class Choice:
    """One of a few named options, shown as a named menu.

    Attributes
    ----------
    name : str
        The setting it writes, such as "paper".
    label : str
        Its name on the screen and for a screen reader.
    default : str
        The option at rest.
    options : tuple of str
        In the order of the menu.
    """

    name: str
    label: str
    default: str
    options: tuple[str, ...]

    def write(self, value):
        """Return a value as the menu shows it."""
        return value

    def accept(self, value):
        """Return `value` if it is an option, or say in one sentence which ones there are."""
        chosen = value.strip() if isinstance(value, str) else None
        if chosen not in self.options:
            raise Slip(f"{self.label} is one of: {'; '.join(self.options)}. {value!r} is none of them.")
        return chosen


@dataclass(frozen=True)
class Preset:
    """A button that sets several controls: `values` maps the present settings to new values."""

    label: str
    values: Callable[[Mapping], Mapping]

"""Checks that name the mistake: `check("01.one_more_line")` and `hint("01.one_more_line")`."""

from momentum_lab.checks.check import check, hint

__all__ = ["check", "hint"]

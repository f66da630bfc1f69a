"""Gradescope: the bundle that an instructor uploads, and what runs in it."""

"""What every kernel runs first when the course is opened with `start`; see `opening.own_first`."""

try:
    from momentum_lab.out_of_order import watch
except ImportError:  # another kernel, for notebooks that are not of the course
    pass
else:
    watch()
    del watch

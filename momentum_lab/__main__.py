"""Make `python -m momentum_lab doctor` mean the same as `momentum-lab doctor`."""

import sys

from momentum_lab.cli import main

sys.exit(main())

"""Build the site to read: lessons with their outputs, the pages, and the library's reference.

    python workshop/build_site.py OUT

Nothing is executed, nothing is downloaded, and a page asks for nothing from another machine.  A warning is an error.
Needs the `site` extra (Sphinx, MyST-NB and the book theme).
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workshop.site import sources  # noqa: E402


def build(out, root=ROOT):
    """Build the site.

    Parameters
    ----------
    out : str or Path
        A folder that does not exist yet, or one that an earlier build made.
    root : Path
        The checkout.

    Returns
    -------
    int
        What Sphinx returns: 0 if nothing had to be warned of.
    """
    from sphinx.cmd.build import main as sphinx

    out = Path(out)
    if out.exists() and not (out / ".buildinfo").exists() and any(out.iterdir()):
        raise SystemExit(f"{out} has files that no build of this site made. Name a folder that is empty.")
    with tempfile.TemporaryDirectory() as folder:
        sources.collect(root, Path(folder))
        shutil.copy(Path(__file__).parent / "site" / "conf.py", folder)
        return sphinx(["-q", "-W", "--keep-going", "-d", f"{folder}/.doctrees", "-b", "html", folder, str(out)])


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("out", help="folder of the site")
    sys.exit(build(arguments.parse_args().out))

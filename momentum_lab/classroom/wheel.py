"""The wheel of the course itself: built from a checkout, or put together again from an installation."""

import base64
import csv
import hashlib
import io
import subprocess
import zipfile
from importlib import metadata
from pathlib import Path

from momentum_lab import __version__
from momentum_lab.slips import Slip
from momentum_lab.workspace.originals import home_of_originals
from momentum_lab.workspace.writing import put

DISTRIBUTION = "momentum-lab-course"
NAME = f"momentum_lab_course-{__version__}-py3-none-any.whl"
WRITTEN_BY_PIP = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def make(folder, pip):
    """Write the wheel into a folder and return its path.

    Parameters
    ----------
    folder : Path
    pip : list of str
        The command that is pip.

    Raises
    ------
    Slip
        If this is neither a checkout nor a whole installation.
    """
    checkout = Path(str(home_of_originals()))
    if (checkout / "momentum_lab").is_dir():  # an installation has its lessons without the library beside them
        return build(checkout, folder, pip)
    put(folder / NAME, packed(installed_files()))
    return folder / NAME


def build(checkout, folder, pip):
    """Build the wheel of a checkout."""
    command = [*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(checkout)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode or not (folder / NAME).exists():
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Slip(
            f"The wheel of the course could not be built ({said}): connect to the network, or name it by --wheel."
        )
    return folder / NAME


def installed_files():
    """Return {name: bytes} of what this installation unpacked from its wheel."""
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        raise Slip(f"{DISTRIBUTION} is not installed here, so its wheel cannot be made: name it by --wheel.") from None
    return {
        file.as_posix(): Path(file.locate()).read_bytes()
        for file in files
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in WRITTEN_BY_PIP
    }


def packed(files):
    """Return a wheel with these files as bytes; the same files give the same bytes."""
    (info,) = {name.partition("/")[0] for name in files if name.partition("/")[0].endswith(".dist-info")}
    rows = [[name, f"sha256={_digest(data)}", str(len(data))] for name, data in sorted(files.items())]
    record = io.StringIO()
    csv.writer(record, lineterminator="\n").writerows([*rows, [f"{info}/RECORD", "", ""]])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in sorted(files.items()):
            wheel.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD"), record.getvalue())
    return archive.getvalue()


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")

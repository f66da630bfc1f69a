"""Run a notebook and keep from its outputs what is worth storing.

Kept: text, and pictures as small PNGs.  Dropped: widget state (a reopened notebook shows its picture
instead), times, and anything else that differs between two runs.
"""

import base64
import io
import os
import re

import nbformat
import numpy as np
from nbclient import NotebookClient
from PIL import Image

FRESH = "nbval-ignore-output"
"""The tag of a cell that is stored without its output: what it says is true of one machine alone."""

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURE = re.compile("(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")


def execute(notebook, stored=None, timeout=60):
    """Return the notebook with the outputs of a fresh run.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    stored : Path, optional
        The file it will replace: a picture with the same pixels keeps its stored bytes there, so that
        another version of the compressor changes nothing.
    timeout : float
        Seconds that one cell may take.
    """
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=timeout, record_timing=False, store_widget_state=False
    )
    os.environ["MOMENTUM_LAB_PROGRESS"] = "none"  # the kernel inherits it: a build is no learner's progress
    client.execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}  # the run adds the version of its Python
    pictures = _stored_pictures(stored)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if FRESH in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET, None)
            if "image/png" in data:
                data["image/png"] = _small(data["image/png"], pictures)
            if "text/html" in data:
                data["text/html"] = PICTURE.sub(lambda found: _small(found[0], pictures), data["text/html"])
    return notebook


def _joined(outputs):
    """Join what a cell printed: a kernel that is interrupted by the machine sends it in pieces."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def small_png(png, stored=None):
    """Return a picture compressed as far as it goes, or the stored bytes if they show the same pixels."""
    if stored is not None and stored.exists():
        kept = stored.read_bytes()
        if np.array_equal(_pixels(png)[0], _pixels(kept)[0]):
            return kept
    stream = io.BytesIO()
    _pixels(png)[1].save(stream, "PNG", compress_level=9)
    return stream.getvalue()


def _stored_pictures(file):
    """Return pixels -> base64 text for the pictures that a file holds."""
    if file is None or not file.exists():
        return {}
    outputs = [o for cell in nbformat.read(file, as_version=4).cells for o in cell.get("outputs", [])]
    texts = [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    texts += [text for o in outputs for text in PICTURE.findall(o.get("data", {}).get("text/html", ""))]
    return {_pixels(base64.b64decode(text))[0].tobytes(): text for text in texts}


def _small(text, pictures):
    png = base64.b64decode(text)
    known = pictures.get(_pixels(png)[0].tobytes())
    return known or base64.b64encode(small_png(png)).decode("ascii")


def _pixels(png):
    picture = Image.open(io.BytesIO(png))
    return np.asarray(picture.convert("RGB")), picture

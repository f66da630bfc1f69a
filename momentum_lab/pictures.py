"""From a drawn figure to what a notebook shows: a small PNG and the sentence that says what it shows."""

import base64
import io
from html import escape

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from momentum_lab import plots


def png(canvas, level=1):
    """Return what is on an Agg canvas as PNG bytes with 64 colours.

    Level 1 takes a tenth of the time of level 9 and a few kB more.
    """
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = pixels.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, "PNG", compress_level=level)
    return stream.getvalue()


class Still:
    """A picture that does not move, with the sentence that says what it shows.

    Parameters
    ----------
    set_up : callable
        Takes a figure, draws on it and returns the sentence.
    """

    def __init__(self, set_up):
        with plots.settings():
            figure = plots.blank()
            canvas = FigureCanvasAgg(figure)
            self.sentence = set_up(figure)
            canvas.draw()
        self.png = png(canvas)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return mime_bundle(self.png, self.sentence)


def mime_bundle(png, sentence):
    """Return picture and sentence in the forms that notebook viewers look for: (data, metadata).

    The HTML form comes first where it is known (JupyterLab, nbconvert), as it is the only one in which
    they keep the text alternative of a picture and show the sentence under it.
    """
    picture = base64.b64encode(png).decode("ascii")
    html = (
        f'<figure><img src="data:image/png;base64,{picture}" alt="{escape(sentence)}" width="{plots.WIDTH}">'
        f"<figcaption>{escape(sentence)}</figcaption></figure>"
    )
    data = {"text/plain": sentence, "text/html": html, "image/png": picture}
    return data, {"image/png": {"alt": sentence}}

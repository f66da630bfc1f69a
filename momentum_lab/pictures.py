"""From a drawn figure to what a notebook shows: a small PNG and the sentence that says what it shows."""

import base64
import functools
import io
from html import escape

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from PIL import Image

from momentum_lab import plots


class Still:
    """A picture that does not move, with the sentence that says what it shows.

    Parameters
    ----------
    set_up : callable
        Takes a figure, draws on it and returns the sentence.
    """

    def __init__(self, set_up):
        look = plots.theme()
        with plots.settings(look):
            figure = plots.blank()
            canvas = FigureCanvasAgg(figure)
            self.sentence = set_up(figure)
            canvas.draw()
        self.png = png(canvas, look)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return mime_bundle(self.png, self.sentence)


def mime_bundle(png, sentence):
    """Return picture and sentence in the forms that notebook viewers look for: (data, metadata).

    The HTML form comes first where it is known (JupyterLab, nbconvert), as it is the only one in which
    they keep the text alternative of a picture and show the sentence under it.
    """
    data = {"text/plain": sentence, "text/html": figure(png, sentence), "image/png": base64_text(png)}
    return data, {"image/png": {"alt": sentence}}


def figure(png, sentence):
    """Return picture and sentence as HTML."""
    larger = plots.theme().magnification
    source, width = f"data:image/png;base64,{base64_text(png)}", larger * plots.WIDTH
    image = f'<img src="{source}" alt="{escape(sentence)}" width="{width}">'
    style = "margin: 0" if larger == 1 else f"margin: 0; font-size: {larger}em"
    return f'<figure style="{style}">{image}<figcaption>{escape(sentence)}</figcaption></figure>'


def folded(summary, html):
    """Return HTML that is seen when one unfolds it; on paper it lies open."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"


def base64_text(png):
    """Return PNG bytes as text."""
    return base64.b64encode(png).decode("ascii")


def png(canvas, look):
    """Return what is on an Agg canvas as PNG bytes, in at most 64 colours of a theme.

    Finding the best 64 colours of every picture would take longer than drawing it.  The course draws in
    few colours, so they are fixed, and every method keeps its exact one.
    """
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = pixels.quantize(palette=_palette(look), dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, "PNG", compress_level=4)  # a sixth smaller than 1 for half a millisecond more
    return stream.getvalue()


@functools.cache
def _palette(look):
    """Return a palette image: every colour of the theme, and the steps from it to the paper that edges need."""
    steps = {look.ink: 10, look.second_ink: 6, look.grid: 2, look.contour: 3}
    steps |= {style.color: 5 for style in plots.STYLES.values()}
    paper, colors = np.array(to_rgb(look.paper)), [to_rgb(look.paper)]
    for color, count in steps.items():
        shares = np.arange(1, count + 1)[:, np.newaxis] / count
        colors.extend(paper + shares * (np.array(to_rgb(color)) - paper))
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.round(255 * np.array(colors)).astype(np.uint8).tobytes())
    return palette

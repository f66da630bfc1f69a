"""A picture that can be redrawn twenty times a second.

Drawing axes, ticks and text is slow; moving three curves is quick.  So the picture has three layers,
each kept as pixels until something in it changes:

* the base: everything `set_up` drew and hardly anybody changes,
* the ground: what belongs to the problem and changes with it, such as contours,
* the moving artists: the runs.

A drawing whose base has a few states, such as two scales of a lane, names the present one in `artists.frame`; the
pixels of a named base are kept, and drawn once only.

No layer has to be told that it changed: matplotlib marks an artist as stale when it is altered, and
does not pass that mark on to the figure for artists that are declared animated.
"""

from collections.abc import Iterable
from types import SimpleNamespace

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg

from momentum_lab import pictures, plots


class Artists(SimpleNamespace):
    """The artists a drawing moves, by name.

    Parameters
    ----------
    base : dict
        Name -> artist or list of artists that hardly ever change.
    ground : dict
        Name -> artist or list of artists that change with the problem only.
    moving : dict
        Name -> artist or list of artists that change with every run.
    """

    def __init__(self, *, base=None, ground=None, moving):
        base, ground = base or {}, ground or {}
        super().__init__(**base, **ground, **moving)
        self.frame = None  # the name of the present base: whatever it consists of besides what `set_up` drew
        self.layers = (list(_flat(ground.values())), list(_flat(moving.values())))


class Stage:
    """A 900 x 400 px figure on a layered canvas.

    Parameters
    ----------
    set_up : callable
        Takes a figure, draws what never moves, and returns the `Artists` that do.
    """

    def __init__(self, set_up):
        self.theme = plots.theme()
        with plots.settings(self.theme):
            self.figure = plots.blank()
            self.canvas = FigureCanvasAgg(self.figure)
            self.artists = set_up(self.figure)
        self._ground, self._moving = self.artists.layers
        for artist in (*self._ground, *self._moving):
            artist.set_animated(True)
        self._base_pixels = self._ground_pixels = None
        self._kept = {}  # name of a base -> its pixels

    def png(self):
        """Return the picture as it stands: PNG bytes with 64 colours."""
        if self._base_pixels is None or self.figure.stale:
            self._base_pixels = self._kept.get(self.artists.frame) or self._drawn_base()
            self.figure.stale = False
            self._ground_pixels = None
        if self._ground_pixels is None or any(artist.stale for artist in self._ground):
            self._paint(self._base_pixels, self._ground)
            self._ground_pixels = self.canvas.copy_from_bbox(self.figure.bbox)
        self._paint(self._ground_pixels, self._moving)
        return pictures.png(self.canvas, self.theme)

    def _drawn_base(self):
        with plots.settings(self.theme):
            self.canvas.draw()
        pixels = self.canvas.copy_from_bbox(self.figure.bbox)
        if self.artists.frame is not None:
            self._kept[self.artists.frame] = pixels
        return pixels

    def _paint(self, background, artists):
        self.canvas.restore_region(background)
        for artist in sorted(artists, key=lambda a: a.get_zorder()):
            self.figure.draw_artist(artist)
            artist.stale = False  # an invisible artist or an empty text would stay stale for ever


def _flat(values):
    for value in values:
        if isinstance(value, Artist):
            yield value
        elif isinstance(value, Iterable):
            yield from _flat(value)

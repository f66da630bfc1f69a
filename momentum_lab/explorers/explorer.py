"""An explorer: controls, and three functions that turn their settings into a picture and a sentence.

    simulate(settings) -> result        NumPy only
    set_up(figure) -> Artists           draws what never moves, once
    draw(result, artists) -> sentence   moves the rest, and says this run's numbers in words

The sentence is the caption, the text alternative of the picture and what the tests read.  Nothing in
this file needs widgets: an explorer without them is a still picture with its sentence.
"""

from html import escape
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

from momentum_lab import __version__, pictures, progress
from momentum_lab.doctor import widget_problem
from momentum_lab.explorers.prediction import SKIPPED
from momentum_lab.explorers.stage import Stage
from momentum_lab.slips import Slip

UNFOLD = "What happened. Place your bet before you look: run this cell."
"""What stands in a stored notebook in the place of the answer."""


class Explorer:
    """A picture that answers to a few numbers.

    Parameters
    ----------
    title : str
        Its name in share codes and messages.
    controls : sequence of Quantity and Choice
        In the order of the screen: problem, learning rate, beta, extras.
    simulate, set_up, draw : callable
        See the top of this file.  `simulate` gets the settings as attributes: one a control, and
        `bet`, the reader's prediction or None.
    presets : sequence of Preset
        Buttons after the controls.
    prediction : Prediction, optional
        Asked before the first run is shown.
    lines : int
        Room kept for the sentence under the picture, so that the controls below stay where they are.
    """

    def __init__(self, title, controls, simulate, set_up, draw, *, presets=(), prediction=None, lines=3):
        self.title, self.controls, self.presets, self.prediction = title, controls, presets, prediction
        self.simulate, self.set_up, self.draw, self.lines = simulate, set_up, draw, lines
        self.bet = None
        self.notice = None  # what the reader should be told besides, such as that the bet cannot be kept
        self.watchers = []  # functions called after every change: the panels on the screen
        self._values = self._defaults()
        self._stage, self._shown, self._png, self._sentence = None, None, b"", ""

    # -------------------------------------------------------------- settings

    @property
    def settings(self):
        """The present value of every control, by name."""
        return dict(self._values)

    def set(self, **values):
        """Set controls to exact values; a value that cannot be leaves everything as it was."""
        by_name = {control.name: control for control in self.controls}
        for name in values:
            if name not in by_name:
                raise Slip(f"The {self.title} has no control {name!r}; it has {', '.join(by_name)}.")
        self._values.update({name: by_name[name].accept(value) for name, value in values.items()})
        return self._changed()

    def reset(self):
        """Set every control back to its value at rest."""
        self._values = self._defaults()
        return self._changed()

    def predict(self, option):
        """Place the bet, or skip it with `SKIPPED`; it stays placed."""
        options = (*self.prediction.options, SKIPPED) if self.prediction else ()
        if option not in options:
            raise Slip(f"One can bet on {', '.join(options) or 'nothing'} here, not on {option!r}.")
        if self.bet is None:
            self.bet = option
            self.notice = progress.current().record("prediction", self.title, option=option)
        return self._changed()

    def state(self):
        """Return a short code that reproduces the present setting on another machine."""
        return f"{self.title}@{__version__}?{urlencode(self._values)}"

    def at(self, code):
        """Set the controls from a code that `state` returned."""
        code = str(code).strip()
        address, _, query = code.partition("?")
        title, _, version = address.partition("@")
        if title != self.title or not query:
            raise Slip(f"This is the {self.title}; {code!r} is not one of its codes.")
        try:
            return self.set(**dict(parse_qsl(query)))
        except Slip as slip:
            note = "" if version == __version__ else f" The code was made by version {version} of the course."
            raise Slip(str(slip) + note) from None

    def _changed(self):
        for watcher in self.watchers:
            watcher()
        return self

    def _defaults(self):
        return {control.name: control.default for control in self.controls}

    # -------------------------------------------------------------- picture and sentence

    def show(self):
        """Return the picture (PNG bytes) and the sentence of the present settings."""
        wanted = (tuple(self._values.items()), self.bet)
        if wanted != self._shown:
            self._stage = self._stage or Stage(self.set_up)
            self._sentence = self.draw(self._result(), self._stage.artists)
            if self.bet == SKIPPED:
                self._sentence = f"You skipped the bet. {self._sentence}"
            self._png, self._shown = self._stage.png(), wanted
        return self._png, self._sentence

    def release(self):
        """Let go of the drawing, several MB of pixels; it is made again when the picture is next asked for.

        IPython keeps whatever a cell returned, so the explorers of earlier runs of a cell are never freed.
        """
        self._stage, self._shown, self._png = None, None, b""

    def ask(self):
        """Return the picture (PNG bytes) and the sentence of the question, before the bet."""
        stage = Stage(self.prediction.set_up)
        sentence = self.prediction.draw(self._result(), stage.artists)
        return stage.png(), sentence

    def _result(self):
        bet = None if self.bet == SKIPPED else self.bet
        return self.simulate(SimpleNamespace(**self._values, bet=bet))

    @property
    def sentence(self):
        """What the picture shows, in words."""
        return self.show()[1]

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the live widget where there is one, and always a still picture and its sentence."""
        png, sentence = self.show()
        view, problem = self._live_view()
        data, metadata = pictures.mime_bundle(png, f"{problem} {sentence}" if problem else sentence)
        if self.prediction and self.bet is None and not problem:
            # Who reads a stored notebook is asked first, too.
            data["text/html"] = self._question_html() + pictures.folded(UNFOLD, data["text/html"])
        return data | view, metadata

    def _question_html(self):
        return f"{pictures.figure(*self.ask())}<p><b>{escape(self.prediction.question)}</b></p>"

    def _live_view(self):
        """Return the widget part of the bundle, or nothing and the reason in one sentence."""
        problem = widget_problem()
        if problem:
            return {}, problem
        try:
            # Only here, so that a machine without widgets still shows the picture.
            from momentum_lab.explorers.panel import live_view
        except ImportError as error:
            return {}, f"This picture cannot be moved, as ipywidgets does not load ({error})."
        return live_view(self), None

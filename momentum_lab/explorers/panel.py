"""The live view of an explorer, in core widgets only: picture, sentence, controls.

Everything works from the keyboard.  Each quantity has a number box whose name a screen reader reads,
and a slider beside it for the mouse; each choice has a button an option.  The sentence under the picture is
its text alternative.
"""

import gc
from html import escape

import ipywidgets as widgets
from IPython import get_ipython
from traitlets import Unicode

from momentum_lab import plots, widget_style
from momentum_lab.explorers.controls import Choice
from momentum_lab.explorers.prediction import SKIPPED
from momentum_lab.slips import Slip

CHOSEN = "●"
_open_panels = {}  # notebook cell -> the panel it shows


def live_view(explorer):
    """Return the widget part of a mime bundle for a fresh panel of this explorer."""
    panel = Panel(explorer)
    cell = _running_cell()
    if cell is not None:
        # Running a cell again replaces its panel; without this every run would keep its pixels.
        if cell in _open_panels:
            _open_panels.pop(cell).close()
            gc.collect()  # figures refer to themselves, and each would keep some MB until the collector comes
        _open_panels[cell] = panel
    return {
        kind: view
        for kind, view in panel.view._repr_mimebundle_().items()
        if kind == "application/vnd.jupyter.widget-view+json"
    }


class Picture(widgets.Image):
    """A picture with a text alternative.

    The core Image has no alt text, but it shows its tooltip as the title of the picture, which screen
    readers read in its place.  It looks for a description first, which the core Image lacks.
    """

    description = Unicode("").tag(sync=True)


class Panel:
    """The widgets of one explorer on the screen; they follow it, whoever changes it."""

    def __init__(self, explorer):
        self.explorer = explorer
        self.larger = plots.theme().magnification
        width, room = plots.WIDTH * self.larger, 22 * self.larger * explorer.lines
        self.picture = Picture(format="png", layout={"width": f"{width}px", "max_width": "100%"})
        # Room for the whole sentence, so that the controls below stay where they are.
        self.caption = widgets.HTML(layout={"max_width": f"{width}px", "min_height": f"{room}px"})
        self.notice = widgets.HTML()
        self.code = _box("code of this setting", width=700)
        self.code.observe(self._pasted, "value")
        self.rows = [(Menu if isinstance(c, Choice) else Row)(c, self._ask_for) for c in explorer.controls]
        self.style = widgets.HTML(widget_style.STYLE, layout={"display": "none"})
        self.view = widgets.VBox(_dom_classes=(widget_style.CLASS,))
        self._asking = bool(explorer.prediction) and explorer.bet is None
        if self._asking:
            self._ask()
        else:
            self._open()
        explorer.watchers.append(self._follow)

    def close(self):
        """Free everything the panel holds in the kernel and in the browser."""
        self.explorer.watchers.remove(self._follow)
        self.explorer.release()
        for row in self.rows:
            _close(row.view)
        for widget in (self.view, self.picture, self.caption, self.notice, self.code, self.style):
            _close(widget)

    # -------------------------------------------------------------- the two faces

    def _ask(self):
        """Show the question: its picture, and one button an option."""
        prediction = self.explorer.prediction
        self._show(*self.explorer.ask())
        choices = [_button(f"Keep {option}", self._bet_on(option)) for option in prediction.options]
        question = widgets.HTML(f"<p><b>{escape(prediction.question)}</b></p>")
        buttons = _wrapped([*choices, _button("Skip the bet", self._bet_on(SKIPPED))])
        self.view.children = [self.picture, self.caption, question, buttons, self.style]

    def _open(self):
        """Show the run, and the controls in their fixed order."""
        presets = [
            _button(preset.label, lambda preset=preset: self._ask_for(**preset.values(self.explorer.settings)))
            for preset in self.explorer.presets
        ]
        buttons = _wrapped([*presets, _button("Reset", self.explorer.reset)])
        asked = self.view.children[2:-1]
        self._follow_settings()
        controls = [self.notice, *(row.view for row in self.rows)]
        # On a wall the sentence is so large that it would push what is moved off the screen with the picture.
        below = [*controls, self.caption] if self.larger > 1 else [self.caption, *controls]
        self.view.children = [self.picture, *below, buttons, self.code, self.style]
        for widget in asked:
            _close(widget)

    # -------------------------------------------------------------- what happens

    def _bet_on(self, option):
        return lambda: self.explorer.predict(option)

    def _ask_for(self, **values):
        self._try(lambda: self.explorer.set(**values))

    def _pasted(self, change):
        """Somebody's code has been pasted: go to that setting."""
        if change["new"] != self.explorer.state():
            self._try(lambda: self.explorer.at(change["new"].strip()))

    def _try(self, wish):
        """Do what the reader asked for; if it cannot be, say so beside the explorer and go back."""
        try:
            wish()
        except Slip as slip:
            self._say(str(slip))
            self._follow_rows()

    def _follow(self):
        """The explorer has changed: show it."""
        if self._asking and self.explorer.bet is None:
            return
        self._say(self.explorer.notice or "")
        self.explorer.notice = None
        if self._asking:
            self._asking = False
            self._open()
        else:
            self._follow_settings()

    def _follow_settings(self):
        self._follow_rows()
        try:
            self._show(*self.explorer.show())
        except Exception as error:  # the traceback of a callback would vanish in a log that nobody reads
            self._say(f"This setting could not be drawn. {type(error).__name__}: {error}")

    def _follow_rows(self):
        for control, row in zip(self.explorer.controls, self.rows, strict=True):
            row.show(self.explorer.settings[control.name])
        self.code.value = self.explorer.state()

    def _show(self, png, sentence):
        with self.picture.hold_sync():
            self.picture.value, self.picture.tooltip = png, sentence
        style = f"font-size: {self.larger}em; line-height: 1.45; margin: 4px 0"
        self.caption.value = f'<p role="status" style="{style}">{escape(sentence)}</p>'

    def _say(self, text):
        self.notice.value = f'<p role="alert"><b>{escape(text)}</b></p>' if text else ""


class Row:
    """A named number box and a slider for one quantity, always showing the same value.

    The box holds the exact value.  The slider only knows the numbers of its notches, and is set to the nearest one.
    They are whole numbers, which a browser gives back as they are.  Fractions it rounds and sends back as if the reader
    had moved the slider; a kernel with much to do reads that behind a later wish of the reader's, and undoes the wish.
    """

    def __init__(self, quantity, ask_for):
        self.quantity, self.ask_for = quantity, ask_for
        self.box = _box(quantity.label)
        self.slider = widgets.IntSlider(
            value=0, min=0, max=quantity.notch(quantity.high), readout=False,
            layout={"width": "380px", "max_width": "90%"},
        )  # fmt: skip
        self.show(quantity.default)
        self.view = _wrapped([self.box, self.slider])
        self.box.observe(self._typed, "value")
        self.slider.observe(self._slid, "value")

    def show(self, value):
        """Write a value into box and slider; neither takes it for a wish."""
        self._text, self._notch = self.quantity.write(value), self.quantity.notch(value)
        self.box.value, self.slider.value = self._text, self._notch

    def _typed(self, change):
        if change["new"] != self._text:
            self.ask_for(**{self.quantity.name: change["new"]})

    def _slid(self, change):
        if change["new"] != self._notch:
            self.ask_for(**{self.quantity.name: self.quantity.at(change["new"])})


class Menu:
    """A button for each option of a choice, the chosen one marked.

    No dropdown: JupyterLab takes the arrow keys of a focused one for its own, and goes to the next cell.
    """

    def __init__(self, choice, ask_for):
        self.choice = choice
        label = widgets.HTML(f"<b>{escape(choice.label)}</b>")
        self.buttons = {
            option: _button(option, lambda option=option: ask_for(**{choice.name: option})) for option in choice.options
        }
        self.show(choice.default)
        options = _wrapped(list(self.buttons.values()))
        self.view = widgets.VBox([label, options], layout={"max_width": f"{plots.WIDTH}px"})

    def show(self, value):
        """Mark an option as chosen, with a sign and not by colour alone."""
        for option, button in self.buttons.items():
            button.description = f"{CHOSEN} {option}" if option == value else option


def _box(label, width=372):
    """A text box: the browser's own number box swallows letters and commas and turns 3.5 into 35.

    Its name leaves room for the number in a narrow window too, or at 200 %; cut short, it is the tooltip as well.
    """
    return widgets.Text(
        description=label, tooltip=label, continuous_update=False,
        style={"description_width": "min(260px, 70%)"}, layout={"width": f"{width}px", "max_width": "98%"},
    )  # fmt: skip


def _wrapped(children):
    """Widgets side by side, in as many lines as they need."""
    return widgets.HBox(children, layout={"flex_flow": "row wrap"})


def _button(label, action):
    button = widgets.Button(description=label, layout={"width": "auto", "min_width": "90px"})
    button.on_click(lambda _: action())
    return button


def _close(widget):
    """Close a widget and all it consists of: children, and its layout and style, which are widgets too."""
    for part in (*getattr(widget, "children", ()), getattr(widget, "layout", None), getattr(widget, "style", None)):
        if part is not None:
            _close(part)
    widget.close()


def _running_cell():
    """The id of the notebook cell being run, where the front end tells it (JupyterLab does)."""
    shell = get_ipython()
    try:
        return shell.kernel.get_parent()["metadata"]["cellId"]
    except (AttributeError, KeyError):
        return None

"""The live view of a quiz: core widgets with names, one button, and the verdict in words."""

from html import escape

import ipywidgets as widgets

from momentum_lab import widget_style
from momentum_lab.quizzes import shuffled

WIDE = {"width": "auto", "max_width": "900px"}
KIND = "application/vnd.jupyter.widget-view+json"


def view(quiz):
    """Return the widget part of the mime bundle of a quiz."""
    style = widgets.HTML(widget_style.STYLE, layout={"display": "none"})
    cards = [Card(quiz, item).view for item in quiz.items]
    box = widgets.VBox([*cards, style], layout={"max_width": "900px"}, _dom_classes=(widget_style.CLASS,))
    return {kind: part for kind, part in box._repr_mimebundle_().items() if kind == KIND}


class Card:
    """One question: its text, what one answers with, and what is said to the answer."""

    def __init__(self, quiz, item):
        self.quiz, self.item = quiz, item
        self.inputs = {"choice": Options, "ordering": Places, "blank": Gaps}[item["kind"]](item, self.answer)
        self.said = widgets.HTML('<p role="status"></p>', layout=WIDE)
        text = widgets.HTML(f"<p style='line-height: 1.45'><b>{_marked(item['text'])}</b></p>", layout=WIDE)
        self.view = widgets.VBox([text, *self.inputs.widgets, self.said])

    def answer(self, value, chosen=""):
        """Judge an answer, and say it."""
        verdict = self.quiz.answer(self.item["id"], value)
        opening = f"{escape(chosen)} &nbsp; " if chosen else ""
        self.said.value = f'<p role="status" style="line-height: 1.45">{opening}{escape(repr(verdict))}</p>'


class Options:
    """A button for each option, in the learner's own order; pressing one answers.

    No radio buttons: JupyterLab takes the arrow keys of a focused one for its own.
    """

    def __init__(self, item, answer):
        options = [item["options"][place] for place in shuffled(item)]
        self.buttons = {
            option["key"]: _button(option["text"], lambda o=option: answer(o["key"], f"Your answer: {o['text']}"))
            for option in options
        }
        for button in self.buttons.values():
            button.layout.align_self = "stretch"  # all as wide as the widest
        self.widgets = [widgets.VBox(list(self.buttons.values()), layout={"width": "fit-content", "max_width": "100%"})]


class Places:
    """Lines to order: a box each for the number of its place.

    A box tells its text when it is left: letter by letter, the last one could come after the press of Answer.
    """

    def __init__(self, item, answer):
        self.lines = shuffled(item)
        letters = "ABCDEFGH"[: len(self.lines)]
        self.boxes = [
            widgets.Text(
                description=f"place of line {letter}", continuous_update=False,
                style={"description_width": "110px"}, layout={"width": "180px"},
            )
            for letter in letters
        ]  # fmt: skip
        self.widgets = [
            widgets.HBox([box, widgets.HTML(f"<code>{letter}. {escape(item['lines'][line])}</code>")])
            for letter, box, line in zip(letters, self.boxes, self.lines, strict=True)
        ]
        self.button = _button("Answer", lambda: answer(self.value()))
        self.widgets.append(self.button)

    def value(self):
        """Return the lines in the order that the boxes give, or None while one has no place."""
        places = [box.value.strip() for box in self.boxes]
        if not all(places):
            return None
        if sorted(places) != [str(place) for place in range(1, len(places) + 1)]:
            return []  # the judge says that every line has one place of its own
        return [line for _, line in sorted(zip(map(int, places), self.lines, strict=True))]


class Gaps:
    """A named text box a gap."""

    def __init__(self, item, answer):
        self.boxes = [
            widgets.Text(description=f"gap {number}", continuous_update=False, layout={"width": "320px"})
            for number in range(1, len(item["gaps"]) + 1)
        ]
        self.button = _button("Answer", lambda: answer([box.value for box in self.boxes]))
        self.widgets = [*self.boxes, self.button]


def _button(label, action):
    button = widgets.Button(
        description=label, layout={"width": "auto", "align_self": "flex-start", "min_width": "90px"}
    )
    button.on_click(lambda _: action())
    return button


def _marked(text):
    """Write `code` as code, and gaps so that a screen reader says them."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts)).replace("\n", "<br>")

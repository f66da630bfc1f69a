"""The live view of a quiz: core widgets with names, one button, and the verdict in words."""

from html import escape

import ipywidgets as widgets

from momentum_lab.quizzes import shuffled

WIDE = {"width": "auto", "max_width": "900px"}
KIND = "application/vnd.jupyter.widget-view+json"


def view(quiz):
    """Return the widget part of the mime bundle of a quiz."""
    box = widgets.VBox([Card(quiz, item).view for item in quiz.items], layout={"max_width": "900px"})
    return {kind: part for kind, part in box._repr_mimebundle_().items() if kind == KIND}


class Card:
    """One question: its text, its inputs, a button and what is said to the answer."""

    def __init__(self, quiz, item):
        self.quiz, self.item = quiz, item
        self.inputs = {"choice": Options, "ordering": Places, "blank": Gaps}[item["kind"]](item)
        self.said = widgets.HTML('<p role="status"></p>', layout=WIDE)
        button = widgets.Button(description="Answer", layout={"align_self": "flex-start", "min_width": "90px"})
        button.on_click(lambda _: self.answer())
        text = widgets.HTML(f"<p style='line-height: 1.45'><b>{_marked(item['text'])}</b></p>", layout=WIDE)
        self.view = widgets.VBox([text, *self.inputs.widgets, button, self.said])

    def answer(self):
        """Judge what is chosen, and say it."""
        verdict = self.quiz.answer(self.item["id"], self.inputs.value())
        self.said.value = f'<p role="status" style="line-height: 1.45">{escape(repr(verdict))}</p>'


class Options:
    """The options of a question, in the learner's own order."""

    def __init__(self, item):
        pairs = [(item["options"][place]["text"], item["options"][place]["key"]) for place in shuffled(item)]
        # The keys of a radio group are the arrows; its label is the title of the item.
        self.buttons = widgets.RadioButtons(options=pairs, value=None, layout=WIDE)
        self.widgets = [self.buttons]

    def value(self):
        """Return the key of the chosen option, or None."""
        return self.buttons.value


class Places:
    """Lines to order, with a menu each for its place."""

    def __init__(self, item):
        self.lines = shuffled(item)
        count = len(self.lines)
        self.menus = [
            widgets.Dropdown(
                options=[("place?", 0), *((str(place), place) for place in range(1, count + 1))],
                description=f"place of line {letter}",
                style={"description_width": "110px"}, layout={"width": "200px"},
            )
            for letter in "ABCDEFGH"[:count]
        ]  # fmt: skip
        self.widgets = [
            widgets.HBox([menu, widgets.HTML(f"<code>{letter}. {escape(item['lines'][line])}</code>")])
            for letter, menu, line in zip("ABCDEFGH", self.menus, self.lines, strict=False)
        ]

    def value(self):
        """Return the lines in the order that the menus give, or None while one has no place."""
        places = [menu.value for menu in self.menus]
        if 0 in places:
            return None
        return [line for _, line in sorted(zip(places, self.lines, strict=True))] if _all_different(places) else places


class Gaps:
    """A named text box a gap."""

    def __init__(self, item):
        self.boxes = [
            widgets.Text(description=f"gap {number}", layout={"width": "320px"})
            for number in range(1, len(item["gaps"]) + 1)
        ]
        self.widgets = self.boxes

    def value(self):
        """Return what was typed, one text a gap."""
        return [box.value for box in self.boxes]


def _all_different(places):
    return len(set(places)) == len(places)


def _marked(text):
    """Write `code` as code, and gaps so that a screen reader says them."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts)).replace("\n", "<br>")

import io
import itertools

import matplotlib as mpl
import numpy as np
import pytest
from coloraide import Color
from matplotlib.patches import Rectangle
from PIL import Image

from momentum_lab import pictures, plots
from momentum_lab.slips import Slip


def luminance(color):
    """Relative luminance by WCAG 2."""
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", plots.THEMES.values(), ids=plots.THEMES)
def test_text_and_curves_stand_out_from_the_paper(theme):
    assert contrast(theme.ink, theme.paper) >= 16
    assert contrast(theme.second_ink, theme.paper) >= 7
    for style in plots.STYLES.values():
        assert contrast(style.color, theme.paper) >= 3


@pytest.mark.parametrize("simulator", ["machado", "brettel", "vienot"])
@pytest.mark.parametrize("kind", ["protan", "deutan", "tritan"])
def test_every_two_methods_are_told_apart_without_one_kind_of_cone(kind, simulator):
    """CIE76 distance of all pairs, full colour blindness: at least 14.5, where 10 is asked for."""
    seen = [Color(style.color).filter(kind, 1, method=simulator) for style in plots.STYLES.values()]
    assert min(a.delta_e(b, method="76") for a, b in itertools.combinations(seen, 2)) >= 14.5


def test_no_two_methods_share_a_colour_a_dash_or_a_marker():
    for one, other in itertools.combinations(plots.STYLES.values(), 2):
        assert one.color != other.color and one.dashes != other.dashes and one.marker != other.marker


def templates(figure):
    yield "where_and_when", plots.where_and_when(plots.blank(), 3)
    yield "map_and_run", plots.map_and_run(plots.blank())
    yield "lanes", plots.lanes(plots.blank(), 2)
    yield "wide", plots.wide(plots.blank())


def test_the_templates_share_their_margins_and_stay_inside():
    for name, result in templates(None):
        axes = np.hstack(
            [
                np.atleast_1d(np.asarray(part, dtype=object))
                for part in (result if isinstance(result, tuple) else [result])
            ]
        )
        boxes = np.array([a.get_position().bounds for a in axes.ravel()]) * [900, 400, 900, 400]
        left, bottom = boxes[:, 0].min(), boxes[:, 1].min()
        top, right = (boxes[:, 1] + boxes[:, 3]).max(), (boxes[:, 0] + boxes[:, 2]).max()
        assert (left, bottom, 400 - top) == pytest.approx((50, 45, 18)), name
        assert right <= 900 - 100, name  # room for the names of the curves, or for the map's own margin


def test_a_learners_settings_change_no_picture():
    def set_up(figure):
        axes = plots.wide(figure)
        line = plots.in_time(axes, "Nesterov")
        line.set_data([0, 1], [0, 1])
        plots.name_lane(axes, "loss")
        return "A line from 0 to 1."

    ours = pictures.Still(set_up)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9, "axes.grid": False}):
        theirs = pictures.Still(set_up)
    assert ours.png == theirs.png
    picture = Image.open(io.BytesIO(ours.png))
    assert picture.size == (900, 400)
    assert len(picture.convert("RGB").getcolors()) <= 64


@pytest.mark.parametrize("name", plots.THEMES)
def test_every_method_keeps_its_exact_colour_in_the_picture(name):
    def set_up(figure):
        for row, style in enumerate(plots.STYLES.values()):
            figure.add_artist(Rectangle((0, row / 8), 1, 1 / 8, color=style.color))
        return "Eight colours."

    try:
        plots.use_theme(name)
        shown = np.asarray(Image.open(io.BytesIO(pictures.Still(set_up).png)).convert("RGB"), dtype=int)
    finally:
        plots.use_theme("light")
    for row, style in enumerate(plots.STYLES.values()):
        wanted = [int(style.color[i : i + 2], 16) for i in (1, 3, 5)]
        assert shown[400 - 50 * row - 25, 450].tolist() == wanted


def test_themes_are_opaque_and_chosen_by_name():
    try:
        corners = {}
        for name in plots.THEMES:
            plots.use_theme(name)
            still = pictures.Still(lambda figure: str(plots.wide(figure)))
            corners[name] = Image.open(io.BytesIO(still.png)).convert("RGB").getpixel((2, 2))
    finally:
        plots.use_theme("light")
    assert min(corners["light"]) >= 250 and max(corners["dark"]) <= 25
    with pytest.raises(Slip, match="two themes"):
        plots.use_theme("sepia")


def test_every_viewer_finds_picture_and_sentence():
    data, metadata = pictures.Still(lambda figure: 'A "sentence" with <numbers> 3 & 4.')._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "image/png"}
    assert 'alt="A &quot;sentence&quot; with &lt;numbers&gt; 3 &amp; 4."' in data["text/html"]
    assert data["image/png"] in data["text/html"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_a_key_gives_name_and_sample_of_every_curve():
    figure = plots.blank()
    entries = plots.key(figure, [("Nesterov", "Nesterov\nlr 0.1"), (None, "the law")])
    style = plots.STYLES["Nesterov"]
    assert [entry.name.get_text() for entry in entries] == ["Nesterov\nlr 0.1", "the law"]
    assert entries[0].sample.get_color() == style.color and entries[0].sample.get_linewidth() == style.width
    assert entries[1].sample.get_color() == plots.LIGHT.ink and entries[1].sample.get_linewidth() < 1
    assert {entry.name.get_color() for entry in entries} <= {plots.LIGHT.ink, "black"}  # text is ink, never a colour
    plots.dress(entries[1].sample, "Adam")
    assert entries[1].sample.get_color() == plots.STYLES["Adam"].color and entries[1].sample.is_dashed()


def test_a_logarithmic_axis_has_the_ticks_it_is_given_and_no_others():
    axes = plots.wide(plots.blank())
    plots.log_scale(axes, (1e-6, 10), {1e-6: "a millionth", 1: "start"})
    assert axes.get_ylim() == (1e-6, 10) and axes.get_yscale() == "log"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a millionth", "start"]
    assert list(axes.get_yticks()) == [1e-6, 1] and not len(axes.yaxis.get_minorticklocs())

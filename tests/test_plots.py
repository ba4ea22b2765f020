"""The look of pictures: alternative texts, small files, readable labels."""

import base64
import io
import warnings
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from lstm_course import plots
from lstm_course.palette import INKS


@pytest.fixture
def fig():
    return plots.panels({"left": {"a": [0, 1, 2], "b": [0, 1, 1.9]}, "right": {"a": [1, 1, 1]}}, ylabel="h")


class Tag(HTMLParser):
    """The attributes of the only element in a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.attributes = dict(attributes)


def test_a_picture_brings_its_words_along(fig):
    words = 'Says "a < b" & more'  # HTML special characters
    bundle, metadata = plots.Picture(plots.png(fig), words)._repr_mimebundle_()
    tag = Tag(bundle["text/html"]).attributes
    assert tag["alt"] == words
    assert tag["src"] == f"data:image/png;base64,{bundle['image/png']}"
    assert metadata == {"image/png": {"alt": words}}
    assert words in bundle["text/plain"]


@pytest.mark.parametrize("alt", ["", "a figure", "   ", None, 3])
def test_a_picture_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="^alt: wanted a sentence"):
        plots.Picture(b"", alt)


def test_show_displays_the_figure_at_its_width(fig, monkeypatch):
    displayed = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    plots.show(fig, "Three curves in two panels.")
    bundle, _ = displayed[0]._repr_mimebundle_()
    tag = Tag(bundle["text/html"]).attributes
    assert tag["alt"] == "Three curves in two panels."
    assert int(tag["width"]) == 100 * fig.get_figwidth()
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).format == "PNG"


def test_a_stored_picture_is_small_and_keeps_its_colours():
    fig, (ax,) = plots.figure()
    colours = [INKS[symbol].colour for symbol in "figoc"]
    for k, colour in enumerate(colours):
        ax.bar(k, 1, color=colour)
    png = plots.png(fig)
    assert len(png) < 20_000
    seen = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).reshape(-1, 3).astype(int)
    for colour in colours:
        wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
        assert np.abs(seen - wanted).max(axis=1).min() <= 8, f"{colour} got lost"


def test_the_same_figure_gives_the_same_bytes():
    def draw():
        return plots.png(plots.panels({"one": {"a": np.linspace(0, 1, 9)}}, ylabel="h"))

    assert draw() == draw()


def test_figures_do_not_pile_up():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    for _ in range(30):
        plots.figure()
    assert plt.get_fignums() == before


def test_panels_label_axes_titles_and_ends(fig):
    left, right = fig.axes
    assert [ax.get_title() for ax in fig.axes] == ["left", "right"]
    assert [ax.get_xlabel() for ax in fig.axes] == ["time step"] * 2
    assert (left.get_ylabel(), right.get_ylabel()) == ("h", "")
    assert [text.get_text() for text in left.texts] == ["a", "b"]


def test_panels_tell_curves_apart_without_colour(fig):
    dashes = {line.get_linestyle() if line.is_dashed() else "solid" for line in fig.axes[0].lines}
    patterns = {str(line._unscaled_dash_pattern) for line in fig.axes[0].lines}
    assert len(dashes | patterns) > 1 and len(patterns) == len(fig.axes[0].lines)


@pytest.mark.parametrize("log", [False, True])
def test_labels_at_the_ends_do_not_overlap(log):
    curves = {"a": [1, 0.500], "b": [1, 0.501], "c": [1, 0.502]}
    fig = plots.panels({"": curves}, log=log)
    fig.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in fig.axes[0].texts), key=lambda box: box.y0)
    assert len(boxes) == 3
    for lower, upper in zip(boxes, boxes[1:], strict=False):
        assert lower.y1 <= upper.y0 + 1


def test_time_steps_are_whole_numbers():
    fig = plots.panels({"one": {"a": np.zeros(6)}, "two": {"a": np.zeros(6)}})
    fig.canvas.draw()
    for ax in fig.axes:
        assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_panels_refuse_an_unknown_symbol():
    with pytest.raises(ValueError, match="^symbol: wanted one of .*got 'z'$"):
        plots.panels({"": {"a": [0, 1]}}, symbol="z")


@pytest.mark.parametrize("titles", [["LSTM"], ["LSTM", "plain"]])
def test_runs_of_many_seeds_may_end_early(titles):
    stored = np.array([[0.1, 0.5, 0.9], [0.2, 0.8, np.nan]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = plots.over_seeds(dict.fromkeys(titles, (stored, [0.1, 0.4])), np.arange(3), "sequences", "share")
        plots.png(fig)
    assert [ax.get_title() for ax in fig.axes] == titles
    assert [len(ax.lines) for ax in fig.axes] == [5] * len(titles)  # each seed with its end, and the live run


def test_runs_of_many_seeds_on_a_logarithmic_axis():
    stored = np.array([[1, 1e-3, 1e-6], [1, 1e-2, 1e-4]])
    both = {"falling": (stored, stored[0]), "rising": (1 / stored, 1 / stored[0])}
    fig = plots.over_seeds(both, np.arange(3), "lag", "norm", ylim=None, log=True, level=1)
    falling, rising = fig.axes
    assert falling.get_yscale() == "log" and falling.get_ylim() == rising.get_ylim()
    low, high = falling.get_ylim()
    assert low < 1e-6 and high > 1e6, "a curve of one of the panels leaves the picture"
    assert [len(ax.lines) for ax in fig.axes] == [6, 6]  # and the dotted line


@pytest.mark.parametrize("ends, above", [(1e-6, True), (1e6, False)])
def test_the_key_of_a_logarithmic_picture_keeps_clear_of_the_live_curve(ends, above):
    live = np.array([1, ends])
    fig = plots.over_seeds({"": (live[None], live)}, np.arange(2), "lag", "norm", ylim=None, log=True)
    (key,) = fig.axes[0].texts
    assert (key.get_position()[1] > 0.5) == above


def test_arrows_stay_in_the_picture_with_their_names():
    pair = {"norm": {"g": (3, 0.5), "short": (0.9, 0.2)}, "value": {"g": (3, 0.5), "cut": (1, 0.5)}}
    fig = plots.arrows(pair, "first", "second", (3.5, 1.4), ["circle", "box"])
    fig.canvas.draw()
    assert [[text.get_text() for text in ax.texts if text.get_text()] for ax in fig.axes] == [
        ["g", "short"],
        ["g", "cut"],
    ]
    for ax in fig.axes:
        for text in ax.texts:
            box, frame = text.get_window_extent(), ax.get_window_extent()
            assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    for ax, largest in zip(
        fig.axes, (lambda x, y: np.hypot(x, y), lambda x, y: np.maximum(abs(x), abs(y))), strict=True
    ):
        np.testing.assert_allclose(largest(*ax.lines[0].get_data()), 1)


def test_arrows_need_a_bound_for_each_panel():
    for bounds in (["circle"], ["circle", "ball"]):
        with pytest.raises(ValueError, match="^bounds: wanted "):
            plots.arrows({"a": {"g": (1, 1)}, "b": {"g": (1, 1)}}, "", "", (1, 1), bounds)


def test_blocks_must_add_up():
    matrix = np.eye(4)
    fig = plots.blocks(matrix, dict.fromkeys("ifgo", 1), {"h": 2, "x": 2})
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["$i$", "$f$", "$g$", "$o$"]
    with pytest.raises(ValueError, match="^rows: wanted blocks of 4 in all, got 3$"):
        plots.blocks(matrix, dict.fromkeys("ifg", 1), {"h": 2, "x": 2})
    with pytest.raises(ValueError, match="^columns: wanted blocks of 4 in all, got 2$"):
        plots.blocks(matrix, dict.fromkeys("ifgo", 1), {"h": 2})

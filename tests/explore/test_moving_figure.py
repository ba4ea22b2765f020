"""A figure that follows controls, compared with matplotlib's drawing of the whole figure."""

import base64
import html
import io
import re
import threading

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from lstm_course import plots
from lstm_course.explore.moving_figure import MovingFigure
from lstm_course.explore.page import AccessibleControls, LiveImage

STEPS = np.arange(1, 21)


class Decay:
    """A line, an area and a text that two sliders move; from a start above 1 the axis grows."""

    def __init__(self):
        self.figure, (self.ax,) = plots.figure(4.0, 2.0)
        (self.line,) = self.ax.plot(STEPS, 0.0 * STEPS, marker="o", color="#0072B2")
        self.bars = self.ax.stairs(0.0 * STEPS, np.append(STEPS, 21) - 0.5, fill=True, color="#E69F00")
        self.note = self.ax.text(14, 0.5, "")
        self.ax.set(xlim=(0, 21), ylim=(-1.1, 1.1))
        self.keep = ipywidgets.FloatSlider(0.9, min=0, max=1, step=0.01)
        self.start = ipywidgets.FloatSlider(1.0, min=-1, max=2000, step=0.01)
        self.calls = []
        self.moving = MovingFigure(
            self.figure, [self.line, self.bars, self.note], self.update, {"keep": self.keep, "start": self.start}
        )

    def update(self, keep, start):
        self.calls.append((keep, start))
        c = start * keep**STEPS
        self.line.set_ydata(c)
        self.bars.set_data(c / 2)
        self.note.set_text(f"{c[-1]:.2f}")
        top = max(1.1, 1.1 * start)
        if top != self.ax.get_ylim()[1]:
            self.ax.set_ylim(-top, top)
        return f"After {STEPS[-1]} steps c < {c[-1] + 0.01:.2f}."

    def shown(self):
        """The pixels on the page."""
        return pixels(self.moving.image.png)

    def drawn_whole(self):
        """The pixels of the same figure if matplotlib draws all of it."""
        artists = (self.line, self.bars, self.note)
        for artist in artists:
            artist.set_animated(False)
        self.figure.canvas.draw()
        whole = np.asarray(plots.pixels(self.figure), dtype=int)
        for artist in artists:
            artist.set_animated(True)
        return whole


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


@pytest.fixture
def decay():
    return Decay()


# --- the picture follows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("move", [{}, {"keep": 0.5}, {"start": -1}, {"keep": 0.97, "start": 0.4}, {"start": 1500}])
def test_the_picture_is_the_one_that_matplotlib_draws_as_a_whole(decay, move):
    first = decay.shown()
    for name, value in move.items():
        decay.moving.controls[name].value = value
    np.testing.assert_array_equal(decay.shown(), decay.drawn_whole())
    assert np.array_equal(decay.shown(), first) == (not move)


def test_moving_there_and_back_gives_the_same_picture(decay):
    before = decay.moving.image.png
    for name, values in {"keep": (0.0, 1.0, 0.9), "start": (1500, 3, 1.0)}.items():  # the latter makes the axis grow
        for value in values:
            decay.moving.controls[name].value = value
            assert decay.moving.image.png != before or value in (0.9, 1.0)
    assert decay.moving.image.png == before


def test_the_whole_is_drawn_only_when_something_else_changes(decay, monkeypatch):
    whole = []
    draw = decay.figure.canvas.draw
    monkeypatch.setattr(decay.figure.canvas, "draw", lambda: whole.append(decay.start.value) or draw())
    for start, keep in ((0.5, 0.2), (-1, 0.4), (30, 0.6), (30, 0.8), (0.7, 1.0)):
        decay.start.value = start
        decay.keep.value = keep
    assert whole == [30, 0.7]


def test_nothing_jumps_while_a_control_moves(decay):
    before = decay.ax.get_position().bounds
    decay.start.value = 1500  # its tick labels would want more room
    assert decay.ax.get_position().bounds == before


def test_a_moving_artist_can_be_hidden_and_shown(decay):
    before = decay.moving.image.png
    decay.line.set_visible(False)
    decay.keep.value = 0.5
    np.testing.assert_array_equal(decay.shown(), decay.drawn_whole())
    decay.line.set_visible(True)
    decay.keep.value = 0.9
    assert decay.moving.image.png == before


def test_what_lies_above_is_drawn_above():
    figure, (ax,) = plots.figure(2.0, 2.0)
    upper, lower = (ax.axhspan(0, 1, color=colour, zorder=z) for colour, z in (("#0072B2", 5), ("#E69F00", 3)))
    slider = ipywidgets.FloatSlider(0.3, min=0, max=1)
    moving = MovingFigure(figure, [upper, lower], lambda v: "One above the other.", {"v": slider})
    middle = pixels(moving.image.png)[100, 120]
    np.testing.assert_array_equal(middle, [0x00, 0x72, 0xB2])


def test_a_figure_that_was_drawn_before_leaves_no_trace(decay):
    wanted = decay.shown()
    for artist in (decay.line, decay.bars, decay.note):
        artist.set_animated(False)
    decay.keep.value = 0.1
    decay.figure.canvas.draw()
    controls = {"keep": ipywidgets.FloatSlider(0.9), "start": ipywidgets.FloatSlider(1.0)}
    again = MovingFigure(decay.figure, [decay.line, decay.bars, decay.note], decay.update, controls)
    np.testing.assert_array_equal(pixels(again.image.png), wanted)


def test_a_move_draws_once_with_the_values_by_name(decay):
    drawn = []
    decay.moving.image.observe(lambda change: drawn.append(change["new"]), "png")
    decay.calls.clear()
    decay.keep.value = 0.3
    assert decay.calls == [(0.3, 1.0)]
    assert decay.moving.values == {"keep": 0.3, "start": 1.0}
    assert drawn == [decay.moving.image.png]


def test_a_redraw_makes_no_new_artists(decay):
    decay.start.value = 2.0
    before = [id(artist) for artist in decay.figure.findobj()]
    for k in range(10):
        decay.keep.value = k / 10
    assert [id(artist) for artist in decay.figure.findobj()] == before


def test_a_figure_that_is_saved_in_between_is_not_disturbed(decay):
    decay.keep.value = 0.5
    before = decay.moving.image.png
    decay.figure.savefig(io.BytesIO(), dpi=50)
    decay.keep.value = 0.6
    np.testing.assert_array_equal(decay.shown(), decay.drawn_whole())
    decay.keep.value = 0.5
    assert decay.moving.image.png == before


def test_an_update_that_fails_leaves_the_picture_and_the_next_one_draws(decay):
    before, update = decay.moving.image.png, decay.moving._update

    def fails(keep, start):
        decay.ax.set_ylim(-5, 5)
        raise ZeroDivisionError

    decay.moving._update = fails
    with pytest.raises(ZeroDivisionError):
        decay.keep.value = 0.4
    assert decay.moving.image.png == before
    decay.moving._update = update
    decay.keep.value = 0.5
    np.testing.assert_array_equal(decay.shown(), decay.drawn_whole())


@pytest.mark.slow
def test_two_threads_do_not_draw_into_one_another(decay):
    """JupyterLab may handle widget messages in a separate thread, while cells run in the main thread."""
    allowed, drawn = set(), []
    for keep in (1, 0):
        for start in (0, 1, 30):
            decay.keep.value, decay.start.value = keep, start
            allowed.add(decay.moving.image.png)
    decay.moving.image.observe(lambda change: drawn.append(change["new"]), "png")

    def move(slider, values):
        for k in range(60):
            slider.value = values[k % len(values)]

    threads = [
        threading.Thread(target=move, args=arguments) for arguments in ((decay.keep, (0, 1)), (decay.start, (0, 30, 1)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) > 60
    assert set(drawn) <= allowed
    assert drawn[-1] == decay.moving.image.png


# --- the words, and the picture without a front end -------------------------------------------------------


def test_the_words_follow_and_are_said(decay):
    decay.keep.value = 1.0
    assert decay.moving.alt == decay.moving.image.alt == "After 20 steps c < 1.01."
    assert 'role="status"' in decay.moving.text.value
    assert html.escape(decay.moving.alt) in decay.moving.text.value
    assert "c < 1" not in decay.moving.text.value  # a sign of less is no tag


def test_the_picture_stands_without_a_front_end(decay):
    decay.keep.value = 0.7
    bundle, metadata = decay.moving.picture()._repr_mimebundle_()
    standing = pixels(base64.b64decode(bundle["image/png"]))
    assert standing.shape == decay.shown().shape
    assert np.abs(standing - decay.shown()).mean() < 2  # of 255; the one that is stored has fewer colours
    assert metadata["image/png"]["alt"] == decay.moving.alt
    assert f'alt="{html.escape(decay.moving.alt)}"' in bundle["text/html"]
    assert 'width="400"' in bundle["text/html"]
    assert decay.moving.alt in bundle["text/plain"]


def test_the_live_view_brings_its_picture_along(decay):
    bundle, metadata = decay.moving._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"] == decay.moving.picture()._repr_mimebundle_()[0]["image/png"]
    assert metadata["image/png"]["alt"] == decay.moving.alt


def test_the_view_has_controls_picture_and_words_in_this_order(decay):
    *controls, image, text, mended = decay.moving.view.children
    assert controls == [decay.keep, decay.start]
    assert [image, text] == [decay.moving.image, decay.moving.text]
    assert isinstance(image, LiveImage) and image.width == 400
    assert isinstance(mended, AccessibleControls)


def test_the_picture_to_store_is_the_one_on_the_page_also_where_chance_draws_it():
    rng = np.random.default_rng(0)
    figure, (ax,) = plots.figure(3.0, 2.0)
    (line,) = ax.plot(STEPS, 0.0 * STEPS)
    ax.set_ylim(-3, 3)

    def update(noise):
        y = noise * rng.normal(size=STEPS.shape)
        line.set_ydata(y)
        return f"The noise ends at {y[-1]:.4f}."

    moving = MovingFigure(figure, [line], update, {"noise": ipywidgets.FloatSlider(1.0)})
    picture = moving.picture()
    assert picture.alt == moving.image.alt
    assert np.abs(pixels(picture.image) - pixels(moving.image.png)).mean() < 2


def test_the_code_in_the_page_asks_nothing_of_the_network():
    for piece in (LiveImage(), AccessibleControls()):
        code = str(piece._esm)
        assert "render" in code
        assert not re.search(r"https?:|\bimport\b|\brequire\b|\bfetch\b|XMLHttpRequest|WebSocket", code)


# --- bad arguments ----------------------------------------------------------------------------------------


def arguments():
    figure, (ax,) = plots.figure(2.0, 2.0)
    (line,) = ax.plot([0, 1])
    controls = {"keep": ipywidgets.FloatSlider()}
    return {"figure": figure, "moving": [line], "update": lambda keep: "A line that rises.", "controls": controls}


def stranger():
    return plots.figure(2.0, 2.0)[1][0].plot([0, 1])


@pytest.mark.parametrize(
    "name, wrong, sentence",
    [
        ("figure", None, r"^figure: wanted a figure from plots\.figure, got None$"),
        ("figure", Figure(), r"^figure: wanted a figure from plots\.figure, got <Figure"),
        ("moving", [], r"^moving: wanted a list of artists of the figure, got \[\]$"),
        ("moving", None, r"^moving: wanted a list of artists of the figure, got None$"),
        ("moving", ["line"], r"^moving: wanted artists of the figure, got 'line'$"),
        ("moving", stranger(), r"^moving: wanted artists of the figure, got <matplotlib\.lines\.Line2D"),
        ("update", 3, r"^update: wanted a function, got 3$"),
        ("update", lambda: "A line that rises.", r"^update: wanted a function of keep, got one that raises: .*'keep'"),
        ("update", lambda keep, f: "A line that rises.", r"^update: wanted a function of keep, got .*argument: 'f'"),
        ("update", lambda keep: None, r"^update: wanted a sentence that says what the picture shows, got None$"),
        ("update", lambda keep: "c", r"^update: wanted a sentence that says what the picture shows, got 'c'$"),
        ("controls", {}, r"^controls: wanted a dict of names and controls, got \{\}$"),
        ("controls", [ipywidgets.FloatSlider()], r"^controls: wanted a dict of names and controls, got \[FloatSlider"),
        ("controls", {"keep": 0.5}, r"^keep in controls: wanted a control of ipywidgets with a value, got 0\.5$"),
        ("controls", {"keep": ipywidgets.VBox()}, r"^keep in controls: wanted a control of ipywidgets with a value"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(name, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        MovingFigure(**arguments() | {name: wrong})

"""The diagrams show exactly the parts that the lesson has explained so far."""

import numpy as np
import pytest

from lstm_course import diagrams, plots
from lstm_course.palette import INKS
from lstm_course.tasks.reber import GRAMMAR


def written(fig):
    return [text.get_text() for text in fig.axes[0].texts if text.get_text()]


@pytest.mark.parametrize(
    "parts, signs",
    [
        ("", []),
        ("f", ["$[h, x]$", "σ", "$f$", "×"]),
        ("fig", ["$[h, x]$", "σ", "σ", "tanh", "$f$", "$i$", "$g$", "×", "×", "+"]),
        (
            "figo",
            ["$[h, x]$", "σ", "σ", "σ", "tanh", "tanh", "$f$", "$i$", "$g$", "$o$", "$h_t$", *"×××", "+"],
        ),
    ],
)
def test_the_cell_shows_the_parts_that_were_asked_for(parts, signs):
    assert sorted(written(diagrams.cell(parts))) == sorted(["$c_{t-1}$", "$c_t$", *signs])


def test_each_gate_has_its_own_colour():
    fig = diagrams.cell()
    for symbol in "figo":
        (label,) = (text for text in fig.axes[0].texts if text.get_text() == f"${symbol}$")
        assert label.get_color() == INKS[symbol].colour


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="^parts: wanted letters out of 'figo', got 'fx'$"):
        diagrams.cell("fx")


def test_the_grammar_is_drawn_twice_between_letters_that_agree():
    letters = written(diagrams.reber())
    inner = [symbol for following in GRAMMAR.values() for symbol in following]
    assert sorted(letters) == sorted(["B", "E", *"TTPP", *inner, *inner])


@pytest.mark.parametrize("steps, gradients", [(2, 0), (4, 0), (3, 3), (6, 2)])
def test_the_unrolled_cell_has_a_copy_and_a_state_for_each_step(steps, gradients):
    signs = [f"$h_{t}$" for t in range(steps + 1)] + [f"$x_{t}$" for t in range(1, steps + 1)]
    last = range(steps - gradients + 1, steps + 1)
    back = [f"${name}_{t}$" for t in last for name in ("dh", "dW")]
    if gradients:
        back += ["loss", "$V, a$", "$dW = " + " + ".join(f"dW_{t}" for t in last) + "$"]
    if 0 < gradients < steps:
        back.append("cut")
    assert sorted(written(diagrams.unrolled(steps, gradients))) == sorted(signs + ["tanh", "$W, b$"] * steps + back)


def test_the_folded_cell_stands_beside_the_chain():
    more = set(written(diagrams.unrolled(4, folded=True))) - set(written(diagrams.unrolled(4)))
    assert more == {"$x_t$", "$h_t$ returns as $h_{t-1}$", "="}


@pytest.mark.parametrize("steps, gradients, name", [(1, 0, "steps"), (7, 0, "steps"), (3, 4, "gradients")])
def test_an_unrolled_cell_has_its_limits(steps, gradients, name):
    with pytest.raises(ValueError, match=f"^{name}: wanted a whole number from "):
        diagrams.unrolled(steps, gradients)


@pytest.mark.parametrize(
    "draw",
    [
        diagrams.cell,
        diagrams.reber,
        lambda: diagrams.cell(""),
        diagrams.unrolled,
        lambda: diagrams.unrolled(2),
        lambda: diagrams.unrolled(6, 2),
        lambda: diagrams.unrolled(4, folded=True),
    ],
)
def test_nothing_is_cut_off(draw):
    """The outermost pixels on each side are white."""
    fig = draw()
    fig.canvas.draw()
    pixels = np.asarray(plots.pixels(fig))
    for side in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (side == 255).all()

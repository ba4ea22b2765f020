"""The live cell from Python: which values its attributes accept and refuse, and what they mean."""

import json
import math
import re

import numpy as np
import pytest
import torch
import traitlets
from front_end import FrontEnd

from lstm_course.explore import PRESETS, LiveCell

NUMBERS = (math.nan, math.inf, -math.inf, None, "a", True, 0.5j, [0.5], 10**400)
BAD = {
    "mode": (None, 3, "Hand", "", ["hand"], np.array(["hand", "weights"])),
    "x": (
        *(None, 0.5, True, "abc", [], ["a"], [0.5j, 0, 0], [None], {"a": 1}, [10**400]),
        *([[0.5], [0.5]], [0.5, [0.5]], [0.5, math.nan], [math.inf], np.zeros(501), torch.ones(3, requires_grad=True)),
    ),
    **dict.fromkeys("fio", (1.5, -0.1, np.float32(1.1), *NUMBERS)),
    "drawn": (
        *(None, 0.5, [], "i", [0, 1, 0], {"g": [0, 1, 0]}, {1: [0, 1, 0]}, {"i": None}, {"i": 0.5}, {"i": []}),
        *({"i": [0, 1]}, {"i": [0, 1, 0], "o": [0, 1]}, {"i": [0, 1, 2]}, {"i": [-0.5, 0, 0]}),
        *({"i": [0, math.nan, 0]}, {"i": [[0], [1], [0]]}, {"i": ["a", "b", "c"]}),
    ),
    **dict.fromkeys(("c0", "h0", "plain_u"), NUMBERS),
    **dict.fromkeys(
        "wub",
        (None, 1, "abcd", [], [1, 2, 3], [0] * 5, [[1, 2, 3, 4]], [1, 2, 3, [4]], [1, 2, 3, math.inf], ["a"] * 4)
        + ([1, 2, 3, None], [1, 2, 3, 4j], torch.ones(4, requires_grad=True)),
    ),
    "rest": (
        *(0.5, 5, True, "", "abc", {}, {"a": 1}, [1, 2, 3], [[], [], []]),
        *(np.array(0.5), np.ones((3, 3)), np.ones((2, 4))),
        *(np.full((3, 4), math.nan), [[1, 2, 3, 4], [1], [1, 2, 3, 4]], np.full((3, 4), "a"), np.ones((3, 4, 1))),
    ),
    **dict.fromkeys(("plain", "projector"), (None, 0, 1, 0.5, "True", [True])),
    **dict.fromkeys(("step", "loss_step"), (-1, 4, 501, 10**400, 1.0, 1.5, math.nan, None, True, "1", [1])),
    "title": (None, 3, b"abc", ["abc"], "\ud800"),  # a lone surrogate cannot be written into a page
}
BAD["loss_step"] += (0,)  # there is no earlier cell state on which it could depend


@pytest.fixture
def cell():
    """A cell in which no attribute has its default value."""
    return LiveCell(
        **dict(mode="weights", x=[0.5, -1, 2], f=0.7, i=0.6, o=0.8, drawn={"i": [0, 1, 0.5]}, c0=0.3, h0=-0.2),
        **dict(w=[1, 2, 3, 4], u=[-1, 0, 1, 2], b=[0, 1, 0, 0], rest=np.full((3, 4), 0.25), plain=True, plain_u=-0.5),
        **dict(step=2, loss_step=3, title="a cell", projector=True),
    )


def answer(act):
    """The message of the ValueError that a call raises, or what happened instead."""
    try:
        act()
    except ValueError as refused:
        return str(refused)
    except Exception as error:
        return f"{type(error).__name__} and not ValueError"
    return "it is taken"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_is_refused_and_nothing_changes(cell, name):
    before, page, answers = json.dumps(cell.state()), FrontEnd(cell), {}
    for value in BAD[name]:
        answers[f"{value!r:.60}"] = answer(lambda value=value: setattr(cell, name, value))
        assert (json.dumps(cell.state()), page.heard) == (before, []), f"{value!r:.60} changes something"
    sentence = re.compile(rf"(\w in )?{name}: wanted [^\n]+, got .+", re.DOTALL)
    assert {value: each for value, each in answers.items() if not sentence.fullmatch(each)} == {}


@pytest.mark.parametrize("name", BAD)
def test_no_cell_begins_with_a_bad_value(name):
    start = {"x": [0.5, -1, 2]}
    answers = {f"{value!r:.60}": answer(lambda value=value: LiveCell(**{**start, name: value})) for value in BAD[name]}
    sentence = re.compile(rf"(x|(\w in )?{name}): wanted [^\n]+, got .+", re.DOTALL)
    assert {value: each for value, each in answers.items() if not sentence.fullmatch(each)} == {}


def test_what_is_refused_is_so_for_python_and_for_traitlets(cell):
    with pytest.raises(ValueError) as refused:
        cell.f = 1.5
    assert isinstance(refused.value, traitlets.TraitError)


def test_every_attribute_refuses_something():
    assert set(BAD) == set(LiveCell.names) == set(LiveCell().state())


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(ValueError, match=r"^values: wanted names among mode, x, f, .*, got forget$"):
        LiveCell(forget=0.5)


THREE = ([0.5, 1, 0], (0.5, 1, 0), np.array([0.5, 1, 0]), np.array([0.5, 1, 0], np.float32), torch.tensor([0.5, 1, 0]))
FOUR = ([1, 2, 3, 4], (1.0, 2.0, 3.0, 4.0), np.arange(1, 5), np.arange(1, 5, dtype=np.float32), torch.arange(1, 5))


@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("mode", "hand", "hand"),
        *(("x", x, [0.5, 1.0, 0.0]) for x in THREE),
        ("x", range(3), [0.0, 1.0, 2.0]),
        *((gate, 1, 1.0) for gate in "fio"),
        *((gate, np.float32(0.25), 0.25) for gate in "fio"),
        *((name, value, 2.0) for name in ("c0", "h0", "plain_u") for value in (2, np.float32(2), np.int64(2))),
        ("drawn", {}, {}),
        *(("drawn", {"f": path, "o": path}, {"f": [0.5, 1.0, 0.0], "o": [0.5, 1.0, 0.0]}) for path in THREE),
        ("drawn", {"i": np.array([True, False, True])}, {"i": [1.0, 0.0, 1.0]}),
        *((name, value, [1.0, 2.0, 3.0, 4.0]) for name in "wub" for value in FOUR),
        *(("rest", nothing, []) for nothing in (None, [], (), np.empty((0, 4)))),
        *(("rest", [row] * 3, [[1.0, 2.0, 3.0, 4.0]] * 3) for row in FOUR[:2]),
        ("rest", torch.ones(3, 4), [[1.0] * 4] * 3),
        *((name, np.bool_(value), value) for name in ("plain", "projector") for value in (True, False)),
        *((name, np.int64(1), 1) for name in ("step", "loss_step")),
        ("step", 0, 0),
        ("title", "", ""),
    ],
)
def test_good_values_of_other_types_are_taken(name, value, wanted):
    cell = LiveCell(x=[0, 0, 0])
    before = cell.state()
    setattr(cell, name, value)
    after = getattr(cell, name)
    assert after == wanted and type(after) is type(wanted)
    assert json.dumps(after) == json.dumps(wanted)  # 1.0 and not 1, whatever was given
    assert {**cell.state(), name: before[name]} == before


def test_what_is_given_is_not_changed_later(cell):
    x, drawn = [0.5, 1.0, 0.0], {"i": [0.0, 1.0, 0.0]}
    cell.x, cell.drawn = x, drawn
    x[0], drawn["i"][0] = 9.0, 0.5
    drawn["f"] = [1.0]
    assert (cell.x, cell.drawn) == ([0.5, 1.0, 0.0], {"i": [0.0, 1.0, 0.0]})


def test_two_cells_share_nothing():
    first, second, presets = LiveCell("write once"), LiveCell("write once"), json.dumps(PRESETS)
    before = json.dumps(second.state())
    first.x[0], first.w[0], first.drawn["i"][0] = 9.0, 9.0, 0.5
    first.rest.append([0.0] * 4)
    assert json.dumps(second.state()) == json.dumps(LiveCell("write once").state()) == before
    assert json.dumps(PRESETS) == presets


@pytest.mark.parametrize("name", ["x", "w", "u", "b", "rest", "drawn"])
def test_what_a_cell_hands_out_is_not_its_own(cell, name):
    """Nothing gets into a cell unchecked."""
    before = json.dumps(cell.state())
    for given in (getattr(cell, name), cell.state()[name]):
        if isinstance(given, dict):
            given["i"][0] = math.nan
        elif isinstance(given[0], list):
            given[0][0] = math.nan
        else:
            given[0] = math.nan
        assert json.dumps(cell.state()) == before


def test_a_list_that_was_read_changed_and_set_again_goes_to_the_page(cell):
    page = FrontEnd(cell)
    x = cell.x
    x[0] = 2.5
    cell.x = x
    assert cell.values["x"][0] == 2.5
    assert page.state["x"] == [2.5, -1, 2]


# --- gates by hand ----------------------------------------------------------------------------------------


def test_a_drawn_gate_comes_before_the_number():
    cell = LiveCell(x=[1, 2, 3], f=0.5, i=0.25, drawn={"i": [0, 1, 0]})
    assert cell.values["i"].tolist() == [0, 1, 0]
    assert cell.values["f"].tolist() == [0.5] * 3
    np.testing.assert_allclose(cell.values["c"], [0.5, 0.25 + np.tanh(2), 0.125 + 0.5 * np.tanh(2)], rtol=1e-15)
    np.testing.assert_allclose(cell.paths["direct"], [0.125, 0.25, 0.5, 1], rtol=1e-15)


@pytest.mark.parametrize("value", [0.75, 0.25], ids=["another number", "the number it has"])
def test_a_gate_that_is_set_is_set_at_every_step(value):
    cell = LiveCell(x=[1, 2, 3], i=0.25, drawn={"i": [0, 1, 0], "f": [1, 0, 1]})
    cell.i = value
    assert cell.values["i"].tolist() == [value] * 3
    assert cell.drawn == {"f": [1, 0, 1]}


def test_a_value_beside_a_preset_is_as_good_as_one_set_after_it():
    later = LiveCell("write once")
    later.i = 0.3
    np.testing.assert_array_equal(LiveCell("write once", i=0.3).values["i"], later.values["i"])


def test_with_weights_the_gates_by_hand_do_not_count(cell):
    before = cell.values
    cell.f, cell.o, cell.drawn = 0, 1, {"i": [1, 1, 1]}
    for symbol, values in cell.values.items():
        np.testing.assert_array_equal(values, before[symbol])


# --- the number of steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, T, after",
    [
        ((40, 40), 10, (10, 10)),
        ((40, 40), 50, (40, 50)),  # the loss stays at the end
        ((5, 20), 50, (5, 20)),
        ((5, 20), 10, (5, 10)),
        ((0, 1), 3, (0, 1)),
        ((15, 20), 1, (1, 1)),
    ],
)
def test_the_loss_follows_the_length_and_the_cursor_stays_within(before, T, after):
    cell = LiveCell(step=before[0], loss_step=before[1])
    page = FrontEnd(cell)
    cell.x = np.ones(T)
    assert (cell.step, cell.loss_step) == after
    assert {symbol: len(values) for symbol, values in cell.values.items()} == dict.fromkeys("xifgoch", T)
    assert {len(path) for path in cell.paths.values()} == {after[1] + 1}
    assert page.state == cell.state()


@pytest.mark.parametrize(
    "other, name", [({"drawn": {"o": [0, 1, 0]}}, "o in drawn"), ({"rest": np.ones((3, 4))}, "rest")]
)
def test_all_sequences_are_of_one_length(other, name):
    cell = LiveCell(x=[1, 2, 3], **other)
    before = cell.state()
    with pytest.raises(ValueError, match=rf"^x: wanted 3 steps, as many as {name} has, got 4$"):
        cell.x = [1, 2, 3, 4]
    assert cell.state() == before
    cell.x = [3, 2, 1]
    with pytest.raises(ValueError, match=rf"^{name}: wanted 40 steps, as many as x has, got 3$"):
        LiveCell().set_state(other)


def test_a_new_length_for_all_at_once(cell):
    page = FrontEnd(cell)
    with cell.hold_trait_notifications():
        cell.x, cell.drawn, cell.rest = [1, 2], {"f": [0, 1]}, np.ones((2, 4))
    assert (len(cell.x), cell.step, cell.loss_step) == (2, 2, 2)
    assert page.state == cell.state()


# --- presets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_known_again(name):
    cell = LiveCell(name)
    assert cell.preset == name
    cell.step, cell.loss_step, cell.title, cell.projector = 3, 7, "a cell", True
    assert cell.preset == name  # these are not part of it
    for attribute, value in dict(
        f=0.123, c0=0.123, plain=not cell.plain, w=[0.1, 0, 0, 0], x=cell.x[:-1] + [9]
    ).items():
        before = getattr(cell, attribute)
        setattr(cell, attribute, value)
        assert cell.preset == ""
        setattr(cell, attribute, before)
        assert cell.preset == name


@pytest.mark.parametrize("name", PRESETS)
def test_there_and_back_again(cell, name):
    page = FrontEnd(cell)
    cell.drawn, cell.rest, cell.x = {}, [], [1, 2]
    cell.set(name)
    assert cell.state() == {**LiveCell(name).state(), "projector": True}  # the size of the type does not change
    assert page.state == cell.state()
    assert page.heard[-1] == ("update", cell.state())  # also where Python gives no echo
    cell.set("halfway")
    assert cell.state() == {**LiveCell().state(), "projector": True}


@pytest.mark.parametrize("wrong", ["remembr", "", None, 3, ["leaky"]])
def test_an_unknown_preset_is_told_the_known_ones(cell, wrong):
    before = cell.state()
    for use in (LiveCell, cell.set):
        with pytest.raises(ValueError, match=r"^preset: wanted one of halfway, remember, forget, .*, got "):
            use(wrong)
    assert cell.state() == before

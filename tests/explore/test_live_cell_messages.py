"""Valid and invalid messages from the page, and the state after any sequence of settings."""

import json
import math

import numpy as np
import pytest
from front_end import FrontEnd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.explore import PRESETS, LiveCell

BAD_MESSAGES = [
    {"mode": "both"},
    {"mode": {"hand": 1}},
    {"f": 1.5},
    {"i": "0.5"},
    {"o": None},
    {"f": math.nan},
    {"x": []},
    {"x": [0.5, None, 1]},
    {"x": {"0": 1}},
    {"x": "abc"},
    {"x": [0] * 501},
    {"x": [1, 2], "step": 3},
    {"x": [1, 2], "loss_step": 3},
    {"drawn": []},
    {"drawn": {"g": [0, 0, 0]}},
    {"drawn": {"i": [0.5]}},
    {"drawn": {"i": [0, 1, 2]}},
    {"x": [1, 2], "drawn": {"i": [0, 1, 0]}},
    {"rest": 5},
    {"rest": True},
    {"rest": [[1, 2, 3, 4]]},
    {"rest": [[1, 2, 3]] * 3},
    {"w": [1, 2, 3]},
    {"u": "abcd"},
    {"b": [0, 0, 0, None]},
    {"c0": math.inf},
    {"h0": [0]},
    {"plain": 1},
    {"plain_u": False},
    {"step": 2.5},
    {"step": 4},
    {"loss_step": 0},
    {"title": 3},
    {"projector": "yes"},
]
each_bad_message = pytest.mark.parametrize("message", BAD_MESSAGES, ids=lambda message: f"{message!r:.60}")


@pytest.fixture
def cell():
    return LiveCell(x=[0.5, -1, 2])


def assert_whole(cell):
    """The state is valid for a new cell, and everything in it can be shown."""
    state = json.loads(json.dumps(cell.state(), allow_nan=False))
    again = LiveCell()
    again.set_state(state)
    assert again.state() == cell.state() == state
    T = len(cell.x)
    assert 0 <= cell.step <= T and 1 <= cell.loss_step <= T
    values, paths = cell.values, cell.paths
    assert {name: array.shape for name, array in values.items()} == dict.fromkeys("xifgoch", (T,))
    assert {name: array.shape for name, array in paths.items()} == dict.fromkeys(
        ("direct", "full", "plain"), (cell.loss_step + 1,)
    )
    for array in (*values.values(), *paths.values()):
        assert np.isfinite(array).all()
    for gate in "ifo":
        assert (values[gate] >= 0).all() and (values[gate] <= 1).all()


@pytest.mark.parametrize("first", [True, False], ids=["bad first", "bad last"])
@each_bad_message
def test_a_bad_message_is_refused_as_a_whole(cell, message, first):
    before, good = json.dumps(cell.state()), {"f": 0.25, "c0": 3, "title": "good", "plain": True}
    good = {name: value for name, value in good.items() if name not in message}
    with pytest.raises(ValueError, match=r"\A[^\n]+: wanted [^\n]+, got .+\Z"):
        cell.set_state({**message, **good} if first else {**good, **message})
    assert json.dumps(cell.state()) == before
    cell.set_state(good)  # the next message is accepted as usual
    assert (cell.state() | good) == cell.state()


@pytest.mark.parametrize(
    "message", [{"f": 1.5}, {"o": 0.75, "rest": 5}, {"x": [1, 2], "drawn": {"i": [0, 1, 0]}}], ids=repr
)
def test_after_a_bad_message_the_page_has_what_python_has(cell, message):
    """Otherwise the page would show the valid part of the message, which Python has not accepted."""
    before, page = json.dumps(cell.state()), FrontEnd(cell)
    page.say(**message)
    assert json.dumps(cell.state()) == before
    assert page.state == cell.state()


@pytest.mark.parametrize("message", [None, [1], "f", 5], ids=repr)
def test_what_is_no_state_at_all_changes_nothing(cell, message):
    before = json.dumps(cell.state())
    with pytest.raises((AttributeError, TypeError, ValueError)):
        cell.set_state(message)
    assert json.dumps(cell.state()) == before
    cell.f = 0.25
    assert cell.f == 0.25


def test_unknown_keys_are_passed_over(cell):
    before = cell.state()
    cell.set_state({"values": 3, "preset": "leaky", "set": None, "__class__": 0, "_together": False, "f": 0.25})
    assert cell.state() == {**before, "f": 0.25}
    assert set(cell.values) == set("xifgoch") and callable(cell.set)


@pytest.mark.parametrize(
    "message",
    [
        {"f": 0.25},
        {"f": 1},  # JavaScript has no floats with a zero after the point
        {"x": [1, 2, 3]},
        {"x": [1, 2], "step": 0, "loss_step": 1, "drawn": {"i": [1, 0]}, "rest": [[0, 0, 1, 0], [1, 1, 1, 1]]},
        {"mode": "weights", "w": [1, 2, 3, 4], "plain": True},
    ],
    ids=lambda message: f"{message!r:.60}",
)
def test_a_good_message_is_taken_and_not_answered(cell, message):
    """An echo would arrive late and move a slider back."""
    page = FrontEnd(cell)
    page.say(**message)
    assert {name: getattr(cell, name) for name in message} == message
    assert [method for method, _ in page.heard] == ["echo_update"]
    assert page.state == cell.state()
    assert_whole(cell)


@pytest.mark.parametrize("T", [1, 2, 50])
def test_a_length_without_cursor_and_loss_leaves_them_within(cell, T):
    cell.step = 3
    cell.set_state({"x": [1.0] * T})
    assert len(cell.x) == T
    assert_whole(cell)


def test_a_gate_and_its_path_in_one_message_are_both_taken(cell):
    cell.set_state({"f": 0.25, "drawn": {"f": [0, 1, 0]}})
    assert (cell.f, cell.drawn) == (0.25, {"f": [0, 1, 0]})
    assert cell.values["f"].tolist() == [0, 1, 0]


def test_two_cells_hear_their_own_pages_only(cell):
    other = LiveCell("leaky")
    pages, before = (FrontEnd(cell), FrontEnd(other)), json.dumps(other.state())
    pages[0].say(f=0.25)
    cell.set("counter")
    assert json.dumps(other.state()) == before
    assert pages[1].heard == []


# --- any sequence of settings -----------------------------------------------------------------------------

numbers, shares = st.floats(-5, 5), st.floats(0, 1)
lengths = st.integers(1, 5)


def four():
    return st.lists(numbers, min_size=4, max_size=4)


def listed(each, T):
    return st.lists(each, min_size=T, max_size=T)


def settings_of_length(T):
    """Values of each attribute for a cell with T steps; with another number of steps some are refused."""
    return {
        "mode": st.sampled_from(["hand", "weights"]),
        "x": listed(numbers, T),
        **dict.fromkeys("fio", shares),
        "drawn": st.dictionaries(st.sampled_from("fio"), listed(shares, T)),
        **dict.fromkeys(("c0", "h0", "plain_u"), numbers),
        **dict.fromkeys("wub", four()),
        "rest": st.one_of(st.just([]), listed(four(), T)),
        **dict.fromkeys(("plain", "projector"), st.booleans()),
        "step": st.integers(0, T),
        "loss_step": st.integers(1, T),
        "title": st.text(st.characters(codec="utf-8"), max_size=5),
    }


one_setting = lengths.flatmap(
    lambda T: st.one_of(*(st.tuples(st.just(name), each) for name, each in settings_of_length(T).items()))
)
several_settings = lengths.flatmap(lambda T: st.fixed_dictionaries({}, optional=settings_of_length(T)))
moves = st.lists(
    st.one_of(
        st.tuples(st.just("one"), one_setting),
        st.tuples(st.just("together"), several_settings),
        st.tuples(st.just("from the page"), several_settings),
        st.tuples(st.just("preset"), st.sampled_from(list(PRESETS))),
    ),
    max_size=6,
)


def move(cell, how, what):
    if how == "one":
        setattr(cell, *what)
    elif how == "together":
        with cell.hold_trait_notifications():
            for name, value in what.items():
                setattr(cell, name, value)
    elif how == "from the page":
        cell.set_state(what)
    else:
        cell.set(what)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(moves)
def test_after_any_sequence_of_settings_the_state_is_whole(moves):
    cell = LiveCell()
    page = FrontEnd(cell)
    for how, what in moves:
        before = json.dumps(cell.state())
        try:
            move(cell, how, what)
        except ValueError:  # if the lengths do not match
            assert json.dumps(cell.state()) == before
    assert_whole(cell)
    assert page.state == cell.state()

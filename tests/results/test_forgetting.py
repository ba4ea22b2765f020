"""What the forget gate does, long lags and brackets: what lesson 07 reads from the stored runs, and their scripts."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import brackets, continual_reber, forget_gate, long_lags
from lstm_course.scratch import LSTM
from lstm_course.tasks import continual_reber as task
from lstm_course.tasks.reber import SYMBOLS


@pytest.fixture(scope="module")
def gate():
    return results.load("forget_gate")


def test_emptied_by_hand_the_cell_of_1997_learns_the_stream(gate):
    assert gate["reset_long_range"].min() > 0.98 and gate["reset_errors"].max() < 0.001


def test_a_forget_gate_that_stands_still_keeps_the_cell_small_and_loses_the_letter(gate):
    assert gate["none_errors"].max() < 0.001 and gate["one_errors"].min() > 0.3 and gate["one_cell"].min() > 50
    assert gate["mean_cell"].max() < 5 and gate["mean_long_range"].max() < 0.8
    assert (gate["only_at_start_errors"] > 2 * gate["one_at_start_errors"]).all()
    assert gate["only_at_boundary_errors"].min() > 2 * gate["one_at_boundary_errors"].max()
    assert np.sum(gate["one_at_boundary_long_range"] < gate["one_inside_long_range"]) >= 8


def test_a_constant_leak_keeps_the_forget_gate_where_it_is_put():
    """The loss of a few updates falls although no row of the forget gate is trained."""
    score, cell = forget_gate.train_leak(seed=0, value=0.9, updates=30)
    assert score.errors_per_symbol < 0.85 and 0 < cell < 10  # a leak of 0.9 sums to ten at most


def test_later_moves_marks_and_drops_those_that_leave():
    marks = np.array([[True, False, False, True]])
    assert forget_gate.later(marks, 1).tolist() == [[False, True, False, False]]
    assert forget_gate.later(marks, -1).tolist() == [[False, False, True, False]]


def test_the_letter_is_carried_in_the_states_and_gone_when_its_string_is_over(gate):
    assert gate["flipped_early_both"].min() > 0.9 and gate["flipped_late_both"].max() < 0.05
    assert np.sum(gate["flipped_early_c"] > gate["flipped_early_h"]) >= 8


def test_the_loop_is_that_of_the_layer():
    layer, output = continual_reber.start("lstm", seed=3)
    W, b, _, _ = forget_gate.weights(layer, output)
    x = task.Stream(4, seed=1).next(20).x
    y, (h, c) = layer(x)
    states, cells, _ = forget_gate.run(x, np.zeros((4, 16)), np.zeros((4, 16)), W, b)
    np.testing.assert_allclose(states, y, atol=1e-12)
    np.testing.assert_allclose(cells[:, -1], c[0], atol=1e-12)
    assert isinstance(layer, LSTM)


def test_the_stored_network_predicts_the_stream(gate):
    stream = task.Stream(16, seed=77)
    warm, batch = stream.next(200), stream.next(300)
    h, c, _ = forget_gate.run(warm.x, np.zeros((16, 16)), np.zeros((16, 16)), gate["W"], gate["b"])
    y, _, _ = forget_gate.run(batch.x, h[:, -1], c[:, -1], gate["W"], gate["b"])
    assert task.score(y @ gate["V"].T + gate["a"], batch).errors_per_symbol < 0.02


def test_pairs_differ_in_two_letters_of_the_second_string():
    T, P = (["".join(SYMBOLS[k] for k in row) for row in x.argmax(axis=2)] for x in forget_gate.pairs(seed=0))
    n = forget_gate.STRING
    for one, other in zip(T, P, strict=True):
        assert [k for k in range(3 * n) if one[k] != other[k]] == [n + 1, 2 * n - 2]
        assert one[n] == "B" and one[n + 1] == "T" and one[2 * n - 2 : 2 * n] == "TE"


def test_strings_start_after_an_end():
    batch = task.Stream(1, seed=0).next(100)
    letters = "".join(SYMBOLS[k] for k in batch.x[0].argmax(axis=1))
    starts = np.flatnonzero(forget_gate.string_starts(batch)[0])
    assert len(starts) > 3 and all(letters[t - 1 : t + 1] == "EB" for t in starts)


def test_a_stack_by_replacing_pairs():
    """Another way to know which bracket is open: take matched pairs out until none is left."""
    symbols, kinds = brackets.texts(20, 40, 4, np.random.default_rng(0))
    for row, answers in zip(symbols, kinds, strict=True):
        for t in range(40):
            text, before = "".join("([{)]}"[k] for k in row[: t + 1] if k < 6), None
            while text != before:
                before, text = text, text.replace("()", "").replace("[]", "").replace("{}", "")
            assert answers[t] == ("([{".index(text[-1]) + 1 if text else 0)
            assert len(text) <= 4


def test_networks_match_brackets_as_deep_as_they_were_trained_and_lose_them_after_long_gaps():
    stored = results.load("brackets")
    assert stored["depth_right"][:, :4].min() > 0.97 and stored["depth_right"][:, -1].mean() < 0.95
    assert stored["gap_right"][:, 0].min() > 0.95 and stored["gap_right"][:, -1].mean() < 0.5


def test_brackets_script_makes_what_is_stored():
    torch.set_num_threads(1)
    _, losses = brackets.train(seed=0, updates=5)
    np.testing.assert_allclose(losses, results.load("brackets")["losses"][0, :5], rtol=1e-3)


def test_encode():
    assert brackets.encode("a(]}").tolist() == [6, 0, 4, 5]


def test_long_lags():
    stored, chance = results.load("long_lags"), 1 / 6
    for problem, kinds in long_lags.KINDS.items():
        for kind in kinds:
            best = np.argmin if problem == "adding" else np.argmax
            chosen = stored["learning_rates"][best(stored[f"{problem}_{kind}_tried"].mean(axis=0))]
            assert stored[f"{problem}_{kind}_rate"] == chosen
    assert (stored["adding_lstm_error"][:, 0] > 0.5 * chance).all()  # on the line at first
    for kind, leave in (("lstm", 10), ("1997", 6), ("rnn", 0)):
        assert np.sum(stored[f"adding_{kind}_error"][:, -1] < 0.05) == leave
    assert stored["order_chrono_accuracy"][:, -1].min() > 0.95
    assert np.sum(stored["order_open_accuracy"][:, -1] > 0.95) == 4
    assert stored["order_bias_accuracy"][:, -1].max() < 0.4


@pytest.mark.parametrize(("name", "kind"), [("adding", "1997"), ("order", "chrono")])
def test_long_lags_script_makes_what_is_stored(name, kind):
    stored, what = results.load("long_lags"), "error" if name == "adding" else "accuracy"
    _, evaluations = long_lags.train(name, kind, seed=0, rate=float(stored[f"{name}_{kind}_rate"]), updates=25)
    assert evaluations[0] == pytest.approx(stored[f"{name}_{kind}_{what}"][0, 0], abs=0.02)


def test_an_output_fitted_again_reads_what_the_states_tell():
    """An untrained network that shows its input: guessing by its own output, and right by a fitted one."""
    net = long_lags.start("order", "chrono", seed=0)
    own, fitted_h, fitted = long_lags.right_on_longer(net, 10, seed=0)
    assert own < 0.45 and min(fitted_h, fitted) > own + 0.1


def test_on_longer_sequences_the_cell_states_tell_more_than_the_hidden_states():
    stored = results.load("long_lags")
    assert (stored["order_longer_fitted"][:, 1] > stored["order_longer_fitted_h"][:, 1] + 0.05).all()


def test_the_control_of_chrono_has_its_forget_biases_alone():
    chrono, control = (long_lags.start("order", kind, seed=0).layer for kind in ("chrono", "open"))
    H = chrono.hidden_size
    for one, other in zip(chrono.parameters(), control.parameters(), strict=True):
        assert torch.equal(one[H:], other[H:])
    assert chrono.bias_ih_l0[:H].min() < -1 and not control.bias_ih_l0[:H].any() and not control.bias_hh_l0[:H].any()


def test_an_unknown_kind_of_long_lag_is_refused():
    with pytest.raises(ValueError, match="^kind: wanted one of chrono, bias, open, got 'gru'$"):
        long_lags.start("order", "gru", 0)

"""How far LSTMs learn to recall: what the stored run shows, and that the script still produces it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import memory_horizon
from lstm_course.tasks import recall


@pytest.fixture(scope="module")
def stored():
    return results.load("memory_horizon")


def solved(stored, kind):
    """By learning rate and length."""
    return (stored[f"{kind}_updates"] > 0).sum(axis=1)


def test_a_ladder_ends_at_its_first_failure(stored):
    for kind in memory_horizon.KINDS:
        updates, accuracy = stored[f"{kind}_updates"], stored[f"{kind}_accuracy"]
        assert updates.shape == (2, 10, 4)
        assert (np.isnan(updates[..., 1:]) == ((updates[..., :-1] == 0) | np.isnan(updates[..., :-1]))).all()
        assert (accuracy[updates > 0] == 1).all() and (accuracy[updates == 0] < 1).all()


def test_the_start_decides_how_long_a_lag_is_learned(stored):
    best = {kind: solved(stored, kind).max(axis=0) for kind in memory_horizon.KINDS}
    assert best["bias_0"].tolist() == [10, 0, 0, 0]
    assert best["bias_1"][0] == 10 and best["bias_1"][1] >= 6 and best["bias_1"][2] <= 3 and best["bias_1"][3] == 0
    assert best["bias_3"].tolist() == best["chrono"].tolist() == [10, 10, 10, 10]


def test_larger_steps_lose_what_the_start_gave(stored):
    updates, before, after = (stored[f"bias_3_{what}"][..., 3] for what in ("updates", "before", "after"))
    failed = updates[0] == 0
    assert 2 <= failed.sum() <= 6 and (updates[1] > 0).all()
    assert (after[0, failed] < 0.1 * before[0, failed]).all() and (after[1, failed] > 0.1 * before[1, failed]).all()


def test_the_full_derivative_exceeds_the_direct_path_unless_the_input_gates_are_nearly_shut(stored):
    for kind in ("bias_0", "bias_1", "gru"):
        assert (stored[f"{kind}_full"] > stored[f"{kind}_direct"] + 0.02).all()
    np.testing.assert_allclose(stored["chrono_full"], stored["chrono_direct"], atol=0.01)


@pytest.mark.parametrize("kind", ["bias_1", "gru"])
def test_the_script_still_measures_these_factors(stored, kind):
    factors = memory_horizon.factors(kind, seed=3)
    np.testing.assert_allclose(factors, [stored[f"{kind}_direct"][3], stored[f"{kind}_full"][3]], rtol=0.01)


def test_what_is_left_is_what_autograd_says():
    layer, _ = memory_horizon.start("bias_1", seed=2, longest=12)
    x = torch.tensor(recall.batch(16, 12, 5).x, dtype=torch.float32, requires_grad=True)
    u = torch.tensor(np.random.default_rng(0).normal(size=(16, 32)))
    (layer(x)[0][:, -1] * u / u.norm(dim=1, keepdim=True)).sum().backward()
    norms = x.grad.norm(dim=2).mean(dim=0)
    assert memory_horizon.left(layer, 12) == pytest.approx((norms[0] / norms[-1]).item(), rel=1e-3)


def test_the_starts_differ_in_their_biases_alone():
    bias_0, bias_3 = (memory_horizon.start(kind, 1, 40)[0].state_dict() for kind in ("bias_0", "bias_3"))
    assert {name for name in bias_0 if not torch.equal(bias_0[name], bias_3[name])} == {"bias_ih_l0"}
    assert (bias_3["bias_ih_l0"] - bias_0["bias_ih_l0"]).reshape(4, 32).sum(dim=1).tolist() == [0, 96, 0, 0]
    chrono = memory_horizon.start("chrono", 1, 40)[0]
    assert 0 <= chrono.bias_ih_l0[32:64].min() and chrono.bias_ih_l0.max() <= np.log(39) + 1e-6


def test_the_script_learns_as_the_stored_run_did(stored):
    layer, output = memory_horizon.start("bias_3", 0, 20)
    accuracies = memory_horizon.train(layer, output, 20, 0, learning_rate=0.003, updates=150)
    assert accuracies[-1] == 1 and abs(25 * len(accuracies) - stored["bias_3_updates"][0, 0, 1]) <= 50

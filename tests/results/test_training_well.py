"""One network that colours source code: what the stored run shows, and that the script still produces it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import training_well
from lstm_course.tasks import source_code


@pytest.fixture(scope="module")
def stored():
    return results.load("training_well")


@pytest.fixture(scope="module")
def ends(stored):
    return {name: stored[f"{name}_error"][:, -1] for name in training_well.CHANGES}


def interval(ends, name, other="base"):
    d = ends[name] - ends[other]
    return d.mean() + np.array([-1, 1]) * 2.26 * d.std(ddof=1) / np.sqrt(10)


def test_every_setting_has_its_curves(stored):
    for name, changes in training_well.CHANGES.items():
        updates = 2880 // (training_well.BASE | changes)["batch"]
        assert stored[f"{name}_train"].shape == stored[f"{name}_norm"].shape == (10, updates)
        assert stored[f"{name}_updates"][-1] == updates
        assert stored[f"{name}_loss"].shape == stored[f"{name}_error"].shape == (10, len(stored[f"{name}_updates"]))
        confusion = stored[f"{name}_confusion"]
        right = confusion.trace(axis1=1, axis2=2) / confusion.sum(axis=(1, 2))
        np.testing.assert_allclose(1 - right, stored[f"{name}_error"][:, -1], atol=1e-6)


def test_only_the_learning_rate_mends_the_failing_network_and_then_the_weights_matter(ends):
    for name in ("failing", "failing_clip_mended", "failing_weights_mended"):
        assert ends[name].min() > 0.2
    assert ends["failing_rate_mended"].max() < 0.2
    assert ends["clip_none"].mean() < 0.6 * ends["failing_rate_mended"].mean()


def test_some_settings_matter_and_others_are_within_the_spread(ends):
    for name in ("clip_none", "forget_3"):
        low, high = interval(ends, name)
        assert low < 0 < high
    assert interval(ends, "weights_normal")[0] > 0
    assert interval(ends, "recipe")[1] < 0 and interval(ends, "data_256")[1] < 0


def test_the_networks_of_an_ensemble_are_those_of_pytorch():
    setting = training_well.BASE | {"forget_bias": 3.0}
    models = [training_well.start(setting, seed).eval() for seed in (3, 4)]
    x, _ = training_well.data("judged", 5)
    by_ensemble = training_well.Ensemble(models)(x.expand(2, -1, -1))
    for model, logits in zip(models, by_ensemble, strict=True):
        torch.testing.assert_close(model(x), logits, rtol=1e-4, atol=1e-5)


def test_no_seed_sees_the_gradient_of_another(monkeypatch):
    monkeypatch.setitem(training_well.SETTINGS, "examples", 192)
    together, alone = (training_well.fit({}, seeds)[2] for seeds in ([0, 1], [1]))
    np.testing.assert_allclose(together["train"][1], alone["train"][0], rtol=1e-3, atol=1e-4)


def test_each_gradient_is_clipped_by_its_own_norm():
    weights = [torch.zeros(2, 3), torch.zeros(2, 1, 2)]
    weights[0].grad, weights[1].grad = torch.ones(2, 3), torch.tensor([[[0.0, 1.0]], [[4.0, 3.0]]])
    norms = training_well.clip_each(weights, 2.0)
    assert norms.tolist() == pytest.approx([2.0, 28**0.5])
    after = [float(sum((array.grad[seed] ** 2).sum() for array in weights)) for seed in (0, 1)]
    assert after == pytest.approx([4.0, 4.0], rel=1e-4)


def test_recurrent_dropout_keeps_one_mask_for_all_steps():
    """With weights that copy h, what was erased at one step is erased at all, and the rest grows by 1 / keep."""
    network = training_well.Ensemble([training_well.start(training_well.BASE, 0)])
    embedding, W, U, b, V, d = network.weights
    with torch.no_grad():
        for array in network.weights:
            array.zero_()
        U[:, :, 48:72] = 0.1 * torch.eye(24)  # h into its own candidate
        b[:, :, 48:72] = 0.1
        V[:, :3, :3] = torch.eye(3)
    x = torch.zeros(1, 400, 6, dtype=int)
    torch.manual_seed(0)
    plain, dropped = network(x), network(x, recurrent_dropout=0.5)
    assert torch.equal(plain[0, 0, 0], dropped[0, 0, 0])
    larger = dropped[0, :, 1:] > plain[0, :, 1:]
    assert (larger == larger[:, :1]).all() and 0.4 < larger.float().mean() < 0.6


def test_the_window_holds_the_last_characters():
    made = training_well.window(np.array([[5, 6, 7], [8, 9, 1]]), 2)
    assert made.tolist() == [[-1, 5], [5, 6], [6, 7], [-1, 8], [8, 9], [9, 1]]


def test_the_script_starts_as_the_stored_run_did(stored, monkeypatch):
    settings = stored.meta["settings"]
    assert settings["changes"] == training_well.CHANGES and settings["base"] == training_well.BASE
    monkeypatch.setitem(training_well.SETTINGS, "examples", 192)
    history = training_well.fit({}, [0])[2]
    np.testing.assert_allclose(history["train"][0, :4], stored["base_train"][0, :4], rtol=0.15)


def test_another_version_of_python_gives_the_same_definitions_as_far_as_it_has_them(stored, monkeypatch):
    whole = source_code.definitions(training_well.SETTINGS["train"], 96)
    sums = training_well.checksums(whole.x)
    first = stored["chosen_train"][0]
    kept = sums != first  # the other version does not have the text drawn first, and begins with three others
    kept[:3] = False
    fewer = source_code.Definitions(whole.x[kept][::-1], whole.tags[kept][::-1])
    monkeypatch.setattr(source_code, "definitions", lambda modules, length: fewer)
    x, tags = training_well.data("train")
    assert sorted(map(tuple, x.tolist())) == sorted(map(tuple, fewer.x.tolist()))
    drawn, there = training_well.checksums(x[:256].numpy()), np.isin(stored["chosen_train"], sums[kept])
    assert not there[0] and (drawn == stored["chosen_train"])[there].all() and there.mean() > 0.95
    assert training_well.data("train", 64)[1].tolist() == tags[:64].tolist()

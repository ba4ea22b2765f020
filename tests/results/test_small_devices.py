"""Lesson 18's stored runs: what they show, and that the scripts still compute what they say."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from lstm_course import results
from lstm_course.results import actions, squeezed, training_speed
from lstm_course.tasks import clips as task


@pytest.fixture(scope="module")
def clips_run():
    return results.load("actions")


@pytest.fixture(scope="module")
def digits_run():
    return results.load("squeezed")


@pytest.mark.parametrize("module", [actions, squeezed, training_speed], ids=lambda m: m.__name__.rpartition(".")[2])
def test_the_settings_are_those_of_the_script(module):
    settings = results.load(module.__name__.rpartition(".")[2]).meta["settings"]
    assert {name: settings[name] for name in module.SETTINGS} == module.SETTINGS


def test_order_decides_and_the_whole_clip_at_once_wins(clips_run):
    lstm = clips_run["lstm_hits"][:, -1]
    assert lstm.shape == (10,) and lstm.min() > 0.97 and clips_run["lstm_backwards"].min() > 0.975
    assert clips_run["windows_1_right"].max() < 0.54 and clips_run["windows_2_right"].max() < 0.54
    assert 0.93 < clips_run["windows_4_right"].mean() < 0.97 < lstm.mean() < clips_run["windows_12_right"].min()
    assert clips_run["single_right"].max() < 0.2 and clips_run["lstm_shuffled"].mean() < 0.7


def test_both_sides_were_tuned(clips_run, digits_run):
    for kind in ("lstm", *(f"windows_{width}" for width in actions.SETTINGS["widths"])):
        assert clips_run[f"{kind}_tried"].shape[-2:] == (2, 3)
    for kind in squeezed.TUNED:
        assert digits_run[f"{kind}_tried"].shape == (4, 2, 3)
    assert digits_run["seeds"].tolist() == clips_run["seeds"].tolist() == list(range(10))
    tuned, dense = (digits_run[f"{kind}_tried"][2, :, 0].mean() for kind in squeezed.TUNED)  # 90 per cent, lowest rate
    assert 0.012 < dense - tuned < 0.02


def test_probabilities_from_a_half_to_0_8_promise_too_much(clips_run):
    gap = clips_run["lstm_bins"][:, :, 2] - clips_run["lstm_bins"][:, :, 1]
    assert (gap[:, 5:8] < 0).all() and (gap[:, 9] > 0).all()


def test_a_mean_over_frames_cannot_see_their_order():
    """The lesson's proof, on a network with random weights."""
    z = torch.randn(3, 12, 32)
    model = actions.Windows(1)
    torch.testing.assert_close(model(z), model(z.flip(1)))
    assert not torch.allclose(actions.Windows(4)(z), actions.Windows(4)(z.flip(1)))


def test_windows_look_at_neighbours_side_by_side():
    z, model = torch.randn(2, 6, 3), actions.Windows(2, D=3, H=4)
    pairs = torch.stack([torch.stack([z[:, t], z[:, t + 1]], dim=2).flatten(1) for t in range(5)], dim=1)
    torch.testing.assert_close(model(z), model.output(model.look(pairs).mean(dim=1, keepdim=True)))


def test_naming_and_calibration_are_counted_right():
    p = np.zeros((3, 4, 6))
    p[..., 0] = [[0.3, 0.5, 0.95, 0.99], [0.92, 0.2, 0.2, 0.2], [0.4, 0.4, 0.4, 0.4]]
    p[..., 1] = 1 - p[..., 0]
    y = np.array([0, 1, 0])
    share, frame, hit = actions.named(p, y, 0.9)
    assert (share, frame, hit) == pytest.approx((2 / 3, 2.0, 0.5))
    table = actions.bins(p, y)
    assert table[:, 0].sum() == 12 and table[9].tolist() == pytest.approx([3, (0.95 + 0.99 + 0.92) / 3, 2 / 3])


@pytest.mark.slow
def test_the_script_still_learns_the_actions():
    """One network, with few updates and a margin: other processors differ in the last bits."""
    torch.set_num_threads(1)
    train, test = task.clips(1500, 0), task.clips(300, 1)
    eye = actions.train_eye(train, 0)
    with torch.no_grad():
        z, z_test = (actions.look(eye, each.frames) for each in (train, test))
    model = actions.fit(actions.start("lstm", 0), z, train.actions, 0.01, 500, 0)
    judged = actions.judge_lstm(model, z_test, test, 0)
    assert judged["hits"][-1] > 0.85 and judged["backwards"] > 0.85 and judged["hits"][0] < 0.35


def test_numbers_of_a_reader_are_those_of_pytorch():
    for H in (1, 11, 64):
        model = squeezed.Reader(H)
        twice = model.lstm.bias_hh_l0.numel()  # PyTorch has two biases where one is enough
        assert squeezed.numbers(H) == sum(each.numel() for each in model.parameters()) - twice
        assert squeezed.units_for(squeezed.numbers(H)) == H
    assert squeezed.units_for(squeezed.numbers(11) - 1) == 10


def test_pruning_is_that_of_pytorch_and_lasts():
    torch.manual_seed(0)
    model, twin = squeezed.Reader(6), squeezed.Reader(6)
    twin.load_state_dict(model.state_dict())
    masks = squeezed.largest(model, 0.8)
    where = [(twin.lstm, "weight_ih_l0"), (twin.lstm, "weight_hh_l0"), (twin.output, "weight")]
    prune.global_unstructured(where, prune.L1Unstructured, amount=0.8)
    for mask, (part, name) in zip(masks, where, strict=True):
        assert torch.equal(mask, getattr(part, f"{name}_mask").bool())
    train, _, _ = squeezed.digits(0)
    squeezed.apply(model, masks)
    squeezed.fit(model, (train[0][:100], train[1][:100]), 0.01, 2, 0, masks)
    for W, mask in zip(model.matrices(), masks, strict=True):
        assert not W[~mask].any() and W[mask].any()


def test_rounding_leaves_few_values_in_each_row():
    model = squeezed.Reader(5)
    for bits in (2, 4, 8):
        small = squeezed.rounded(model, bits)
        for W, before in zip(small.matrices(), model.matrices(), strict=True):
            step = before.abs().amax(dim=1, keepdim=True) / (2 ** (bits - 1) - 1)
            assert ((W - before).abs() <= 0.5001 * step).all()
            assert all(len(row.unique()) <= 2**bits - 1 for row in W)


def test_the_figures_of_the_lesson_on_digits(digits_run):
    cut, tuned, dense, chance = (digits_run[f"{kind}_right"] for kind in ("cut", "tuned", "dense", "random"))
    assert cut.shape == (10, 4) and (tuned[:, 1:] > cut[:, 1:] + 0.05).all()
    gap = dense.mean(axis=0) - tuned.mean(axis=0)
    assert (np.abs(gap[:3]) < 0.008).all() and 0.01 < gap[3] < 0.04  # a tie down to one weight in ten
    assert (tuned.mean(axis=0)[2:] > chance.mean(axis=0)[2:] + 0.015).all()
    assert digits_run["tuned_tried"][3].mean(axis=0).argmax() == 2  # the largest rate, at the end of the list
    bits = digits_run["bits_right"].mean(axis=0)
    assert abs(bits[0, 0] - digits_run["whole_right"].mean()) < 0.005 and bits[-1, 0] < 0.8


def test_the_training_ratios_are_plausible():
    run = results.load("training_speed")
    assert run["batch"][-1, 1] < 0.5 < run["batch"][0, 1] == 1
    np.testing.assert_allclose(run["kept"], run["chunks"] / run["chunks"][0], rtol=0.1)
    assert run["fused"][2, 1] < 1 and (np.diff(run["batch"], axis=1) >= 0).all()


def test_the_written_cells_are_those_of_pytorch():
    layer, x = training_speed.layer(5), torch.randn(2, 7, training_speed.SETTINGS["features"])
    for model in (training_speed.Written(layer), training_speed.Cells(layer)):
        torch.testing.assert_close(model(x)[0], layer(x)[0])


def test_a_chunked_update_carries_the_state_and_cuts_the_gradient():
    layer, x = training_speed.layer(3), torch.randn(1, 6, training_speed.SETTINGS["features"])
    seen = []
    layer.register_forward_hook(lambda _, inputs, output: seen.append((inputs, output)))
    training_speed.updates(layer, x, 2)()
    assert len(seen) == 3 and len(seen[0][0]) == 1
    assert torch.equal(seen[1][0][1][0], seen[0][1][1][0]) and not seen[1][0][1][0].requires_grad


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_same_zeros_for_both_states_are_exported_as_one_input():
    """A trap that the lesson names. If this fails, PyTorch has mended it, and the sentence can go."""

    class Step(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(3, 4, batch_first=True)

        def forward(self, x, h, c):
            return self.lstm(x, (h, c))[0]

    model, zeros = Step().eval(), torch.zeros(1, 1, 4)
    x, h, c = torch.randn(1, 1, 3), torch.randn(1, 1, 4), torch.randn(1, 1, 4)
    for second, right in ((zeros.clone(), True), (zeros, False)):
        graph = torch.export.export(model, (torch.zeros(1, 1, 3), zeros, second)).module()
        assert torch.allclose(graph(x, h, c), model(x, h, c), atol=1e-6) == right

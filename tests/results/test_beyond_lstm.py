"""Lesson 19's stored runs: what they show, and that the scripts still compute what they say."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.nets import families as nets
from lstm_course.results import families, little_data
from lstm_course.scratch import schedules
from lstm_course.tasks import associative_recall, parity, plays


@pytest.fixture(scope="module")
def stored():
    return results.load("families")


@pytest.fixture(scope="module")
def text_run():
    return results.load("little_data")


@pytest.mark.parametrize("module", [families, little_data], ids=["families", "little_data"])
def test_the_settings_are_those_of_the_script(module):
    assert results.load(module.__name__.rpartition(".")[2]).meta["settings"] == module.SETTINGS


# --- families ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task, family", [(t, f) for t, kinds in families.RUNS.items() for f in kinds])
def test_every_family_was_tuned_and_reports_other_seeds(stored, task, family):
    seeds, settings = families.seeds_of(task), families.SETTINGS[task]
    assert stored[f"{task}_seeds"].tolist() == seeds and not set(seeds) & set(families.SETTINGS["tried_seeds"])
    tried, rate = (stored[families.key(task, family, name)] for name in ("tried", "rate"))
    assert tried.shape == (3, 2) and tried.mean(axis=1)[rate] >= tried.mean(axis=1).max() - 0.001
    right, updates, curve = (stored[families.key(task, family, name)] for name in ("right", "updates", "curve"))
    assert right.shape == updates.shape == (len(seeds),) and len(curve) == len(seeds)
    for solved, row in zip(updates, curve, strict=True):
        row = row[~np.isnan(row)]
        assert (solved > 0) == bool((row[-4:] >= settings["solved"]).all())
        assert solved < 0 or len(row) * 50 == solved + 150
    network = nets.Network(family, *families.SIZES[task])
    assert stored[families.key(task, family, "parameters")] == nets.parameters(network)
    assert 24_000 < nets.parameters(network) < 30_000


def test_parity_needs_a_gate_that_can_turn_the_state_around(stored):
    lstm, signed, unsigned = (
        stored[families.key("parity", family, "steps")] for family in ("LSTM", "minLSTM signed", "minLSTM unsigned")
    )
    assert lstm.min() > 0.99 and stored["parity_LSTM_updates"].max() <= 150
    assert signed[:, :40].mean(axis=1).min() > 0.99 and stored["parity_minLSTM_signed_updates"].max() <= 200
    assert signed.mean(axis=1).max() < 0.8  # learned at 20 and right at 40, but not at 1,000
    assert 0.7 < unsigned[:, :20].mean(axis=1).min() < unsigned[:, :20].mean(axis=1).max() < 0.9
    assert (stored["parity_minLSTM_unsigned_updates"] == -1).all() and unsigned.mean(axis=1).max() < 0.53


def test_recall_needs_attention_and_an_lstm_before_it_makes_that_quick(stored):
    hybrid, transformer = (families.key("recall", family, "right") for family in ("LSTM + block", "transformer"))
    assert stored[hybrid].min() > 0.995 and stored[families.key("recall", "LSTM + block", "updates")].max() <= 250
    assert stored["recall_LSTM_right"].max() < 0.45
    assert np.sort(stored[transformer])[:3].max() < 0.3 < 0.9 < np.sort(stored[transformer])[3]


@pytest.mark.parametrize("task, family", [(task, family) for task, kept in families.KEPT.items() for family in kept])
def test_kept_networks_answer_as_well_as_the_run_says(stored, task, family):
    network = families.network(task, family)
    with torch.no_grad():
        if task == "parity":
            batch = parity.batch(300, 20, seed=5)
            right = parity.score(network(torch.tensor(batch.x).float()).numpy(), batch).accuracy
        else:
            batch = associative_recall.batch(300, 8, seed=5)
            right = associative_recall.score(network(torch.tensor(batch.x).float()).numpy(), batch).accuracy
    assert right == pytest.approx(stored[families.key(task, family, "right")][0], abs=0.03)


def test_networks_side_by_side_train_as_one_does_with_the_optimiser_of_pytorch(monkeypatch):
    monkeypatch.setitem(families.SETTINGS, "every", 55)
    for family in ("LSTM", "minLSTM signed"):
        networks, curve, solved = families.train("recall", family, [3, 4], [0.01, 0.003], 55)
        assert curve.shape == (2, 1) and solved.tolist() == [-1, -1]
        with torch.random.fork_rng():
            torch.manual_seed(4)
            judge = nets.Network(family, *families.SIZES["recall"])
        optimiser, rng = torch.optim.Adam(judge.parameters(), 0.003), np.random.default_rng(1004)
        schedule = schedules.warmup(50, schedules.cosine(5, 0.02))
        for step in range(55):
            x, targets, judged = families.sequences("recall", 32, rng)
            loss = torch.nn.functional.cross_entropy(judge(x)[judged], targets[judged])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimiser.param_groups[0]["lr"] = 0.003 * schedule(step)
            optimiser.step()
        for name, weight in judge.named_parameters():
            torch.testing.assert_close(networks.weights[name][1], weight, rtol=1e-3, atol=2e-4)


def test_a_network_that_solves_its_task_stops():
    _, curve, solved = families.train("parity", "LSTM", [0, 1], [0.01, 1e-6], 300)
    assert 0 < solved[0] < 150 and solved[1] == -1
    assert np.isnan(curve[0, -1]) and curve[0, solved[0] // 50 - 1] > 0.999 > 0.7 > curve[1, -1]


# --- little data ------------------------------------------------------------------------------------------------


def test_both_sides_of_the_little_data_were_tuned_and_of_one_size(text_run):
    for family in little_data.SETTINGS["widths"]:
        tried, chosen = text_run[f"{family}_tried"], text_run[f"{family}_chosen"]
        assert tried.shape == (2, 3, 2) and chosen[1].tolist() == chosen[0].tolist()
        for row, (rate, dropout) in zip(tried, chosen[[0, 2]], strict=True):
            assert row[rate, dropout] == row.min()
        curve = text_run[f"{family}_curve"]
        assert curve.shape == (3, 3, 8) and text_run[f"{family}_validation"] == pytest.approx(curve.min(axis=2))
    one, other = (int(text_run[f"{family}_parameters"]) for family in little_data.SETTINGS["widths"])
    assert 60_000 < one < other < 1.03 * one


def test_the_lstm_is_ahead_at_every_size_and_not_because_data_are_scarce(text_run):
    """Ahead at equal parameters and updates, and with less computation; and by more with ten times the text."""
    lstm, transformer = text_run["LSTM_bits"], text_run["transformer_bits"]
    assert lstm.shape == transformer.shape == (3, 3) and (lstm.max(axis=1) < transformer.min(axis=1)).all()
    assert text_run["LSTM_adds"] < text_run["transformer_adds"] < 1.3 * text_run["LSTM_adds"]
    ahead = transformer.mean(axis=1) - lstm.mean(axis=1)
    assert 0.1 < ahead[0] < ahead[2] - 0.05 and ahead[2] < 0.45
    assert (text_run["ngram_bits"] < lstm.min(axis=1)).all()  # counting wins: the networks had 400 updates
    assert (text_run["LSTM_best"] == 400).all()  # and were still improving


def test_three_times_the_updates_do_not_bring_the_transformer_level_on_little_text(text_run):
    longer = text_run["transformer_longer_bits"]
    assert longer.shape == (2,) and longer.max() < text_run["transformer_bits"][0].mean()
    assert longer.min() > text_run["LSTM_bits"][0].max() + 0.05


def test_bits_against_a_loop_over_characters():
    network, T = little_data.start("LSTM", 0.1, 0), little_data.SETTINGS["window"]
    ids = plays.encode(plays.load().validation[: 3 * T + 1])
    losses = []
    network.eval()
    for begin in range(0, 2 * T + 1, T // 2):
        x = torch.nn.functional.one_hot(torch.tensor(ids[begin : begin + T]), little_data.SYMBOLS).float()
        with torch.no_grad():
            p = network(x[None])[0].softmax(dim=1).numpy()
        losses += [-np.log2(p[t, ids[begin + t + 1]]) for t in range(T // 2, T)]
    assert little_data.bits(network, ids) == pytest.approx(np.mean(losses), rel=1e-5)


def test_training_on_text_keeps_the_best_state():
    text = little_data.texts()
    network, curve = little_data.train("transformer", text.train[:3000], text.validation, 0.01, 0.0, 80, 0)
    assert len(curve) == 8 and little_data.bits(network, text.validation) == pytest.approx(curve.min(), rel=1e-6)
    assert curve.min() < 5.2 < 5.9 < little_data.bits(little_data.start("transformer", 0.0, 0), text.validation)


def test_the_texts_of_different_sizes_are_judged_by_the_same_scenes():
    text, parts = little_data.texts(), plays.load()
    assert plays.decode(text.held_out) == parts.held_out[:20_000] and len(text.validation) == 6_000
    assert len(text.train) > 200_000

"""Lesson 13's stored runs: what they show, and that the scripts still produce them."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.nets import SequenceClassifier
from lstm_course.results import __main__ as results_main
from lstm_course.results import real_sentences, text_readers
from lstm_course.results import text_classification as tc
from lstm_course.tasks import dialogue, labelled_text, opinions


@pytest.fixture(scope="module")
def stored():
    return results.load("text_classification")


def test_the_shapes(stored):
    tests, between = len(tc.opinion_tests()), len(tc.SETTINGS["between"])
    assert stored["opinions_learned"].shape == stored["opinions_loaded"].shape == (10, tests)
    for name in tc.ORDERS:
        assert stored[f"orders_{name}"].shape == (10, between)
        assert stored[f"orders_{name}_tried"].shape == (3,)
    assert stored["people_lstm"].shape == (10, between) and stored["people_known"].shape == (10,)


def test_the_figures_of_the_lesson(stored):
    learned, loaded, words, pairs = (
        dict(zip(tc.opinion_tests(), stored[f"opinions_{kind}"].T, strict=True))
        for kind in ("learned", "loaded", "words", "pairs")
    )
    assert words["negated, shy"] == pairs["negated, shy"] == 0 and learned["negated, shy"].min() > 0.8
    assert learned["paragraphs"].min() > 0.98 and pairs["paragraphs"] < 0.75
    assert loaded["plain, unseen"].min() > 0.89 and loaded["negated, unseen"].min() > 0.84
    assert abs(learned["negated, unseen"].mean() - 0.5) < 0.03
    assert stored["orders_bias_3"][:, :6].min() > 0.95 and stored["orders_bias_0"].max() < 0.8
    assert stored["orders_rnn"].mean() < 0.3 and stored["orders_first"].min() == 1
    assert stored["people_known"].min() > 0.98 and stored["people_lstm"][:, :4].mean(axis=0).min() > 0.95


def test_real_sentences_are_a_tie():
    real = results.load("real_sentences")
    for name in ("movies", "intents"):
        assert abs(real[f"{name}_pairs"].mean() - real[f"{name}_lstm"].mean()) < 0.0105
        assert real[f"{name}_pairs"].min() > real[f"{name}_majority"] + 0.15


def test_the_script_still_starts_the_same_way(stored):
    """The regressions don't depend on a processor; ten networks do, so a short training is judged with a margin."""
    train, held = opinions.training(6000, seed=0), opinions.training(1000, seed=1)
    tests = {name: test for name, test in tc.opinion_tests().items() if name in ("negated, shy", "turned, known")}
    words, pairs = tc.judged_bags(train, held, tests)
    rows = [list(tc.opinion_tests()).index(name) for name in tests]
    np.testing.assert_allclose([words, pairs], [stored[f"opinions_{k}"][rows] for k in ("words", "pairs")], atol=0.02)
    short = tc.judged_networks(train, tests, 2, tc.BASE | {"updates": 300}, seeds=[0, 1])
    assert short[:, list(tests).index("turned, known")].min() > 0.9


def test_networks_at_once_are_those_of_pytorch():
    torch.manual_seed(0)
    models = [SequenceClassifier(9, 3, 4, 5).eval() for _ in range(2)]
    ids, mask = labelled_text.encode(["a b c d", "b", "c a"], {"a": 2, "b": 3, "c": 4, "d": 8})
    many = text_readers.probabilities(text_readers.Readers(models), ids, mask, size=2)
    for model, p in zip(models, many, strict=True):
        wanted = model(torch.tensor(ids), torch.tensor(mask)).softmax(1).detach().numpy()
        np.testing.assert_allclose(p, wanted, atol=1e-5)


def test_a_plain_network_is_that_of_pytorch():
    setting = tc.BASE | {"cell": "rnn", "forget_bias": None}
    model = text_readers.start(9, 2, setting, seed=3).eval()
    ids, mask = torch.tensor([[2, 3, 4], [5, 0, 0]]), torch.tensor([[True] * 3, [True, False, False]])
    h, _ = model.lstm(model.embedding(ids))
    wanted = model.output(torch.stack([h[0, 2], h[1, 0]]))
    torch.testing.assert_close(text_readers.Readers([model])(ids, mask)[0], wanted, rtol=1e-4, atol=1e-5)


def test_batches_hold_every_text_once_an_epoch_and_similar_lengths():
    lengths = np.random.default_rng(0).integers(1, 50, 640)
    rows = text_readers.batches(lengths, {"batch": 32, "updates": 20}, seed=1)
    assert sorted(rows.ravel()) == list(range(640))
    assert np.ptp(lengths[rows], axis=1).mean() < 10


def test_loaded_vectors_stay_as_they_are():
    train = dialogue.orders(64, 0, seed=0)
    numbers = labelled_text.vocabulary(train.texts)
    table = tc.loaded(numbers, {"tea": np.ones(16)})
    assert (table[numbers["tea"]] == tc.SETTINGS["scale"]).all()
    setting = tc.BASE | {"updates": 2}
    networks = text_readers.fit(
        *labelled_text.encode(train.texts, numbers), train.classes, 8, len(table), setting, [0, 1], table=table
    )
    assert all(torch.equal(each, table) for each in networks.weights[0])


def test_missing_downloads_get_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("REAL_SENTENCES", str(tmp_path))
    with pytest.raises(results.MissingFiles, match="^REAL_SENTENCES: wanted a folder with vaderSentiment"):
        real_sentences.make()


def test_rebuilding_everything_goes_on_without_the_downloads(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("REAL_SENTENCES", str(tmp_path))
    monkeypatch.setattr(results_main, "NAMES", ("real_sentences",))
    results_main.main([])
    assert capsys.readouterr().out.startswith("real_sentences: left as it is, because files are missing. REAL_SENT")
    with pytest.raises(results.MissingFiles, match="real_sentences.py says how to download it"):
        results_main.main(["real_sentences"])

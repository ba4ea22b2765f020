"""Baselines against the published formula, sources of known entropy, and tasks that need a window."""

import pydoc_data.topics

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.baselines import NGram, WindowNetwork, error_by_horizon, last_value, seasonal_naive, windows
from lstm_course.tasks import recall

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
texts = st.lists(st.text("abcd", min_size=1, max_size=12), min_size=1, max_size=4)


def witten_bell(w, h, texts, alphabet):
    """The formula, with every count taken by searching the texts."""
    followers = [text[t + len(h)] for text in texts for t in range(len(text) - len(h)) if text[t : t + len(h)] == h]
    shorter = witten_bell(w, h[1:], texts, alphabet) if h else 1 / len(alphabet)
    if not followers:
        return shorter
    kinds = len(set(followers))
    return (followers.count(w) + kinds * shorter) / (len(followers) + kinds)


@property_test
@given(texts=texts, order=st.integers(1, 6), history=st.text("abcd", max_size=8))
def test_ngram_equals_the_formula(texts, order, history):
    model = NGram(order, alphabet="dabc").fit(texts)
    assert model.alphabet == "abcd"
    kept = history[max(0, len(history) - order + 1) :]
    expected = [witten_bell(w, kept, texts, "abcd") for w in "abcd"]
    found = model.probabilities(history)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found.min() > 0 and found.sum() == pytest.approx(1, abs=1e-12)


@property_test
@given(texts=texts, order=st.integers(1, 4), others=texts)
def test_log_loss_is_that_of_the_probabilities(texts, order, others):
    model = NGram(order, "abcd").fit(texts)
    p = [model.probabilities(text[:t])["abcd".index(text[t])] for text in others for t in range(len(text))]
    found = model.log_loss(others)
    assert found.nats == pytest.approx(-np.log(p).mean()) and found.bits == pytest.approx(-np.log2(p).mean())


@property_test
@given(texts=texts, order=st.integers(1, 4), history=st.text("abcd", max_size=5))
def test_numbers_are_counted_like_letters(texts, order, history):
    numbers = [["abcd".index(letter) * 70000 for letter in text] for text in texts]
    model, reference = NGram(order, range(0, 280000, 70000)).fit(numbers), NGram(order, "abcd").fit(texts)
    assert model.alphabet == [0, 70000, 140000, 210000]
    past = np.array(["abcd".index(letter) * 70000 for letter in history], int)
    np.testing.assert_array_equal(model.probabilities(past), reference.probabilities(history))
    np.testing.assert_array_equal(model.probabilities(past.tolist()), reference.probabilities(history))
    assert model.log_loss([np.array(row) for row in numbers]) == reference.log_loss(texts)
    letters = "".join("abcd"[k // 70000] for k in model.sample(30, seed=0))
    assert letters == reference.sample(30, seed=0)


def test_the_alphabet_is_what_fit_sees_and_fit_starts_again():
    model = NGram(2).fit(["cab", "a"])
    assert model.alphabet == "abc"
    model.fit(np.array([[3, 1], [1, 3]]))
    assert model.alphabet == [1, 3]
    np.testing.assert_array_equal(model.probabilities([1]), NGram(2).fit([[3, 1], [1, 3]]).probabilities([1]))
    before = model.probabilities([1])
    with pytest.raises(ValueError):
        model.fit([[2, 2], "b"])
    assert model.alphabet == [1, 3] and (model.probabilities([1]) == before).all()  # unchanged


def markov_source(rng, order, symbols, length):
    """A text, and -log2 p of each of its symbols under the source that generated it."""
    p = rng.dirichlet(np.full(symbols, 0.5), size=(symbols,) * order)
    text, bits = list(rng.integers(symbols, size=order)), []
    for _ in range(length):
        following = p[tuple(text[-order:])]
        text.append(rng.choice(symbols, p=following))
        bits.append(-np.log2(following[text[-1]]))
    return [int(symbol) for symbol in text], bits


@pytest.mark.slow
@pytest.mark.parametrize("memory", [1, 2])
def test_ngram_approaches_the_entropy_of_a_markov_source(memory):
    text, bits = markov_source(np.random.default_rng(memory), memory, symbols=3, length=30000)
    entropy = np.mean(bits[20000:])
    found = [NGram(order).fit([text[:20000]]).log_loss([text[20000:]]).bits for order in (1, 2, 3, 4)]
    assert found[memory] == pytest.approx(entropy, abs=0.005)  # this order sees as far back as the source does
    assert min(found[:memory]) > entropy + 0.05
    assert found[memory + 1] > found[memory] - 0.001  # nothing further back helps


def test_sample_follows_the_probabilities():
    model = NGram(2).fit(["abracadabra", "bad cab"])
    text = model.sample(20000, seed=0)
    assert isinstance(text, str) and len(text) == 20000
    for symbol in "abr ":
        following = [text[t + 1] for t in range(len(text) - 1) if text[t] == symbol]
        shares = [following.count(w) / len(following) for w in model.alphabet]
        assert shares == pytest.approx(model.probabilities(symbol), abs=0.04)
    assert model.sample(50, seed=0) == text[:50] == model.sample(50, np.random.default_rng(0))
    assert model.sample(50, seed=1) != text[:50]


@pytest.mark.slow
def test_ngrams_on_the_documentation_of_python():
    """Each paragraph once, as some are repeated under other topics; the topics in random order, then split."""
    seen, topics = set(), []
    for key in sorted(pydoc_data.topics.topics):
        text = "".join(c if c.isascii() else "?" for c in pydoc_data.topics.topics[key])
        paragraphs = [p for p in text.split("\n\n") if p not in seen]
        seen.update(paragraphs)
        topics.append("\n\n".join(paragraphs))
    np.random.default_rng(0).shuffle(topics)
    text = "\n\n".join(topics)
    end, alphabet = int(0.9 * len(text)), "".join(sorted(set(text)))
    bits = [NGram(order, alphabet).fit([text[:end]]).log_loss([text[end:]]).bits for order in range(1, 7)]
    assert 4 < bits[0] < 5.5 and 1.5 < bits[4] < 3
    assert bits[0] > bits[1] > bits[2] > bits[3] > bits[4]
    assert bits[4] < bits[5] + 0.05


@property_test
@given(N=st.integers(1, 4), T=st.integers(1, 6), D=st.integers(1, 3), width=st.integers(1, 8))
def test_windows(N, T, D, width):
    x = np.arange(1.0, N * T * D + 1).reshape(N, T, D)
    found = windows(x, width)
    assert found.shape == (N, T, width * D)
    for n in range(N):
        for t in range(T):
            steps = [x[n, s] if s >= 0 else np.zeros(D) for s in range(t - width + 1, t + 1)]
            np.testing.assert_array_equal(found[n, t], np.concatenate(steps))
    found[...] = 0  # a copy
    assert x.min() == 1


@pytest.mark.parametrize("width", [1, 3])
def test_window_network_gradients_by_finite_differences(width):
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 5))
    network = WindowNetwork(width, input_size=3, output_size=5, hidden_size=4, seed=1)
    network.predict(x)
    network.backward(weights)
    assert [layer.parameters["weight"].shape for layer in network.layers] == [(4, 3 * width), (5, 4)]
    for layer in network.layers:
        for name, parameter in layer.parameters.items():
            gradient = layer.gradients[name].copy()
            for place in np.ndindex(parameter.shape):
                value, losses = parameter[place], []
                for step in (1e-5, -1e-5):
                    parameter[place] = value + step
                    losses.append((network.predict(x) * weights).sum())
                parameter[place] = value
                assert gradient[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-8)


def test_window_network_equals_torch():
    network = WindowNetwork(2, input_size=3, output_size=2, hidden_size=4)
    reference = torch.nn.Sequential(torch.nn.Linear(6, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
    for ours, theirs in zip(network.layers, (reference[0], reference[2]), strict=True):
        theirs.load_state_dict({name: torch.tensor(p) for name, p in ours.parameters.items()})
    x = np.random.default_rng(0).normal(size=(5, 7, 3))
    expected = reference(torch.tensor(windows(x, 2))).detach()
    np.testing.assert_allclose(network.predict(x), expected, rtol=0, atol=1e-14)


def symbol_two_steps_ago(seed, N=60, T=12):
    symbols = np.random.default_rng(seed).integers(0, 3, (N, T))
    targets = np.concatenate([np.zeros((N, 2), int), symbols[:, :-2]], axis=1)
    return np.eye(3)[symbols], targets, np.tile(np.arange(T) >= 2, (N, 1))


def test_a_window_of_three_sees_two_steps_back_and_a_window_of_two_does_not():
    x, targets, mask = symbol_two_steps_ago(0)
    targets[~mask] = -100  # these steps do not count
    new_x, new_targets, new_mask = symbol_two_steps_ago(1)
    right = {}
    for width in (1, 2, 3):
        network = WindowNetwork(width, input_size=3, output_size=3, seed=2)
        assert network.fit(x, targets, mask) is network
        right[width] = (network.predict(new_x).argmax(axis=2) == new_targets)[new_mask].mean()
    assert right[3] == 1 and max(right[1], right[2]) < 0.45  # a third is chance


def test_regression_on_a_window():
    x = np.random.default_rng(0).uniform(-1, 1, (50, 10, 1))
    difference = np.diff(x, axis=1, prepend=0)
    new_x = np.random.default_rng(1).uniform(-1, 1, (50, 10, 1))
    errors = {}
    for width in (1, 2):
        network = WindowNetwork(width, input_size=1, output_size=1).fit(x, difference)
        errors[width] = np.mean((network.predict(new_x) - np.diff(new_x, axis=1, prepend=0)) ** 2)
    # A window of one does best with x itself, and is off by the step before: 1/3 at nine of ten steps.
    assert errors[2] < 0.01 and errors[1] == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_one_target_per_sequence_belongs_to_the_last_step_that_counts(kind):
    batch = recall.batch(200, 4, seed=0, shortest=3)
    targets = batch.targets if kind == "classes" else np.eye(4)[batch.targets]
    network = WindowNetwork(4, input_size=8, output_size=4).fit(batch.x, targets, batch.mask)
    new = recall.batch(200, 4, seed=1, shortest=3)
    last = new.mask.sum(axis=1) - 1
    outputs = network.predict(new.x)[np.arange(200), last]
    assert recall.score(outputs, new) == (1.0,)
    without = recall.batch(200, 4, seed=2)
    narrow = WindowNetwork(3, input_size=8, output_size=4).fit(without.x, without.targets)
    new = recall.batch(1000, 4, seed=3)
    assert recall.score(narrow.predict(new.x)[:, -1], new) == pytest.approx(recall.TRIVIAL, abs=0.06)


def test_the_same_seed_gives_the_same_network_and_arguments_are_not_changed():
    x, targets, mask = symbol_two_steps_ago(0)
    for array in (x, targets, mask):
        array.flags.writeable = False
    outputs = [WindowNetwork(2, 3, 3, seed=s).fit(x, targets, mask, steps=5).predict(x) for s in (4, 4, 5)]
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert not np.array_equal(outputs[0], outputs[2])


@property_test
@given(shape=st.sampled_from([(7,), (3, 7), (1, 4)]), season=st.integers(1, 4), horizon=st.integers(1, 11))
def test_seasonal_naive(shape, season, horizon):
    x = np.random.default_rng(0).normal(size=shape)
    found, long = seasonal_naive(x, season, horizon), x
    for _ in range(horizon):  # each new step is the one a season before it
        long = np.concatenate([long, long[..., -season, None]], axis=-1)
    np.testing.assert_array_equal(found, long[..., shape[-1] :])
    found[...] = 99
    assert x.max() < 99
    np.testing.assert_array_equal(last_value(x, horizon), np.repeat(x[..., -1:], horizon, axis=-1))


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (4, 2), (2, 7)])
def test_error_by_horizon(shape):
    forecast, future = torch.randn(2, *shape, dtype=torch.float64, generator=torch.manual_seed(0))
    expected = torch.nn.functional.l1_loss(forecast, future, reduction="none").mean(dim=0)
    np.testing.assert_allclose(error_by_horizon(forecast.numpy(), future.numpy()), expected, rtol=1e-12)
    np.testing.assert_allclose(error_by_horizon(future.tolist(), forecast.tolist()), expected, rtol=1e-12)


def fit_network(**changes):
    given = {"x": np.ones((2, 5, 3)), "targets": np.zeros((2, 5), int)}
    WindowNetwork(2, input_size=3, output_size=4).fit(**(given | changes))


def test_models_refuse_to_predict_before_they_are_fitted():
    for method, wanted in (("probabilities", [""]), ("log_loss", [["a"]]), ("sample", [1, 0])):
        with pytest.raises(RuntimeError, match=f"^{method}: the model has not been fitted yet"):
            getattr(NGram(2), method)(*wanted)
    with pytest.raises(RuntimeError, match="has not been called yet"):
        WindowNetwork(1, 1, 1).backward(np.ones((1, 1, 1)))


FITTED, OF_NUMBERS = NGram(2).fit(["abc"]), NGram(2).fit([[0, 1, 2]])
NAN = np.full((2, 5, 3), np.nan)


@pytest.mark.parametrize(
    "function, given, name, got",
    [
        (NGram, {"order": 0}, "order", "0"),
        (NGram, {"order": 2, "alphabet": ""}, "alphabet", "none"),
        (NGram, {"order": 2, "alphabet": [0.5]}, "alphabet", "float64"),
        (NGram(2).fit, {"sequences": "abc"}, "sequences", "str"),
        (NGram(2).fit, {"sequences": []}, "sequences", "an empty one"),
        (NGram(2).fit, {"sequences": np.array(3)}, "sequences", "int"),
        (NGram(2).fit, {"sequences": ["abc", ""]}, "sequences[1]", "none"),
        (NGram(2).fit, {"sequences": ["abc", [1]]}, "sequences[1]", "list"),
        (NGram(2).fit, {"sequences": [[1], "abc"]}, "sequences[1]", "a string"),
        (NGram(2).fit, {"sequences": [1, 2]}, "sequences[0]", "()"),
        (NGram(2).fit, {"sequences": [[1.0, 2.0]]}, "sequences[0]", "float64"),
        (NGram(2).fit, {"sequences": [[1, -2]]}, "sequences[0]", "-2"),
        (NGram(2).fit, {"sequences": [[[1], [2, 3]]]}, "sequences[0]", "rows of different length"),
        (NGram(2, "ab").fit, {"sequences": ["abc"]}, "sequences[0]", "'c'"),
        (NGram(2, "ab").fit, {"sequences": [[0]]}, "sequences[0]", "list"),
        (NGram(2, range(3)).fit, {"sequences": [[0, 3]]}, "sequences[0]", "3"),
        (FITTED.probabilities, {"history": "x"}, "history", "'x'"),
        (FITTED.probabilities, {"history": [0]}, "history", "list"),
        (FITTED.probabilities, {"history": None}, "history", "NoneType"),
        (OF_NUMBERS.probabilities, {"history": "a"}, "history", "a string"),
        (OF_NUMBERS.probabilities, {"history": np.array([0, 7])}, "history", "7"),
        (OF_NUMBERS.probabilities, {"history": [[0], [0, 1]]}, "history", "rows of different length"),
        (FITTED.log_loss, {"sequences": ["abd"]}, "sequences[0]", "'d'"),
        (FITTED.log_loss, {"sequences": "abc"}, "sequences", "str"),
        (FITTED.sample, {"length": 0, "seed": 0}, "length", "0"),
        (FITTED.sample, {"length": 1, "seed": "a"}, "seed", "'a'"),
        (WindowNetwork, {"width": 0, "input_size": 1, "output_size": 1}, "width", "0"),
        (WindowNetwork, {"width": 1, "input_size": 1.0, "output_size": 1}, "input_size", "1.0"),
        (WindowNetwork, {"width": 1, "input_size": 1, "output_size": 0}, "output_size", "0"),
        (WindowNetwork, {"width": 1, "input_size": 1, "output_size": 1, "hidden_size": 0}, "hidden_size", "0"),
        (WindowNetwork, {"width": 1, "input_size": 1, "output_size": 1, "seed": -1}, "seed", "-1"),
        (fit_network, {"x": np.ones((2, 5, 4))}, "x", "(2, 5, 4)"),
        (fit_network, {"x": NAN}, "x", "nan"),
        (fit_network, {"targets": np.zeros((2, 4), int)}, "targets", "(2, 4)"),
        (fit_network, {"targets": np.zeros(3, int)}, "targets", "(3,)"),
        (fit_network, {"targets": np.full((2, 5), 4)}, "targets", "4"),
        (fit_network, {"targets": np.zeros((2, 5), bool)}, "targets", "bool"),
        (fit_network, {"targets": np.zeros((2, 5, 3))}, "targets", "(2, 5, 3)"),
        (fit_network, {"targets": np.zeros((2, 5))}, "targets", "(2, 5)"),
        (fit_network, {"targets": np.full((2, 5, 4), np.inf)}, "targets", "inf"),
        (fit_network, {"targets": [[0, 1], [2]]}, "targets", "rows of different length"),
        (fit_network, {"targets": None}, "targets", "None"),
        (fit_network, {"mask": np.ones((5, 2), bool)}, "mask", "(5, 2)"),
        (fit_network, {"mask": np.zeros((2, 5), bool)}, "mask", "none"),
        (fit_network, {"steps": 0}, "steps", "0"),
        (fit_network, {"batch_size": 0}, "batch_size", "0"),
        (fit_network, {"learning_rate": -1}, "learning_rate", "-1"),
        (WindowNetwork(2, 3, 4).predict, {"x": np.ones((5, 3))}, "x", "(5, 3)"),
        (windows, {"x": np.ones((5, 3)), "width": 2}, "x", "(5, 3)"),
        (windows, {"x": np.ones((2, 5, 3)), "width": 0}, "width", "0"),
        (last_value, {"x": 3.0}, "x", "()"),
        (last_value, {"x": [1.0, np.nan]}, "x", "nan"),
        (last_value, {"x": [1.0], "horizon": 0}, "horizon", "0"),
        (seasonal_naive, {"x": np.ones((2, 5)), "season": 6}, "season", "6"),
        (seasonal_naive, {"x": np.ones((2, 5)), "season": 0}, "season", "0"),
        (seasonal_naive, {"x": np.ones((0, 5)), "season": 1}, "x", "(0, 5)"),
        (error_by_horizon, {"forecast": np.ones(5), "future": np.ones(5)}, "forecast", "(5,)"),
        (error_by_horizon, {"forecast": np.ones((0, 5)), "future": np.ones((0, 5))}, "forecast", "(0, 5)"),
        (error_by_horizon, {"forecast": np.ones((2, 5)), "future": np.ones((5, 2))}, "future", "(5, 2)"),
        (error_by_horizon, {"forecast": np.ones((2, 5)), "future": np.full((2, 5), np.nan)}, "future", "nan"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(function, given, name, got):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and got in sentence.partition(", got ")[2], sentence
    assert "\n" not in sentence


def test_targets_at_steps_that_do_not_count_may_be_anything():
    x, mask = np.random.default_rng(0).normal(size=(6, 5, 1)), np.arange(5) < np.array([[5], [2], [4], [1], [3], [5]])
    targets = np.where(mask[:, :, None], x, np.nan)
    clean, hollow = (
        WindowNetwork(1, 1, 1).fit(x, each, mask, steps=20).predict(x) for each in (np.nan_to_num(targets), targets)
    )
    np.testing.assert_array_equal(clean, hollow)


def test_the_weight_of_the_shorter_histories_is_that_of_the_formula():
    model = NGram(2, weight=3.0).fit(["abracadabra"])  # a 5, b 2, c 1, d 1, r 2; after a: b 2, c 1, d 1
    single = (np.array([5, 2, 1, 1, 2]) + 3 * 5 / 5) / (11 + 3 * 5)
    wanted = (np.array([0, 2, 1, 1, 0]) + 3 * 3 * single) / (4 + 3 * 3)
    np.testing.assert_allclose(model.probabilities("a"), wanted, rtol=1e-12)
    np.testing.assert_allclose(model.of_each("ab")[1], wanted[1], rtol=1e-12)
    for weight in (0, -1.0, "1", float("nan")):
        with pytest.raises(ValueError, match="weight"):
            NGram(2, weight=weight)

"""The models of the lessons: their results, which padding must not change."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course import nets

torch.set_num_threads(1)

SYMBOLS, CLASSES, D = 6, 4, 3


def classifier(**options):
    return nets.SequenceClassifier(SYMBOLS, CLASSES, 3, 5, **options)


def tagger(**options):
    return nets.Tagger(SYMBOLS, CLASSES, 3, 5, **options)


def forecaster(**options):
    return nets.Forecaster(D, 2, 5, horizon=3, **options)


def language(**options):
    return nets.LanguageModel(SYMBOLS, 3, 5, **options)


def logits(model, x, mask=None):
    """The output of a model, without the state of a language model."""
    result = model(x, mask=mask)
    return result[0] if isinstance(model, nets.LanguageModel) else result


def draw(make, N, T, seed, **options):
    """A model in float64, its inputs, and lengths of at least one step."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = make(**options).double()
        x = torch.randn(N, T, D).double() if make is forecaster else torch.randint(SYMBOLS, (N, T))
        lengths = torch.randint(1, T + 1, (N,))
        probe = torch.randn(N, T, CLASSES + SYMBOLS).double()
    return model, x, lengths, probe


def gradients(model):
    found = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    return found


def weigh(result, probe):
    """Random weights for a result, so that each of its numbers has its own gradient."""
    return (result.flatten() * probe.flatten()[: result.numel()]).sum()


KINDS = {
    "classifier": (classifier, {}),
    "classifier, deep and both ways": (classifier, {"num_layers": 2, "bidirectional": True}),
    "tagger": (tagger, {"num_layers": 2}),
    "tagger, both ways": (tagger, {"bidirectional": True}),
    "forecaster": (forecaster, {"num_layers": 2}),
    "language model": (language, {"num_layers": 2}),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(N=st.integers(1, 5), T=st.integers(1, 7), seed=st.integers(0, 2**32 - 1))
def test_padding_changes_neither_values_nor_gradients(kind, N, T, seed):
    make, options = KINDS[kind]
    model, x, lengths, probe = draw(make, N, T, seed, **options)
    mask = torch.arange(T) < lengths[:, None]
    together = logits(model, x, mask)
    per_step = make in (tagger, language)
    if per_step:
        assert not together[~mask].any()

    def part(n, result):
        return result[n, : lengths[n]] if per_step else result[n]

    sum(weigh(part(n, together), probe[n]) for n in range(N)).backward()
    found = gradients(model)
    for n in range(N):
        alone = logits(model, x[n : n + 1, : lengths[n]])[0]
        torch.testing.assert_close(part(n, together), alone, rtol=0, atol=1e-12)
        weigh(alone, probe[n]).backward()  # adds to the gradients of the samples before
    for name, wanted in gradients(model).items():
        torch.testing.assert_close(found[name], wanted, rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_the_padding_does_not_matter(kind):
    make, options = KINDS[kind]
    model, x, lengths, probe = draw(make, 5, 7, 0, **options)
    with torch.no_grad():
        model.lstm.weight_ih_l0 *= 10  # the largest numbers there are come out of a product as NaN
    mask = torch.arange(7) < lengths[:, None]
    assert not mask.all()
    results = []
    for content in (0, -1, 10**6):
        if make is forecaster:
            padded = torch.where(mask[:, :, None], x, content * 1e302)
        else:
            padded = torch.where(mask, x, content)
        result = logits(model, padded, mask)
        weigh(result, probe).backward()
        results.append((result, *gradients(model).values()))
    for other in results[1:]:
        for mine, theirs in zip(results[0], other, strict=True):
            assert torch.equal(mine, theirs)


@pytest.mark.parametrize("make", [classifier, tagger, forecaster, language])
def test_a_mask_of_ones_is_no_mask(make):
    model, x, *_ = draw(make, 2, 5, 0)
    for mask in (torch.ones(2, 5, dtype=bool), torch.ones(2, 5)):
        torch.testing.assert_close(logits(model, x, mask), logits(model, x), rtol=0, atol=1e-14)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_classifier_answers_from_the_last_states(bidirectional):
    model, x, *_ = draw(classifier, 3, 6, 0, num_layers=2, bidirectional=bidirectional)
    _, (h, _) = model.lstm(model.embedding(x))
    last = torch.cat([h[-2], h[-1]], dim=1) if bidirectional else h[-1]
    torch.testing.assert_close(model(x), model.output(last), rtol=0, atol=1e-14)


def test_a_tagger_in_one_direction_knows_nothing_of_what_comes():
    for bidirectional in (False, True):
        model, x, *_ = draw(tagger, 1, 6, 0, bidirectional=bidirectional)
        changed = x.clone()
        changed[0, 4] = (x[0, 4] + 1) % SYMBOLS
        differs = (model(x) != model(changed)).any(dim=2)[0].tolist()
        assert differs == [bidirectional] * 4 + [True] * 2


def test_a_forecaster_answers_from_the_last_state():
    model, x, *_ = draw(forecaster, 2, 6, 0)
    _, (h, _) = model.lstm(x)
    result = model(x)
    assert result.shape == (2, 3, 2)
    torch.testing.assert_close(result.reshape(2, 6), model.output(h[-1]), rtol=0, atol=1e-14)


def test_a_text_in_two_parts_with_the_state_carried_is_the_whole():
    model, x, *_ = draw(language, 2, 9, 0, num_layers=2)
    whole, (h, c) = model(x)
    first, state = model(x[:, :4])
    second, (h2, c2) = model(x[:, 4:], state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole, rtol=0, atol=1e-13)
    torch.testing.assert_close((h2, c2), (h, c), rtol=0, atol=1e-13)


def test_the_state_of_a_padded_text_is_that_after_its_last_symbol():
    model, x, lengths, _ = draw(language, 4, 7, 0, num_layers=2)
    _, state = model(x, mask=torch.arange(7) < lengths[:, None])
    for n, length in enumerate(lengths):
        _, alone = model(x[n : n + 1, :length])
        for mine, theirs in zip(state, alone, strict=True):
            torch.testing.assert_close(mine[:, n : n + 1], theirs, rtol=0, atol=1e-13)


def test_samples_come_with_the_probabilities_of_the_model():
    model, prompt, *_ = draw(language, 1, 3, 0)
    for temperature in (0.5, 1.0, 3.0):
        expected = (model(prompt)[0][0, -1] / temperature).softmax(dim=0)
        drawn = model.sample(prompt.expand(4000, -1), 1, temperature, seed=1)
        found = torch.bincount(drawn[:, 0], minlength=SYMBOLS) / 4000
        torch.testing.assert_close(found.double(), expected, rtol=0, atol=0.03)


def test_each_symbol_is_drawn_after_those_before():
    model, prompt, *_ = draw(language, 2, 3, 1)
    with torch.no_grad():
        model.output.weight *= 5
    drawn = model.sample(prompt, 8, temperature=1e-9)
    for t in range(8):  # close to zero, the likeliest
        wanted = model(torch.cat([prompt, drawn[:, :t]], dim=1))[0][:, -1].argmax(dim=1)
        assert torch.equal(drawn[:, t], wanted)
    assert torch.equal(model.sample(prompt, 8, temperature=5e-324), drawn)


def test_the_same_seed_draws_the_same_and_leaves_all_as_it_was():
    model, prompt, *_ = draw(language, 2, 3, 0, dropout=0.9)
    model.train()
    state = torch.get_rng_state()
    drawn = model.sample(prompt, 20, seed=3)
    assert torch.equal(model.sample(prompt, 20, seed=3), drawn)  # nothing is dropped
    assert not torch.equal(model.sample(prompt, 20, seed=4), drawn)
    assert drawn.shape == (2, 20) and drawn.min() >= 0 and drawn.max() < SYMBOLS
    assert model.training and torch.equal(torch.get_rng_state(), state)
    model.eval().sample(prompt, 1)
    assert not model.training


@pytest.mark.parametrize("make", [classifier, tagger, forecaster, language])
def test_options(make, recwarn):
    model, x, *_ = draw(make, 3, 6, 0, num_layers=2, dropout=0.5, forget_bias=1)
    for k in range(2):
        assert (getattr(model.lstm, f"bias_ih_l{k}")[5:10] == 1).all()
        assert not getattr(model.lstm, f"bias_hh_l{k}")[5:10].any()
    assert not torch.equal(logits(model, x), logits(model, x))
    model.eval()
    assert torch.equal(logits(model, x), logits(model, x))
    make(dropout=0.5)  # with one layer, PyTorch would warn about dropout between layers
    assert not recwarn


def test_starts_as_pytorch_does_without_a_forget_bias():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = classifier()
        torch.manual_seed(0)
        embedding, lstm = torch.nn.Embedding(SYMBOLS, 3), torch.nn.LSTM(3, 5)
    for mine, theirs in ((model.embedding, embedding), (model.lstm, lstm)):
        for name, parameter in theirs.named_parameters():
            assert torch.equal(getattr(mine, name), parameter)


IDS = torch.zeros(2, 5, dtype=int)
GAP = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 1, 0]])
EMPTY = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 0, 0, 0]])


def call(make, **changes):
    first = {"x": torch.ones(2, 5, D)} if make is forecaster else {"ids": IDS}
    return make()(**(first | changes))


def sample(**changes):
    return language().sample(**({"prompt": IDS, "steps": 2} | changes))


BAD = [
    (classifier, {"num_layers": 0}, "num_layers", "0"),
    (classifier, {"bidirectional": 1}, "bidirectional", "1"),
    (classifier, {"dropout": 1.0}, "dropout", "1.0"),
    (classifier, {"forget_bias": "one"}, "forget_bias", "'one'"),
    (nets.SequenceClassifier, {"symbols": 0, "classes": 2, "embedding_size": 3, "hidden_size": 4}, "symbols", "0"),
    (nets.Tagger, {"symbols": 9, "classes": 0, "embedding_size": 3, "hidden_size": 4}, "classes", "0"),
    (nets.Tagger, {"symbols": 9, "classes": 2, "embedding_size": 0, "hidden_size": 4}, "embedding_size", "0"),
    (nets.Tagger, {"symbols": 9, "classes": 2, "embedding_size": 3, "hidden_size": -4}, "hidden_size", "-4"),
    (nets.LanguageModel, {"symbols": 2.0, "embedding_size": 3, "hidden_size": 4}, "symbols", "2.0"),
    (nets.Forecaster, {"features": 0, "outputs": 1, "hidden_size": 4}, "features", "0"),
    (nets.Forecaster, {"features": 1, "outputs": 0, "hidden_size": 4}, "outputs", "0"),
    (nets.Forecaster, {"features": 1, "outputs": 1, "hidden_size": 4, "horizon": 0}, "horizon", "0"),
    (call, {"make": language, "state": torch.ones(1, 2, 5)}, "state", "Tensor"),
    (call, {"make": language, "state": (torch.ones(1, 3, 5), torch.ones(1, 3, 5))}, "h in state", "(1, 3, 5)"),
    (call, {"make": forecaster, "x": torch.ones(2, 5)}, "x", "(2, 5)"),
    (call, {"make": forecaster, "x": torch.ones(2, 5, D).double()}, "x", "float64"),
    (call, {"make": forecaster, "x": torch.full((2, 5, D), float("nan"))}, "x", "NaN"),
    (sample, {"prompt": IDS[0]}, "prompt", "(5,)"),
    (sample, {"steps": 0}, "steps", "0"),
    (sample, {"temperature": 0}, "temperature", "0"),
    (sample, {"seed": -1}, "seed", "-1"),
]
for kind in (classifier, tagger, language):
    BAD += [
        (call, {"make": kind, "ids": [[1, 2]]}, "ids", "list"),
        (call, {"make": kind, "ids": np.zeros((2, 5), int)}, "ids", "ndarray"),
        (call, {"make": kind, "ids": torch.ones(2, 5)}, "ids", "float32"),
        (call, {"make": kind, "ids": IDS > 0}, "ids", "bool"),
        (call, {"make": kind, "ids": IDS[0]}, "ids", "(5,)"),
        (call, {"make": kind, "ids": IDS[:0]}, "ids", "(0, 5)"),
        (call, {"make": kind, "ids": IDS + SYMBOLS}, "ids", str(SYMBOLS)),
        (call, {"make": kind, "ids": IDS - 1}, "ids", "-1"),
    ]
for kind in (classifier, tagger, language, forecaster):
    BAD += [
        (call, {"make": kind, "mask": torch.ones(5, 2)}, "mask", "(5, 2)"),
        (call, {"make": kind, "mask": np.ones((2, 5))}, "mask", "ndarray"),
        (call, {"make": kind, "mask": torch.full((2, 5), 2)}, "mask", "int64"),
        (call, {"make": kind, "mask": GAP}, "mask", "a gap before step 3 in sample 1"),
        (call, {"make": kind, "mask": EMPTY}, "mask", "False there in sample 1"),
    ]


@pytest.mark.parametrize("function, given, name, came", BAD)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence
    assert "\n" not in sentence and len(sentence) < 160

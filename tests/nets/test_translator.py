"""The translator: its equations written out, padding, and beam search against exhaustive search."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course import nets

torch.set_num_threads(1)

SOURCE, TARGET, START, END = 5, 4, 0, 1
both = pytest.mark.parametrize("attention", [True, False])
property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def draw(N, T_in, T_out, seed, attention=True, **options):
    """A translator in float64 with weights larger than the initial ones, sentences, and lengths of the sources."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nets.Translator(SOURCE, TARGET, 3, 4, attention=attention, **options).double()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter *= 6
            model.output.bias[END] -= 1  # so that not every translation ends at once
        source, target_in = torch.randint(SOURCE, (N, T_in)), torch.randint(TARGET, (N, T_out))
        lengths = torch.randint(1, T_in + 1, (N,))
    return model, source, target_in, lengths


def written_out(model, source, target_in):
    """The equations for one sentence, number by number where there is attention."""
    places, _ = model.encoder(model.source_embedding(source)[None])
    places = places[0]
    H = model.decoder.hidden_size
    cell = torch.nn.LSTMCell(model.decoder.input_size, H).double()
    cell.load_state_dict({name.removesuffix("_l0"): p for name, p in model.decoder.state_dict().items()})
    h = torch.tanh(model.first_state.weight @ places[0, H:] + model.first_state.bias)
    c = torch.zeros(H).double()
    logits, weights = [], []
    for symbol in target_in:
        if model.attention is None:
            context = torch.cat([places[-1, :H], places[0, H:]])
        else:
            W, U, v = model.attention.W, model.attention.U.weight, model.attention.v.weight[0]
            e = [v @ torch.tanh(W.weight @ h + W.bias + U @ place) for place in places]
            alpha = torch.stack(e).exp() / torch.stack(e).exp().sum()
            context = sum(a * place for a, place in zip(alpha, places, strict=True))
            weights.append(alpha)
        h, c = cell(torch.cat([model.target_embedding.weight[symbol], context])[None], (h[None], c[None]))
        h, c = h[0], c[0]
        logits.append(model.output.weight @ torch.cat([h, context]) + model.output.bias)
    return torch.stack(logits), torch.stack(weights) if weights else None


@pytest.mark.slow
@both
@property_test
@given(N=st.integers(1, 4), T_in=st.integers(1, 6), T_out=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_equals_the_equations_and_padding_changes_neither_values_nor_gradients(attention, N, T_in, T_out, seed):
    model, source, target_in, lengths = draw(N, T_in, T_out, seed, attention)
    mask = torch.arange(T_in) < lengths[:, None]
    logits, weights = model(torch.where(mask, source, -9), target_in, mask)
    assert (weights is None) == (not attention)
    probe = torch.randn(logits.shape, generator=torch.Generator().manual_seed(seed)).double()
    (logits * probe).sum().backward()
    found = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    for n, length in enumerate(lengths):
        wanted, wanted_weights = written_out(model, source[n, :length], target_in[n])
        torch.testing.assert_close(logits[n], wanted, rtol=0, atol=1e-11)
        alone, alone_weights = model(source[n : n + 1, :length], target_in[n : n + 1])
        torch.testing.assert_close(alone[0], wanted, rtol=0, atol=1e-11)
        (alone * probe[n]).sum().backward()
        if attention:
            torch.testing.assert_close(weights[n, :, :length], wanted_weights, rtol=0, atol=1e-12)
            torch.testing.assert_close(alone_weights[0], wanted_weights, rtol=0, atol=1e-12)
            assert not weights[n, :, length:].any()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(found[name], parameter.grad, rtol=0, atol=1e-10)


@both
def test_what_fills_up_a_translation_is_not_seen_before(attention):
    model, source, target_in, _ = draw(2, 4, 6, 0, attention)
    changed = target_in.clone()
    changed[:, 4:] = (changed[:, 4:] + 1) % TARGET
    torch.testing.assert_close(model(source, changed)[0][:, :4], model(source, target_in)[0][:, :4], rtol=0, atol=1e-14)


def score(model, source, symbols):
    """The log-probability of a translation, symbol by symbol, including the end."""
    logits, _ = model(source[None], torch.tensor([[START, *symbols[:-1]]]))
    return logits[0].log_softmax(dim=1)[range(len(symbols)), symbols].sum().item()


def everything(longest):
    """All possible translations: they stop after the first end, or after `longest` symbols."""
    others = [symbol for symbol in range(TARGET) if symbol != END]
    for length in range(longest):
        for symbols in itertools.product(others, repeat=length):
            yield [*symbols, END]
    yield from map(list, itertools.product(others, repeat=longest))


def test_everything_is_everything():
    for longest in (1, 2, 3):
        model, source, *_ = draw(1, 3, 1, 0)
        total = sum(torch.tensor(score(model, source[0], symbols)).exp() for symbols in everything(longest))
        assert total.item() == pytest.approx(1)


@pytest.mark.slow
@both
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("longest", [1, 2, 4])
def test_a_wide_beam_finds_the_best_there_is(attention, seed, longest):
    model, source, _, lengths = draw(3, 5, 1, seed, attention)
    mask = torch.arange(5) < lengths[:, None]
    found = model.translate(source, mask, START, END, longest, beam=TARGET**longest)
    for n, translation in enumerate(found):
        scores = {tuple(symbols): score(model, source[n, : lengths[n]], symbols) for symbols in everything(longest)}
        best = max(scores, key=scores.get)
        assert translation.symbols == [symbol for symbol in best if symbol != END]
        assert translation.log_probability == pytest.approx(scores[best], abs=1e-10)


@pytest.mark.slow
def test_a_narrow_beam_may_miss_it_and_a_wider_one_finds_it():
    """Cases in which the likeliest first symbol is a dead end, so that greedy search fails and the beam matters."""
    found = {1: 0, 16: 0}
    for seed in range(30):
        model, source, *_ = draw(1, 4, 1, seed)
        best = max(score(model, source[0], symbols) for symbols in everything(3))
        for beam in found:
            (translation,) = model.translate(source, None, START, END, 3, beam=beam)
            assert translation.log_probability <= best + 1e-10
            found[beam] += translation.log_probability > best - 1e-10
    assert found[1] < found[16] == 30


def beam_search(model, source, longest, beam):
    """The same search for one sentence, with lists; every beginning is scored from its first symbol."""
    kept = [[]]
    for _ in range(longest):
        longer = [symbols for symbols in kept if END in symbols]
        longer += [[*symbols, symbol] for symbols in kept if END not in symbols for symbol in range(TARGET)]
        kept = sorted(longer, key=lambda symbols: score(model, source, symbols), reverse=True)[:beam]
    return kept[0]


@pytest.mark.slow
@both
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("beam", [2, 3])
def test_a_beam_keeps_the_likeliest_beginnings(attention, seed, beam):
    model, source, *_ = draw(3, 4, 1, seed, attention)
    for n, translation in enumerate(model.translate(source, None, START, END, 5, beam)):
        wanted = beam_search(model, source[n], 5, beam)
        assert translation.symbols == [symbol for symbol in wanted if symbol != END]
        assert translation.log_probability == pytest.approx(score(model, source[n], wanted), abs=1e-10)
        if attention:  # where it looked for these symbols, not for others that were dropped
            _, weights = model(source[n : n + 1], torch.tensor([[START, *wanted]]))
            found = translation.attention
            torch.testing.assert_close(found, weights[0, : len(translation.symbols)], rtol=0, atol=1e-12)


@both
@pytest.mark.parametrize("seed", range(5))
def test_a_beam_of_one_takes_the_likeliest_symbol_each_time(attention, seed):
    model, source, *_ = draw(2, 4, 1, seed, attention)
    for n, translation in enumerate(model.translate(source, None, START, END, 6)):
        symbols, weights = [START], []
        while len(symbols) <= 6 and END not in symbols[1:]:
            logits, weights = model(source[n : n + 1], torch.tensor([symbols]))
            symbols.append(logits[0, -1].argmax().item())
        wanted = [symbol for symbol in symbols[1:] if symbol != END]
        assert translation.symbols == wanted
        assert translation.log_probability == pytest.approx(score(model, source[n], symbols[1:]), abs=1e-10)
        if attention:
            torch.testing.assert_close(translation.attention, weights[0, : len(wanted)], rtol=0, atol=1e-12)
        else:
            assert translation.attention is None


@pytest.mark.parametrize("beam", [1, 3])
def test_a_sentence_is_translated_the_same_in_any_company(beam):
    model, source, _, lengths = draw(6, 5, 1, 0)
    mask = torch.arange(5) < lengths[:, None]
    together = model.translate(source, mask, START, END, 8, beam)
    assert len({len(translation.symbols) for translation in together}) > 1
    for n, translation in enumerate(together):
        (alone,) = model.translate(source[n : n + 1, : lengths[n]], None, START, END, 8, beam)
        assert translation.symbols == alone.symbols
        assert translation.log_probability == pytest.approx(alone.log_probability, abs=1e-10)
        assert translation.attention.shape == (len(translation.symbols), 5)
        torch.testing.assert_close(translation.attention[:, : lengths[n]], alone.attention, rtol=0, atol=1e-12)


def test_translating_drops_nothing_and_keeps_the_mode():
    model, source, target_in, _ = draw(2, 4, 3, 0, dropout=0.5, forget_bias=1)
    first = model.translate(source, None, START, END, 5)
    again = model.translate(source, None, START, END, 5)
    assert [t.log_probability for t in first] == [t.log_probability for t in again]
    assert model.training and not torch.equal(model(source, target_in)[0], model(source, target_in)[0])


def test_a_forget_bias_is_set_in_the_encoder_and_in_the_decoder():
    model = nets.Translator(SOURCE, TARGET, 3, 4, forget_bias=1.5)
    for layer, suffix in ((model.encoder, ""), (model.encoder, "_reverse"), (model.decoder, "")):
        assert (getattr(layer, f"bias_ih_l0{suffix}")[4:8] == 1.5).all()


@pytest.mark.slow
def test_it_learns_to_turn_words_round_and_looks_where_it_must():
    letters, T = 8, 6  # 0 begins, 1 ends

    def batch(count, generator):
        words = torch.randint(2, letters, (count, T), generator=generator)
        first, last = torch.full((count, 1), START), torch.full((count, 1), END)
        turned = words.flip(1)
        return words, torch.cat([first, turned], dim=1), torch.cat([turned, last], dim=1)

    def loss(model, batch):
        words, target_in, targets = batch
        return torch.nn.functional.cross_entropy(model(words, target_in)[0].transpose(1, 2), targets)

    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nets.Translator(letters, letters, 16, 32)
    nets.train(model, (batch(32, generator) for _ in range(400)), loss, 400, learning_rate=0.01, progress=False)
    words, _, targets = batch(200, generator)
    found = model.translate(words, None, START, END, T + 1, beam=2)
    right = [translation.symbols == wanted[:-1] for translation, wanted in zip(found, targets.tolist(), strict=True)]
    assert sum(right) > 180
    looked = torch.stack([t.attention for t, fine in zip(found, right, strict=True) if fine]).mean(dim=0)
    backward = looked.flip(1).diagonal()  # letter k of the result stands at place T - 1 - k
    assert backward.mean() > 0.5


IDS = torch.zeros(2, 5, dtype=int)
SIZES = {"source_symbols": SOURCE, "target_symbols": TARGET, "embedding_size": 3, "hidden_size": 4}


def make(**changes):
    return nets.Translator(**(SIZES | changes))


def forward(**changes):
    return make()(**({"source": IDS, "target_in": IDS} | changes))


def translate(**changes):
    given = {"source": IDS, "source_mask": None, "start": START, "end": END, "longest": 3}
    return make().translate(**(given | changes))


@pytest.mark.parametrize(
    "function, given, name, came",
    [
        (make, {"source_symbols": 0}, "source_symbols", "0"),
        (make, {"target_symbols": None}, "target_symbols", "None"),
        (make, {"embedding_size": 1.5}, "embedding_size", "1.5"),
        (make, {"hidden_size": 0}, "hidden_size", "0"),
        (make, {"attention": "yes"}, "attention", "'yes'"),
        (make, {"dropout": -0.1}, "dropout", "-0.1"),
        (make, {"forget_bias": float("inf")}, "forget_bias", "inf"),
        (forward, {"source": IDS + SOURCE}, "source", str(SOURCE)),
        (forward, {"source": IDS[0]}, "source", "(5,)"),
        (forward, {"target_in": IDS - 1}, "target_in", "-1"),
        (forward, {"target_in": IDS.double()}, "target_in", "float64"),
        (forward, {"target_in": IDS[:1]}, "target_in", "1"),
        (forward, {"source_mask": IDS}, "source_mask", "False there in sample 0"),
        (forward, {"source_mask": torch.ones(2, 4)}, "source_mask", "(2, 4)"),
        (translate, {"source": [[1]]}, "source", "list"),
        (translate, {"start": TARGET}, "start", str(TARGET)),
        (translate, {"end": -1}, "end", "-1"),
        (translate, {"longest": 0}, "longest", "0"),
        (translate, {"beam": 0}, "beam", "0"),
    ],
)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence


@pytest.mark.parametrize(
    "changes, name, came",
    [
        ({"query": torch.ones(1, 4)}, "query", "(1, 4)"),
        ({"memory": torch.ones(2, 3, 5)}, "memory", "(2, 3, 5)"),
        ({"keys": torch.ones(2, 4, 5)}, "keys", "(2, 4, 5)"),
        ({"mask": torch.ones(2, 1, dtype=torch.bool)}, "mask", "(2, 1)"),
        ({"mask": torch.tensor([[1, 1, 1], [0, 0, 0]])}, "mask", "sample 1"),
    ],
)
def test_attention_says_what_is_wrong(changes, name, came):
    attention = nets.AdditiveAttention(query_size=4, memory_size=6, size=5)
    given = {"query": torch.ones(2, 4), "memory": torch.ones(2, 3, 6), "keys": torch.ones(2, 3, 5)} | changes
    with pytest.raises(ValueError, match=f"^{name}") as raised:
        attention(**given)
    assert came in str(raised.value)


def test_a_translation_says_whether_it_ended():
    model, source, _, _ = draw(2, 5, 1, 0, True)
    for translation in model.translate(source, None, start=0, end=1, longest=3):
        assert translation.ended == (len(translation.symbols) < 3)

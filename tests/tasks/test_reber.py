"""The embedded Reber grammar against an independent description of it: a regular expression."""

import re

import numpy as np
import pytest

from lstm_course.tasks import reber

# Around the states where the two loops meet: after T come S's, X and the way on from state 3, or X S to the
# end. From state 3: T's, V, then either V to the end, or P and state 4: X back to 3, or S to the end.
FROM_3 = "(?:T*VPX)*T*V(?:V|PS)"
INNER = f"B(?:TS*X(?:S|X{FROM_3})|P{FROM_3})E"
EMBEDDED = re.compile(f"B(?:T{INNER}T|P{INNER}P)E")


def possible_next(prefix, strings):
    return {string[len(prefix)] for string in strings if string.startswith(prefix) and len(string) > len(prefix)}


def test_strings_are_of_the_grammar_and_reach_all_of_it():
    made = reber.strings(3000, seed=1)
    assert all(EMBEDDED.fullmatch(string) for string in made)
    lengths = [len(string) for string in made]
    assert min(lengths) == 9 and max(lengths) > 25 and 11.5 < np.mean(lengths) < 12.5
    assert 0.46 < np.mean([string[1] == "T" for string in made]) < 0.54
    assert 0.46 < np.mean([string[3] == "T" for string in made]) < 0.54
    assert {string[1] == string[-2] for string in made} == {True}
    assert {"S loop", "T loop", "X", "P"} == {
        name
        for name, pattern in {"S loop": "BTSS", "T loop": "TTT", "X": "VPX", "P": "VPS"}.items()
        if any(re.search(pattern, string) for string in made)
    }


def test_every_short_string_is_accepted_exactly_when_the_expression_does():
    frontier, accepted = [""], []
    for _ in range(16):  # all strings of up to 16 symbols that follow the graph, and their one-symbol changes
        frontier = [prefix + symbol for prefix in frontier for symbol in following(prefix)]
        accepted += [string for string in frontier if string.endswith("E") and not following(string)]
    assert len(accepted) > 100
    rng = np.random.default_rng(0)
    for string in accepted:
        assert EMBEDDED.fullmatch(string)
        reber.encode([string])
        index = rng.integers(len(string))
        for symbol in reber.SYMBOLS:
            changed = string[:index] + symbol + string[index + 1 :]
            if EMBEDDED.fullmatch(changed):
                reber.encode([changed])
            else:
                with pytest.raises(ValueError, match="^strings: wanted strings of the embedded Reber grammar, got"):
                    reber.encode([changed])


def following(prefix):
    graph, state = reber.graph(), "start"
    for symbol in prefix:
        state = graph[state][symbol]
    return graph[state]


def test_seed_and_generator():
    assert reber.strings(20, seed=3) == reber.strings(20, seed=3) == reber.strings(20, np.random.default_rng(3))
    assert reber.strings(20, seed=3) != reber.strings(20, seed=4)
    rng = np.random.default_rng(3)
    assert reber.strings(10, rng) + reber.strings(10, rng) == reber.strings(20, seed=3)
    assert list(reber.batch(20, 3).strings) == reber.strings(20, seed=3)


def test_arrays():
    batch = reber.batch(40, seed=0)
    N, T = 40, max(map(len, batch.strings)) - 1
    assert batch.x.shape == batch.legal.shape == (N, T, 7) and batch.targets.shape == batch.mask.shape == (
        N,
        T,
    )
    assert batch.x.dtype == float and batch.legal.dtype == batch.mask.dtype == bool
    for n, string in enumerate(batch.strings):
        steps = len(string) - 1
        assert batch.mask[n].sum() == steps and batch.mask[n, :steps].all()
        assert "".join(reber.SYMBOLS[k] for k in batch.x[n, :steps].argmax(axis=1)) == string[:-1]
        assert (batch.x[n, :steps].sum(axis=1) == 1).all() and not batch.x[n, steps:].any()
        assert "".join(reber.SYMBOLS[k] for k in batch.targets[n, :steps]) == string[1:]
        assert not batch.legal[n, steps:].any() and not batch.targets[n, steps:].any()


def test_legal_symbols_are_those_that_strings_go_on_with():
    many = set(reber.strings(20000, seed=5))
    batch = reber.encode(sorted(many, key=len)[:40])
    for n, string in enumerate(batch.strings):
        for t in range(len(string) - 1):
            legal = {reber.SYMBOLS[k] for k in np.flatnonzero(batch.legal[n, t])}
            assert legal == possible_next(string[: t + 1], many), (string, t)


def test_score_of_one_who_knows_everything():
    batch = reber.batch(60, seed=0)
    assert reber.score(batch.legal, batch) == reber.Score(1.0, 1.0)
    logits = np.where(batch.legal, 3.0, -2.0) + np.random.default_rng(0).uniform(-1, 1, batch.legal.shape)
    logits[~batch.mask] = 99  # nobody looks there
    assert reber.score(logits, batch) == (1.0, 1.0)


def test_score_of_one_who_does_not_remember_the_second_symbol():
    batch = reber.batch(2000, seed=0)
    outputs = batch.legal.astype(float)
    ends = np.arange(2000), batch.mask.sum(axis=1) - 2
    outputs[ends] = 0
    outputs[(*ends, reber.SYMBOLS.index("T"))] = 1  # always T
    assert reber.score(outputs, batch) == pytest.approx(reber.TRIVIAL, abs=0.04)
    outputs[(*ends, reber.SYMBOLS.index("P"))] = 1  # T and P alike: the symbol is not told apart
    assert reber.score(outputs, batch) == (0.0, 0.0)


def test_score_wants_every_step_of_a_string():
    batch = reber.encode(["BTBTXSETE", "BPBPVVEPE"])
    outputs = batch.legal.astype(float)
    outputs[0, 0] = 0.0
    assert reber.score(outputs, batch) == (0.5, 1.0)
    outputs = batch.legal.astype(float)
    outputs[1, 6, reber.SYMBOLS.index("E")] = 2.0  # the long-range step, only there
    outputs[1, 7] = 1.0
    assert reber.score(outputs, batch) == (0.5, 0.5)
    only_one_of_two = batch.legal.astype(float)
    only_one_of_two[0, 2, reber.SYMBOLS.index("P")] = -1.0
    assert reber.score(only_one_of_two, batch) == (0.5, 1.0)


def test_graph():
    graph = reber.graph()
    assert {to for following in graph.values() for to in following.values()} == set(graph) - {"start"}
    assert [state for state, following in graph.items() if not following] == ["end"]
    graph["start"].clear()  # a copy: the grammar stays as it is
    assert reber.strings(1, 0)[0].startswith("B")


def test_load(tmp_path):
    path = tmp_path / "strings.txt"
    path.write_text("BTBTXSETE\n\n  BPBPVVEPE \n")
    assert reber.load(path) == reber.load(str(path)) == ["BTBTXSETE", "BPBPVVEPE"]
    path.write_text("BTBTXSETE\nBTBTXSEPE\n")
    with pytest.raises(ValueError, match=r"strings.txt, line 2: .* after 'BTBTXSE' comes 'P' instead of T$"):
        reber.load(path)
    path.write_text("\n")
    with pytest.raises(ValueError, match="^path: wanted a file with a string in each line, got .*, which has none$"):
        reber.load(path)
    path.write_bytes(b"\xff\xfe\xff")
    for wrong in (path, tmp_path / "absent.txt"):
        with pytest.raises(ValueError, match="^path: wanted a text file, got"):
            reber.load(wrong)


@pytest.mark.parametrize(
    "function, given, name, got",
    [
        (reber.strings, {"count": 0, "seed": 0}, "count", "0"),
        (reber.strings, {"count": 1, "seed": "a"}, "seed", "'a'"),
        (reber.batch, {"count": 1.5, "seed": 0}, "count", "1.5"),
        (reber.batch, {"count": 1, "seed": -1}, "seed", "-1"),
        (reber.encode, {"strings": []}, "strings", "[]"),
        (reber.encode, {"strings": "BTBTXSETE"}, "strings", "'BTBTXSETE'"),
        (reber.encode, {"strings": [3]}, "strings", "[3]"),
        (reber.encode, {"strings": 3}, "strings", "3"),
        (reber.encode, {"strings": [""]}, "strings", "''"),
        (reber.encode, {"strings": ["BTBTXSET"]}, "strings", "ends where E must follow"),
        (reber.encode, {"strings": ["BTBTXSETEB"]}, "strings", "comes 'B' instead of the end"),
        (reber.score, {"outputs": np.ones((1, 8, 7)), "batch": None}, "batch", "NoneType"),
        (
            reber.score,
            {"outputs": np.ones((1, 9, 7)), "batch": reber.encode(["BTBTXSETE"])},
            "outputs",
            "(1, 9, 7)",
        ),
        (
            reber.score,
            {"outputs": np.full((1, 8, 7), np.nan), "batch": reber.encode(["BTBTXSETE"])},
            "outputs",
            "nan",
        ),
    ],
)
def test_bad_input_is_said_in_one_sentence(function, given, name, got):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and got in sentence.partition(", got ")[2], sentence
    assert "\n" not in sentence


def test_a_file_with_the_mark_of_windows_is_read(tmp_path):
    path = tmp_path / "strings.txt"
    path.write_text("BTBTXSETE\n", encoding="utf-8-sig")
    assert reber.load(path) == ["BTBTXSETE"]

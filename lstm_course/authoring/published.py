"""Published results beside those of the course's stored runs, for the page ``notebooks/published.ipynb``."""

from typing import NamedTuple

import numpy as np
from IPython.display import Markdown

from lstm_course import lessons, results


class Row(NamedTuple):
    """One published result.

    Attributes
    ----------
    lesson : str
        The slug of the lesson that repeats it.
    source, published, ours, verdict : str
        Who reported it and when, what they reported, what the stored run shows, and how the two compare.
    holds : bool
        Whether the figures still support the verdict.
    """

    lesson: str
    source: str
    published: str
    ours: str
    verdict: str
    holds: bool


def table():
    """All rows as a table in Markdown, by lesson."""
    head = "| lesson | source | published | ours | verdict |\n|---|---|---|---|---|\n"
    found = {lesson.slug: lesson for lesson in lessons.LESSONS}
    lines = []
    for row in sorted(rows(), key=lambda row: found[row.lesson].number):
        lesson = found[row.lesson]
        link = f"[{lesson.number}]({lesson.stem}.ipynb)"
        lines.append(f"| {link} | {row.source} | {row.published} | {row.ours} | {row.verdict} |")
    return Markdown(head + "\n".join(lines))


def rows():
    """The rows, from the stored runs.

    Returns
    -------
    list of Row
    """
    return [
        *_gradients(),
        *_grammars(),
        *_horizons(),
        *_long_lags(),
        *_variants(),
        *_dropout(),
        *_units(),
        *_translation(),
        *_replication(),
        *_cache(),
        *_pruning(),
        *_beyond(),
    ]


def _gradients():
    run = results.load("clipping")
    free, clipped = ((run[f"mild_{way}_worst"] > 1e6).sum() for way in ("free", "clipped"))
    yield Row(
        "vanishing_gradients",
        "Pascanu, Mikolov and Bengio 2013",
        "clipping by norm prevents blow-ups",
        f"{free} of 10 runs blow up without it, {clipped} with it",
        "agrees",
        free >= 8 and clipped == 0,
    )


def _grammars():
    solved = results.load("embedded_reber")["lstm_solved"]
    yield Row(
        "lstm_from_scratch",
        "Hochreiter and Schmidhuber 1997, experiment 1",
        "embedded Reber grammar: solved in all trials, after 8,440 strings on average (best setting)",
        f"solved in {np.isfinite(solved).sum()} of 10, after {solved.mean():,.0f} strings on average",
        "agrees, with another optimiser",
        4_000 < solved.mean() < 20_000,
    )
    run = results.load("continual_reber")
    without, with_gate = ((run[f"{kind}_errors"] <= 5).sum() for kind in ("1997", "lstm"))
    yield Row(
        "learning_to_forget",
        "Gers, Schmidhuber and Cummins 2000",
        "continual Reber strings: cells without a forget gate fail, cells with one can solve it",
        f"{without} of 10 without, {with_gate} of 10 with",
        "agrees",
        without == 0 and with_gate == 10,
    )


def _horizons():
    run = results.load("memory_horizon")
    lengths = run.meta["settings"]["lengths"]
    learned = {  # at each length, with the better learning rate
        kind: dict(zip(lengths, (run[f"{kind}_updates"] > 0).sum(axis=1).max(axis=0), strict=True))
        for kind in ("bias_1", "bias_3", "chrono")
    }
    yield Row(
        "memory_horizon",
        "Jozefowicz, Zaremba and Sutskever 2015",
        "start with a forget bias of 1",
        f"recalls over 20 steps in {learned['bias_1'][20]} of 10, over 40 in {learned['bias_1'][40]}; "
        f"with a bias of 3 over 80 in {learned['bias_3'][80]} of 10",
        "agrees in part: 1 is too little for long lags",
        learned["bias_1"][20] >= 7 and learned["bias_1"][40] <= 3 and learned["bias_3"][80] >= 9,
    )
    yield Row(
        "memory_horizon",
        "Tallec and Ollivier 2018",
        "chrono initialisation learns long lags",
        f"over 80 steps in {learned['chrono'][80]} of 10",
        "agrees",
        learned["chrono"][80] >= 9,
    )


def _long_lags():
    run = results.load("long_lags")
    plain, old, new = ((run[f"adding_{kind}_error"][:, -1] < 0.05).sum() for kind in ("rnn", "1997", "lstm"))
    yield Row(
        "learning_to_forget",
        "Hochreiter and Schmidhuber 1997",
        "adding problem: solved by the cell without a forget gate",
        f"{old} of 10 without, {new} of 10 with, {plain} of 10 plain networks, in 550 updates",
        "agrees in part",
        plain == 0 < old < new,
    )
    bias, chrono = ((run[f"order_{kind}_accuracy"][:, -1] > 0.95).sum() for kind in ("bias", "chrono"))
    yield Row(
        "learning_to_forget",
        "Hochreiter and Schmidhuber 1997",
        "temporal order: solved",
        f"{chrono} of 10 with chrono initialisation, {bias} of 10 with a forget bias of 1, in 350 updates",
        "depends on how the cell starts",
        chrono >= 9 and bias <= 2,
    )


def _variants():
    run = results.load("gate_variants")
    wrong = {kind: 100 * np.median(run[f"stream_{kind}_errors"]) for kind in ("vanilla", "NFG", "NOAF")}
    error = {kind: np.median(run[f"adding_{kind}_loss"]) for kind in ("vanilla", "NFG", "CIFG", "NIG")}
    yield Row(
        "which_gates_matter",
        "Greff and others 2017",
        "no variant improves much on the full cell; the forget gate and the output activation matter most",
        f"on the stream, letters wrong: {wrong['vanilla']:.1f} % with the full cell, {wrong['NFG']:.1f} % without the "
        f"forget gate, {wrong['NOAF']:.1f} % without the output activation; on the adding problem the input gate "
        f"matters most (error {error['NIG']:.2f} without it), and coupled gates beat the full cell "
        f"({error['CIFG']:.4f} against {error['vanilla']:.4f}) (10)",
        "agrees on one task, differs on the other",
        wrong["vanilla"] < 0.1 < 1 < wrong["NOAF"]
        and wrong["NFG"] > 3
        and error["CIFG"] < error["vanilla"] / 3
        and error["NFG"] < error["NIG"] / 5,
    )


def _dropout():
    run = results.load("training_well")
    change = 100 * (run["recurrent_0.3_error"][:, -1] - run["base_error"][:, -1])  # paired by seed
    half = 2.26 * change.std(ddof=1) / np.sqrt(len(change))
    low, high = change.mean() - half, change.mean() + half
    yield Row(
        "training_well",
        "Gal and Ghahramani 2016",
        "recurrent dropout with one mask a sequence reduces overfitting",
        f"{change.mean():+.1f} points of error, interval {low:+.1f} to {high:+.1f} (10)",
        "not to be seen with ten seeds",
        low < 0 < high,
    )


def _units():
    run = results.load("comedies")
    confirmed, untrained = run["unit_confirmed"], run["untrained_confirmed"]
    yield Row(
        "text_generation",
        "Karpathy, Johnson and Fei-Fei 2016",
        "single units track quotes and brackets",
        f"one tracks stage directions: AUC {confirmed.min():.2f} to {confirmed.max():.2f} on text it wasn't chosen on, "
        f"untrained at most {untrained.max():.2f} (3)",
        "agrees",
        confirmed.min() > untrained.max() + 0.1,
    )


def _translation():
    run = results.load("translation")
    share = {kind: 100 * run[f"numbers_{kind}_exact"].mean() for kind in ("plain", "attention", "forward", "reversed")}
    yield Row(
        "translation",
        "Bahdanau, Cho and Bengio 2015",
        "attention helps, most with long sentences",
        f"numbers right: {share['plain']:.1f} % without, {share['attention']:.1f} % with (10); the gap grows with "
        "length",
        "agrees; that a single state is too small is not borne out",
        share["attention"] > share["plain"] + 20,
    )
    yield Row(
        "translation",
        "Sutskever, Vinyals and Le 2014",
        "reversing the source helps",
        f"{share['forward']:.1f} % forward, {share['reversed']:.1f} % reversed (5)",
        "agrees",
        share["reversed"] > share["forward"] + 4,
    )


def _replication():
    run = results.load("anomalies")
    solved = {name: (run[f"ward_{name}"] > 0.95).sum() for name in ("pattern_1", "every_1", "pattern_3")}
    yield Row(
        "anomalies",
        "Lipton and others 2016",
        "target replication, a target at every step, helps a network that reads hospital records",
        f"simulated patients: {solved['pattern_1']} of 10 networks solve the task when asked once, "
        f"{solved['every_1']} of 10 when asked at every step, and {solved['pattern_3']} of 10 when asked once but "
        "started with a forget bias of 3",
        "agrees; a better start does as much here",
        solved["pattern_1"] <= 8 and solved["every_1"] >= 9 and solved["pattern_3"] >= 9,
    )


def _cache():
    run = results.load("melodies")
    notes = run["notes"].sum()
    bits = {name: (run[name].sum(axis=-1) / notes).mean() for name in ("ngram", "ngram_memory", "lstm", "lstm_memory")}
    gains = [bits[name] - bits[f"{name}_memory"] for name in ("ngram", "lstm")]
    yield Row(
        "sound",
        "Kuhn and De Mori 1990",
        "a cache of the recent words improves a model of speech",
        f"a memory of the tune at hand saves {gains[0]:.2f} bits a note with n-grams and {gains[1]:.2f} with the LSTM "
        "(10)",
        "agrees, on melodies",
        min(gains) > 0.3,
    )


def _pruning():
    run = results.load("squeezed")
    at = [run.meta["settings"]["shares"].index(share) for share in (0.9, 0.95)]
    pruned, dense = (100 * run[f"{kind}_right"].mean(axis=0)[at] for kind in ("tuned", "dense"))
    yield Row(
        "vision_and_small_devices",
        "Zhu and Gupta 2017",
        "large pruned networks beat small dense ones of the same size",
        f"digits right with a tenth of the weights: {pruned[0]:.1f} % pruned, {dense[0]:.1f} % small and dense; "
        f"with a twentieth: {pruned[1]:.1f} % and {dense[1]:.1f} % (10)",
        "differs, on a far smaller network",
        abs(pruned[0] - dense[0]) < 1 < dense[1] - pruned[1],
    )


def _beyond():
    run, read = results.load("families"), results.load("reading")
    solved = {name: (run[f"parity_{name}_updates"] > 0).sum() for name in ("minLSTM_signed", "minLSTM_unsigned")}
    yield Row(
        "beyond_lstm",
        "Sarrof and others 2024; Grazzi and others 2024",
        "gates that see only the input can follow parity if they may be negative, and not if they lie between 0 and 1",
        f"solved at the training lengths: gates from -1 to 1 {solved['minLSTM_signed']} of 10, from 0 to 1 "
        f"{solved['minLSTM_unsigned']} of 10",
        "agrees; the first fade on longer strings",
        (solved["minLSTM_signed"], solved["minLSTM_unsigned"]) == (10, 0),
    )
    solved = {name: (run[f"parity_{name}_updates"] > 0).sum() for name in ("sLSTM", "mLSTM")}
    yield Row(
        "beyond_lstm",
        "Beck and others 2024",
        "of the two cells of xLSTM, sLSTM can track a state and mLSTM can't",
        f"parity solved: sLSTM {solved['sLSTM']} of 10, mLSTM {solved['mLSTM']} of 10",
        "agrees",
        (solved["sLSTM"], solved["mLSTM"]) == (10, 0),
    )
    changed, even = 100 * read["shuffled"].mean(axis=0), 100 * read["even"].mean(axis=0)
    yield Row(
        "beyond_lstm",
        "Jain and Wallace 2019; Wiegreffe and Pinter 2019",
        "other weights of attention often give the same answer; that counts only where attention is needed",
        f"shuffled weights change {changed.min():.0f} to {changed.max():.0f} % of the answers, and equal weights are "
        f"right in {even.min():.0f} to {even.max():.0f} % (10)",
        "agrees, with both",
        changed.max() < 50 and even.min() > 90,
    )

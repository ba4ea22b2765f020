"""10-both-sides (blank page): ragged sequences in which a tag depends on what stands on both sides."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.985  # share of the tags that must be right; boosted trees on all steps reach 0.967 at most in three draws
SHORTEST, LONGEST, MARKS = 8, 16, 0.2


def sequences(rng, N):
    """Marks (N, T, 2), lengths (N,), and tags (N, T): 1 same, 0 different, -1 where there is no question."""
    lengths = rng.integers(SHORTEST, LONGEST + 1, N)
    steps, rows = np.arange(LONGEST), np.arange(N)[:, None]
    valid = steps < lengths[:, None]
    mark = (rng.random((N, LONGEST)) < MARKS) & valid
    mark[:, 0] = mark[np.arange(N), lengths - 1] = True
    kind = rng.integers(0, 2, (N, LONGEST))
    before = np.maximum.accumulate(np.where(mark, steps, 0), axis=1)
    after = np.minimum.accumulate(np.where(mark, steps, LONGEST - 1)[:, ::-1], axis=1)[:, ::-1]
    tags = (kind[rows, before] == kind[rows, after]).astype(int)
    x = np.stack([mark & (kind == k) for k in (0, 1)], axis=2).astype(float)
    return x, lengths, np.where(valid & ~mark, tags, -1)


def _cases(rng):
    x, lengths, tags = sequences(rng, 1000)
    return [
        dict(x=x[:700], lengths=lengths[:700], tags=tags[:700], new_x=x[700:], new_lengths=lengths[700:])
        | dict(new_tags=tags[700:])
    ]


def _neighbours(x, reach):
    """The steps around each step, flattened: (N, T, (2 reach + 1) 2)."""
    wide = np.pad(x, ((0, 0), (reach, reach), (0, 0)))
    return np.concatenate([wide[:, k : k + x.shape[1]] for k in range(2 * reach + 1)], axis=2)


def _most_frequent(x, lengths, tags, new_x, new_lengths):
    return np.full(new_x.shape[:2], int(tags[tags >= 0].mean() > 0.5))


def _by_weights(reach):
    def answer(x, lengths, tags, new_x, new_lengths):
        seen, new = (
            np.concatenate([_neighbours(part, reach), np.ones((*part.shape[:2], 1))], axis=2) for part in (x, new_x)
        )
        asked = tags >= 0
        return (new @ np.linalg.lstsq(seen[asked], tags[asked], rcond=None)[0] > 0.5).astype(int)

    return answer


def _mark_before(x, lengths, tags, new_x, new_lengths):
    """The kind of the last mark, which is all that a forward network can use."""
    steps = np.arange(new_x.shape[1])
    last = np.maximum.accumulate(np.where(new_x.sum(axis=2) > 0, steps, 0), axis=1)
    return np.take_along_axis(new_x[:, :, 0], last, axis=1).astype(int)


BOTH_SIDES = Question(
    id="10-both-sides",
    name="tag_both_sides",
    points=4,
    seconds=90.0,
    **share_of_right(
        BAR,
        "one tag for each step",
        (0, 1),
        "Logits have to be turned into answers. What stands at marks and in the padding doesn't count.",
        truth="new_tags",
        what="share of right tags",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "one tag for all",
            "You give the same tag everywhere. If you trained a network, its loss has probably stayed at log 2: can "
            "your network bring the mark before and the mark after together?",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 2 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "a weight for each neighbour",
            "Your model adds up the steps around a blank. Whether two marks are of the *same* kind can't be found by "
            "adding a number for each.",
            _by_weights(4),
        ),
        Mistake(
            "the past only",
            "Your model reads only the mark before. The tag also depends on the mark after the blank.",
            _mark_before,
        ),
    ),
    hints=(
        "Which network in the lesson learned such tags with every seed, and what did the others lack?",
        "Two bidirectional layers, with a forget bias of 1. The loss counts only steps whose tag isn't -1: "
        "`cross_entropy` has the argument `ignore_index`. If the loss on the 700 sequences is still above 0.02 at the "
        "end, the training got stuck: start again with another seed.",
        "`layer = torch.nn.LSTM(2, 16, num_layers=2, batch_first=True, bidirectional=True)` and "
        "`output = torch.nn.Linear(32, 2)`; in the loss `output(layer(x[rows])[0])`, flattened to (N T, 2), against "
        "the flattened tags with `ignore_index=-1`; and `fit([*layer.parameters(), *output.parameters()], loss)`.",
    ),
    explain_right="Your answer combines what comes before a blank with what comes after it.",
)

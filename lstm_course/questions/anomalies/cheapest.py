"""16-cheapest: the cheapest threshold for scores with known labels."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, share, false_alarm, missed, ties=False):
        event = rng.random(N) < share
        score = rng.normal(size=N) + 1.2 * event
        if ties:
            score = np.round(score)
        return dict(score=score, event=event, false_alarm=float(false_alarm), missed=float(missed))

    return [
        dict(score=np.array([1.0, 2.0, 2.0, 3.0]), event=np.array([0, 0, 1, 1], bool), false_alarm=1.0, missed=1.5),
        case(30, 0.3, 1, 5),
        case(25, 0.3, 3, 7, ties=True),
        case(40, 0.2, 2, 9, ties=True),
        case(20, 0.0, 1, 10),
        dict(score=rng.normal(size=6), event=np.ones(6, bool), false_alarm=2.0, missed=3.0),
        case(1, 1.0, 1, 2),
        case(60, 0.1, 10, 1),
        dict(score=np.array([4.0, 3.0, 2.0, 1.0]), event=np.array([1, 0, 1, 0], bool), false_alarm=2.0, missed=2.0),
        dict(score=np.full(5, 0.5), event=np.array([1, 0, 0, 0, 0], bool), false_alarm=1.0, missed=3.0),
    ]


def _try_every_number_of_flags(score, event, false_alarm, missed):
    """The highest scores, as many as are flagged together; the first cheapest one is the one with the fewest flags."""
    best = np.zeros(len(score), bool), missed * event.sum()
    for value in sorted(set(score.tolist()), reverse=True):
        flagged = np.array([each >= value for each in score])
        cost = sum(
            false_alarm if flag and not real else missed if real and not flag else 0.0
            for flag, real in zip(flagged, event, strict=True)
        )
        if cost < best[1] - 1e-9:
            best = flagged, cost
    return best[0].astype(float), np.array(best[1])


CHEAPEST = Question(
    id="16-cheapest",
    name="cheapest_flags",
    points=3,
    outputs=(Output("flagged", ("sample",)), Output("cost", ())),
    cases=_cases,
    reference=_try_every_number_of_flags,
    mistakes=(
        Mistake(
            "never silent",
            "You always flag something. If false alarms cost a lot or there are no events, flag nothing.",
            edit("[np.inf, *np.unique(score)[::-1]]", "[*np.unique(score)[::-1]]"),
        ),
        Mistake(
            "never flags all",
            "You never flag the samples with the lowest score, even if that is cheapest. A threshold also flags the "
            "scores that are equal to it.",
            edit("score >= threshold", "score > threshold"),
        ),
        Mistake(
            "ties cut apart",
            "Two samples with the same score are on the same side of any threshold. You flag one and not the other.",
            lambda score, event, false_alarm, missed: _cut_apart(score, event, false_alarm, missed),
        ),
        Mistake(
            "as many flags as possible",
            "Several thresholds cost the same, and you take the lowest. The task wants the one with the fewest flags.",
            edit("cost < best_cost", "cost <= best_cost"),
        ),
        Mistake(
            "prices exchanged",
            "You charge `missed` for a false alarm and `false_alarm` for a missed event.",
            edit(
                "false_alarm * (flagged & ~event)",
                "missed * (flagged & ~event)",
                "missed * (event & ~flagged)",
                "false_alarm * (event & ~flagged)",
            ),
        ),
        Mistake(
            "every flag is charged",
            "You charge `false_alarm` for each flag, the right ones included. Only those outside events are false.",
            edit("flagged & ~event", "flagged"),
        ),
    ),
    hints=(
        "How many different sets of flags can a threshold produce, if there are four different scores?",
        "Try each different score as a threshold (`score >= threshold`), and one that is higher than all of them. "
        "For each, add up what its false alarms and its missed events cost.",
        "Go from the highest threshold, `np.inf`, down through `np.unique(score)[::-1]`, and replace the best so far "
        "only by one that is cheaper: `cost < best_cost`.",
    ),
    explain_right="Your flags are the cheapest with ties, without events, and with nothing but events, too.",
)


def _cut_apart(score, event, false_alarm, missed):
    order = np.argsort(-score, kind="stable")
    costs = missed * event.sum() + np.append(0, np.cumsum(np.where(event[order], -missed, false_alarm)))
    flagged = np.zeros(len(score), bool)
    flagged[order[: int(costs.argmin())]] = True
    return flagged, costs.min()

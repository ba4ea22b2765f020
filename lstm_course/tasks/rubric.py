"""The rubric for a project, shared by learners and teachers: eight rows, each with levels worth 0, 1 and 2 points.

Lesson 20 shows it, and ``teaching/capstone_rubric.md`` has the same table on one page.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """One row.

    Attributes
    ----------
    key, name : str
    levels : (str, str, str)
        What a report with 0, 1 and 2 points looks like.
    exercise : str
        The question of lesson 20 that carries its points.
    machine : str
        What that question checks by machine; empty if only people judge the row.
    """

    key: str
    name: str
    levels: tuple[str, str, str]
    exercise: str
    machine: str = ""


RUBRIC = (
    Criterion(
        "question",
        "Question and stake",
        (
            "It names a method and data, but asks nothing that could be answered “no”.",
            "The question could be answered “no”, but the report doesn't say who would act on the answer, or how large "
            "a difference would matter.",
            "The question could be answered “no”, and the report says who would act on the answer and how large a "
            "difference would matter.",
        ),
        "20-claim",
    ),
    Criterion(
        "data",
        "Data and split",
        (
            "What is read, scaled or selected depends on the judged part, or the report doesn't let you tell.",
            "The split fits the way the model would be used, but there is no leakage test, or the source of the data "
            "is missing.",
            "The split fits the way the model would be used, a leakage test was run and passed, and the source is "
            "named.",
        ),
        "20-leak",
        "whether the leakage test finds leaks",
    ),
    Criterion(
        "baselines",
        "Baselines",
        (
            "The network is compared with nothing, or only with rules that learn nothing.",
            "It is compared with a method that learns, but not from the same inputs and rows, or without a trivial "
            "answer beside both.",
            "It is compared with a trivial answer and with a strong method that learns from the same inputs and rows.",
        ),
        "20-network",
        "whether the network beats the simple method or comes near it",
    ),
    Criterion(
        "tuning",
        "Tuning on both sides",
        (
            "Settings were chosen on the judged part, or the report doesn't say how.",
            "The network's settings were chosen on validation data, but its rival's weren't, or the candidates aren't "
            "listed.",
            "The settings of both were chosen on validation data, and all candidates are listed.",
        ),
        "20-claim",
    ),
    Criterion(
        "evaluation",
        "Evaluation",
        (
            "One number from one training.",
            "Several seeds or an interval, but not both; or the two methods weren't compared example by example.",
            "Held-out scores from five seeds or more, compared example by example, with an interval that allows for "
            "the likeness of neighbouring examples.",
        ),
        "20-claim",
        "the claimed interval against the judge's own",
    ),
    Criterion(
        "controls",
        "A control for each cause",
        (
            "The report names a cause, but no run removes it.",
            "Runs remove some of the named causes, but not all; or “no difference” is claimed without a run in which "
            "the same code finds one.",
            "A run removes each named cause, and any claim of “no difference” comes with a run in which the same code "
            "finds one.",
        ),
        "20-claim",
    ),
    Criterion(
        "repeatable",
        "Reproducibility",
        (
            "The figures can't be reproduced from what was handed in.",
            "They can be reproduced, but some steps aren't written down, or the same seed gives different predictions.",
            "One command reproduces all figures, and the same seed gives the same predictions.",
        ),
        "20-network",
        "whether the same seed gives the same predictions, and another seed gives others",
    ),
    Criterion(
        "report",
        "The report",
        (
            "It claims more than its figures show, or the figures are missing.",
            "Claims and figures agree, but it doesn't say where the model fails, or what wasn't tried.",
            "One page that begins with the answer, gives figures with units, and says where the model fails and what "
            "wasn't tried.",
        ),
        "20-claim",
    ),
)
MOST = 2 * len(RUBRIC)  # points


def table():
    """The rubric as a table in Markdown. A gear marks what the exercises check by machine."""
    rows = ["| | 0 points | 1 point | 2 points |", "|---|---|---|---|"]
    for row in RUBRIC:
        rows.append(f"| **{row.name}**{' ⚙' if row.machine else ''} | {' | '.join(row.levels)} |")
    return "\n".join(rows)


def graded(**reports):
    """Several gradings side by side, in Markdown.

    Parameters
    ----------
    **reports : dict of str to (int, str)
        For each report, its points and the reason, by the key of the row.

    Raises
    ------
    ValueError
        If a report lacks a row, or has points other than 0, 1 and 2.
    """
    for name, rows in reports.items():
        if list(rows) != [row.key for row in RUBRIC] or not {points for points, _ in rows.values()} <= {0, 1, 2}:
            raise ValueError(f"{name}: wanted 0, 1 or 2 points for each row, in order, got {rows!r}")
    lines = [f"| | {' | '.join(f'{name} | why' for name in reports)} |", "|---" * (1 + 2 * len(reports)) + "|"]
    for row in RUBRIC:
        cells = [f"{points} | {why}" for points, why in (rows[row.key] for rows in reports.values())]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    sums = [f"**{sum(points for points, _ in rows.values())}** | of {MOST}" for rows in reports.values()]
    return "\n".join([*lines, f"| | {' | '.join(sums)} |"])

"""For teachers: grading a class, and judging an answer again."""

import contextlib
import json
import textwrap
from pathlib import Path
from typing import Annotated

import typer

from ..workspace.failures import printable
from .app import TEACH, app, complain


@app.command(rich_help_panel=TEACH)
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or zip of notebooks, as they were handed in.")],
    out: Annotated[Path, typer.Option(help="The folder for grades, feedback and report.")],
    assignment: Annotated[str | None, typer.Option(help="What all of them are, where they do not say: 04.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Submissions at the same time.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one submission.")] = None,
    memory: Annotated[int | None, typer.Option(min=64, help="MB that one submission may take.")] = None,
    isolation: Annotated[str, typer.Option(help="auto, full, process or limits.")] = "auto",
    force: Annotated[bool, typer.Option("--force", help="Grade even where Linux gives no more than limits.")] = False,
    questions: Annotated[Path | None, typer.Option(help="A folder with questions of your own.")] = None,
    gradebook: Annotated[Path | None, typer.Option(help="nbgrader's gradebook.db, to be brought up to date.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge all afresh, changed or not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the grades for programs to read.")] = False,
):
    """Grade a class: lstm-course grade submitted --out graded

    What was graded and has not changed is kept, so an interrupted run goes on where it was.
    Your own points and comments go into graded/overrides.csv; they outlive every run.
    """
    from ..classroom.grade import grade as grade_class

    limits = {"timeout": timeout, "memory_mb": memory}
    options = {name: limit for name, limit in limits.items() if limit is not None}
    with _progress_bar("grading") as progress:
        try:
            graded = grade_class(
                submissions,
                out,
                assignment=assignment,
                workers=workers,
                isolation=isolation,
                force=force,
                questions=questions,
                gradebook=gradebook,
                again=again,
                progress=progress,
                **options,
            )
        except KeyboardInterrupt:
            complain("Stopped. What is graded is kept; the same command goes on from here.")
            raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in graded.grades], indent=1))
    else:
        _show_class(graded)
    if any(each.status == "unreadable" for each in graded.grades):
        raise typer.Exit(1)


@app.command(rich_help_panel=TEACH)
def replay(
    graded: Annotated[Path, typer.Argument(help="The folder that grade wrote.")],
    student: Annotated[str, typer.Option(help="As in grades.csv.")],
    question: Annotated[str | None, typer.Option(help="Only this one: 04-forget-gate.")] = None,
    assignment: Annotated[str | None, typer.Option(help="Where the student handed in several.")] = None,
):
    """Judge an answer again by the same cases: lstm-course replay graded --student ada

    For appeals: it shows the card with the numbers, and whether the verdict is the one on record.
    """
    from ..classroom.replay import replay as judge_again
    from ..grading.cards import Card

    replayed = judge_again(graded, student, question, assignment)
    for each in replayed:
        typer.echo(printable(Card(each.verdict)))
        typer.echo("  The same as on record.\n" if each.same else "  NOT what is on record.\n")
    if not all(each.same for each in replayed):
        raise typer.Exit(1)


def _show_class(graded):
    """What came of a class, in a few lines."""
    import statistics

    from ..isolation.support import LEVELS

    judged = [each for each in graded.grades if each.status != "unreadable"]
    scores = [each.score / each.possible for each in judged if each.possible]
    _say(f"isolation: {graded.level} ({LEVELS[graded.level]})")
    _say(f"graded {len(judged)} of {len(graded.grades)} submissions; {graded.kept} had not changed and were kept")
    if scores:
        _say(f"median score: {statistics.median(scores):.0%}")
    for each in graded.grades:
        if each.status != "graded":
            note = each.notes[0] if each.notes else "an answer ended its process, or could not be judged"
            what = "could not be judged" if each.status == "unreadable" else "to look at"
            _say(f"{what}: {each.source}: {note}")
    for note in graded.notes:
        _say(note)
    _say(f"report: {graded.report}")


def _say(text):
    """A line for a terminal of 80 columns; a path stays in one piece."""
    text = printable(text).replace("\n", " ")
    typer.echo(textwrap.fill(text, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


@contextlib.contextmanager
def _progress_bar(what):
    """A function that shows how many are done of how many; on a terminal, and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

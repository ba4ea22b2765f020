"""Commands for teachers: grading a class, and judging an answer again."""

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
    submissions: Annotated[Path, typer.Argument(help="A folder or zip of notebooks as they were handed in.")],
    out: Annotated[Path, typer.Option(help="The folder for the grades, feedback and report.")],
    assignment: Annotated[str | None, typer.Option(help="The lesson, for notebooks that do not name it: 04.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many to judge at the same time.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Time limit for each submission, in seconds.")] = None,
    memory: Annotated[int | None, typer.Option(min=64, help="Memory limit for each submission, in MB.")] = None,
    isolation: Annotated[str, typer.Option(help="auto, full, process or limits.")] = "auto",
    force: Annotated[bool, typer.Option("--force", help="Grade even if Linux offers only limits.")] = False,
    questions: Annotated[Path | None, typer.Option(help="A folder with questions of your own.")] = None,
    gradebook: Annotated[Path | None, typer.Option(help="nbgrader's gradebook.db, to read and update.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge everything again, changed or not.")] = False,
    scheduler: Annotated[str | None, typer.Option(help="Judge on a dask cluster: tcp://10.0.0.5:8786.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the grades as JSON.")] = False,
):
    """Grade a class: lstm-course grade submitted --out graded

    Grades of unchanged submissions are kept, so an interrupted run resumes where it stopped.
    Put your own points and comments into graded/overrides.csv; no run overwrites them.
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
                scheduler=scheduler,
                progress=progress,
                **options,
            )
        except KeyboardInterrupt:
            complain("Stopped. The grades so far are kept; the same command resumes from here.")
            raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in graded.grades], indent=1))
    else:
        _show_class(graded)
    if any(each.status == "unreadable" for each in graded.grades):
        raise typer.Exit(1)


@app.command(rich_help_panel=TEACH)
def replay(
    graded: Annotated[Path, typer.Argument(help="The folder written by grade.")],
    student: Annotated[str, typer.Option(help="As in grades.csv.")],
    question: Annotated[str | None, typer.Option(help="Only this question: 04-forget-gate.")] = None,
    assignment: Annotated[str | None, typer.Option(help="Which one, if the student handed in several.")] = None,
):
    """Judge answers again by the same cases: lstm-course replay graded --student ada

    This helps with appeals: it shows each card with its numbers, and whether the verdict agrees with the record.
    """
    from ..classroom.replay import replay as judge_again
    from ..grading.cards import Card

    replayed = judge_again(graded, student, question, assignment)
    for each in replayed:
        typer.echo(printable(Card(each.verdict)))
        typer.echo("  This agrees with the record.\n" if each.same else "  This does NOT agree with the record.\n")
    if not all(each.same for each in replayed):
        raise typer.Exit(1)


def _show_class(graded):
    """Print the results of a class in a few lines."""
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
            what = "could not be judged" if each.status == "unreadable" else "to be reviewed"
            _say(f"{what}: {each.source}: {note}")
    for note in graded.notes:
        _say(note)
    _say(f"report: {graded.report}")


def _say(text):
    """Print a sentence for a terminal of 80 columns, without breaking any path."""
    text = printable(text).replace("\n", " ")
    typer.echo(textwrap.fill(text, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


@contextlib.contextmanager
def _progress_bar(what):
    """A function that shows how many of all submissions are done, if the output is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

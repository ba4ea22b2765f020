"""The command ``lstm-course``. What a command needs is imported when it runs, so that ``--help`` is quick."""

import contextlib
import json
import sys
import textwrap
from pathlib import Path
from typing import Annotated

try:
    import typer
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is missing. In the course's folder: python -m pip install -r requirements.txt")

from . import __version__, lessons

LEARN, JUDGE, TEACH, BUILD = "Learning", "Judging", "Teaching", "Working on the course"

app = typer.Typer(
    help="A course on LSTMs, in JupyterLab. Start with: lstm-course lab",
    epilog="lstm-course COMMAND --help says more about each, with an example.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main():
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows ? in its place
    app(prog_name="lstm-course")


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is, and stop.")] = False,
):
    if version:
        typer.echo(f"lstm-course {__version__}")
        raise typer.Exit


@app.command(
    rich_help_panel=LEARN,
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": ["--help"],
    },
    options_metavar="OPTIONS OF JUPYTER LAB",
)
def lab(context: typer.Context):
    """Open the course: lstm-course lab

    You read and write in copies, in the folder work/; what you wrote there is never overwritten.
    Options are handed on to JupyterLab.

    Example: lstm-course lab --no-browser --port 8899
    """
    from . import work
    from .lab import open_lab

    with _mistakes():
        root = lessons.course_root()
        report = work.make_copies(root, root / "work")
    if report.created:
        typer.echo(f"Made working copies in {root / 'work'}: {len(report.created)}.")
    if report.refreshed:
        typer.echo(f"Brought up to date: {', '.join(copy.stem for copy in report.refreshed)}.")
    for sentence in report.sentences:
        typer.echo(sentence)
    open_lab(root, context.args)


@app.command(rich_help_panel=LEARN)
def progress():
    """How far you have come, and which question is next.

    Example: lstm-course progress
    """
    from .progress import progress as every_lesson

    with _mistakes():
        root = lessons.course_root()
        rows = every_lesson(root, root / "work")
    for row in rows:
        bar = ("#" * (row.percent // 10)).ljust(10, "-")
        if row.problem:
            state = row.problem
        elif not row.started:
            state = "not started"
        else:
            state = f"{row.earned:g} of {row.possible:g} points"
            state += f", next: {row.next}" if row.next else ", all done"
        typer.echo(f"{row.lesson.number} {row.lesson.title}\n   [{bar}] {row.percent:3d}%  {state}")


@app.command(rich_help_panel=LEARN)
def solution(question: Annotated[str, typer.Argument(help="As in the exercise: 04-forget-gate")]):
    """The course's own answer: lstm-course solution 04-forget-gate"""
    from .grading import solution_text

    with _mistakes():
        answer = solution_text(question)
    typer.echo(answer)


@app.command(rich_help_panel=LEARN)
def reset(
    lesson: Annotated[str, typer.Argument(help="Its number or name: 04, or 04_gates")],
    whole: Annotated[bool, typer.Option("--lesson", help="The lesson itself, not its exercise.")] = False,
):
    """An exercise afresh: lstm-course reset 04

    What you wrote is kept, with the date, in work/backups.
    """
    from . import work

    what = "lesson" if whole else "exercise"
    with _mistakes():
        root = lessons.course_root()
        backup = work.reset(lesson, root, root / "work", what)
    kept = f"Yours is kept in {backup}." if backup else "There was no copy yet."
    typer.echo(f"The {what} is fresh. {kept}")


@app.command(rich_help_panel=LEARN)
def doctor():
    """What is wrong with the set-up, and what mends it.

    Example: lstm-course doctor
    """
    from . import doctor as checks

    with _mistakes():
        root = lessons.course_root()
    found = checks.problems(root)
    for problem in found:
        typer.echo(f"* {problem.what}\n  {problem.why}\n  Mend it: {problem.fix}")
    for note in checks.notes(root):
        typer.echo(note)
    if found:
        raise typer.Exit(1)
    typer.echo("Everything that the course needs is there.")


@app.command(rich_help_panel=LEARN)
def export(
    notebook: Annotated[Path, typer.Argument(help="A notebook that has been run and saved.")],
    out: Annotated[Path | None, typer.Option(help="The page; beside the notebook where not given.")] = None,
):
    """A page to hand out: lstm-course export notebooks/04_gates.ipynb

    Live cells run in it without a kernel and without a network.
    """
    from .export import export as make_page

    with _mistakes():
        page = make_page(notebook, out)
    typer.echo(f"wrote {page}")


@app.command(rich_help_panel=JUDGE)
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Notebooks, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a list for programs to read.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one notebook.")] = None,
    memory: Annotated[int | None, typer.Option(min=64, help="MB that its answers may use.")] = None,
):
    """Judge answers: lstm-course check work/exercises

    The answers run in a process of their own, with limits on time and memory.
    The exit status is 0 when all is right, 1 when not, and 2 when a notebook cannot be read.
    """
    from .grading.submission import UnreadableNotebook, check_notebook

    limits = {"timeout": timeout, "memory_mb": memory}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    notebooks, reports, unreadable = [], [], False
    for path in paths:
        inside = sorted(path.glob("*.ipynb")) if path.is_dir() else [path]
        if not inside:
            _complain(f"{path}: there is no notebook in this folder")
            unreadable = True
        notebooks += inside
    for path in dict.fromkeys(notebooks):
        try:
            report = check_notebook(path, **limits)
        except UnreadableNotebook as error:
            _complain(error)
            unreadable = True
            continue
        reports.append(report.as_dict())
        if not as_json:
            _show(reports[-1], report.notes)
    if as_json:
        typer.echo(json.dumps(reports, indent=1))
    if unreadable:
        raise typer.Exit(2)
    if any(report["earned"] < report["possible"] for report in reports):
        raise typer.Exit(1)


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
    from .classroom.grade import grade as grade_class

    limits = {"timeout": timeout, "memory_mb": memory}
    options = {name: limit for name, limit in limits.items() if limit is not None}
    with _mistakes(), _progress_bar("grading") as progress:
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
            _complain("Stopped. What is graded is kept; the same command goes on from here.")
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
    from .classroom.replay import replay as judge_again
    from .grading.cards import Card

    with _mistakes():
        replayed = judge_again(graded, student, question, assignment)
    for each in replayed:
        typer.echo(_printable(Card(each.verdict)))
        typer.echo("  The same as on record.\n" if each.same else "  NOT what is on record.\n")
    if not all(each.same for each in replayed):
        raise typer.Exit(1)


@app.command(rich_help_panel=BUILD)
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; 1 where something differs.")] = False,
):
    """Make exercises/ from solutions/ and the questions.

    Example: lstm-course build --check
    """
    from .build import build as build_exercises

    with _mistakes():
        changed = build_exercises(lessons.course_root(), check=check)
    for path in changed:
        typer.echo(f"{path} is not what build makes" if check else f"wrote {path}")
    if not changed:
        typer.echo("The exercises are what build makes.")
    elif check:
        raise typer.Exit(1)


def _show(report, notes):
    """One notebook's verdicts as a table that reads at 80 columns and without colour."""
    console = Console()
    title = f"{report['notebook']}: {report['earned']:g} of {report['possible']:g} points"
    table = Table(title=Text(title, style="bold"), title_justify="left", expand=True)
    for name in ("question", "points", "verdict"):
        table.add_column(name, no_wrap=True, justify="right" if name == "points" else "left")
    table.add_column("message", ratio=1)
    for question in report["questions"]:
        points = f"{question['earned']:g}/{question['possible']:g}"
        style = "green" if question["earned"] >= question["possible"] else "red"
        # Text, not str: rich would take the [h, x] of a message for a style and leave it out.
        table.add_row(Text(question["id"]), points, Text(question["verdict"], style=style), Text(question["message"]))
    console.print(table)
    for note in notes:
        console.print(Text(note))


def _show_class(graded):
    """What came of a class, in a few lines."""
    import statistics

    from .isolation.support import LEVELS

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
    text = _printable(text).replace("\n", " ")
    typer.echo(textwrap.fill(text, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def _printable(text):
    """What a learner wrote is in it, and must not command the terminal."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in str(text)
    )


@contextlib.contextmanager
def _progress_bar(what):
    """A function that shows how many are done of how many; on a terminal, and nowhere else."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def _mistakes():
    """What a caller got wrong is one sentence and status 2."""
    try:
        yield
    except (ValueError, OSError) as error:
        _complain(error)
        raise typer.Exit(2) from None


def _complain(what):
    if isinstance(what, OSError) and what.strerror and what.filename:
        what = f"{what.filename}: {what.strerror}"
    typer.echo(str(what), err=True)


if __name__ == "__main__":
    main()

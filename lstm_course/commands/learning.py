"""Commands for learners: opening the course, following their progress, and finding what is wrong."""

from pathlib import Path
from typing import Annotated

import typer

from .. import lessons
from .app import LEARN, app


@app.command(
    rich_help_panel=LEARN,
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": ["--help"],
    },
    options_metavar="[JUPYTERLAB OPTIONS]",
)
def lab(context: typer.Context):
    """Open the course: lstm-course lab

    You work on copies in the folder work/, and what you write there is never overwritten.
    Options are passed on to JupyterLab.

    Example: lstm-course lab --no-browser --port 8899
    """
    from ..workspace import work
    from ..workspace.doctor import settings
    from ..workspace.lab import open_lab

    root = lessons.course_root()
    folder = work.folder(root)
    report = work.make_copies(root, folder)
    if report.created:
        typer.echo(f"Created working copies in {folder}: {len(report.created)}.")
    if report.refreshed:
        typer.echo(f"Updated: {', '.join(copy.stem for copy in report.refreshed)}.")
    for sentence in report.sentences:
        typer.echo(sentence)
    for problem in settings(root):  # JupyterLab starts all the same, without these settings
        typer.echo(f"{problem.what} {problem.fix}.")
    open_lab(root, context.args)


@app.command(rich_help_panel=LEARN)
def progress():
    """Show your progress and the next question.

    Example: lstm-course progress
    """
    from ..workspace import work
    from ..workspace.progress import progress as every_lesson

    root = lessons.course_root()
    rows = every_lesson(root, work.folder(root))
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
def solution(question: Annotated[str, typer.Argument(help="The id in the exercise: 04-forget-gate")]):
    """Show the course's own answer: lstm-course solution 04-forget-gate"""
    from ..grading import solution_text

    typer.echo(solution_text(question))


@app.command(rich_help_panel=LEARN)
def reset(
    lesson: Annotated[str, typer.Argument(help="The lesson's number or name: 04, or 04_gates")],
    whole: Annotated[bool, typer.Option("--lesson", help="Reset the lesson itself, not its exercise.")] = False,
):
    """Start an exercise over: lstm-course reset 04

    Your version is kept in work/backups, under a name with the date.
    """
    from ..workspace import work

    what = "lesson" if whole else "exercise"
    root = lessons.course_root()
    backup = work.reset(lesson, root, work.folder(root), what)
    kept = f"Your version is kept in {backup}." if backup else "There was no copy yet."
    typer.echo(f"You have a fresh copy of the {what}. {kept}")


@app.command(rich_help_panel=LEARN)
def doctor(
    load: Annotated[bool, typer.Option("--load", help="Also import every package, which takes some seconds.")] = False,
):
    """What is wrong with the installation, and how to repair it.

    Example: lstm-course doctor
    """
    from ..workspace import doctor as checks

    root = lessons.course_root()
    problems = checks.problems(root)
    if load and not problems:
        problems = checks.libraries(root)
    for problem in problems:
        typer.echo(f"* {problem.what}\n  {problem.why}\n  Fix: {problem.fix}")
    for note in checks.notes(root):
        typer.echo(note)
    if problems:
        raise typer.Exit(1)
    typer.echo("Everything that the course needs is there.")
    if not load:
        typer.echo("If a package still fails, `lstm-course doctor --load` finds out which one cannot be imported.")


@app.command(rich_help_panel=LEARN)
def export(
    notebook: Annotated[Path, typer.Argument(help="A notebook that has been run and saved.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the page; by default beside the notebook.")] = None,
    slides: Annotated[bool, typer.Option("--slides", help="Show it as slides, one at a time.")] = False,
):
    """Make a page to hand out: lstm-course export notebooks/04_gates.ipynb

    The live cells in it work without a kernel and without a network.
    Slides are turned with the arrow keys, Page Up, Page Down, Home and End; printing gives one slide a page.
    """
    if slides:
        from ..workspace.slide_page import export_slides as make_page
    else:
        from ..workspace.export import export as make_page

    typer.echo(f"wrote {make_page(notebook, out)}")


@app.command(rich_help_panel=LEARN)
def new(folder: Annotated[Path, typer.Argument(help="A folder that doesn't exist yet.")]):
    """Start a project of your own: lstm-course new my_project

    You get a small forecasting project that runs: data, network, training loop, tests and a picture.
    """
    from ..workspace.project import new_project

    made = new_project(folder)
    typer.echo(f"Created {made}. Now: cd {made}, then python train.py, and python -m pytest.")

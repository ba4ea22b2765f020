"""The command for learners and teachers: judging notebooks."""

import json
from pathlib import Path
from typing import Annotated

import typer

from .app import JUDGE, app, complain


@app.command(rich_help_panel=JUDGE)
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Notebooks, or folders that contain them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Time limit for each notebook, in seconds.")] = None,
    memory: Annotated[int | None, typer.Option(min=64, help="Memory limit for each notebook, in MB.")] = None,
):
    """Judge the answers in notebooks: lstm-course check work/exercises

    The answers run in a separate process with limits on time and memory.
    The exit status is 0 if everything is right, 1 if not, and 2 if a notebook cannot be read.
    """
    from ..grading.submission import UnreadableNotebook, check_notebook

    limits = {"timeout": timeout, "memory_mb": memory}
    limits = {name: limit for name, limit in limits.items() if limit is not None}
    notebooks, reports, unreadable = [], [], False
    for path in paths:
        found = sorted(path.glob("*.ipynb")) if path.is_dir() else [path]
        if not found:
            complain(f"{path}: there is no notebook in this folder")
            unreadable = True
        notebooks += found
    for path in dict.fromkeys(notebooks):
        try:
            report = check_notebook(path, **limits)
        except UnreadableNotebook as error:
            complain(error)
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


def _show(report, notes):
    """Print the verdicts on one notebook as a table that is readable at 80 columns and without colour."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    title = f"{report['notebook']}: {report['earned']:g} of {report['possible']:g} points"
    table = Table(title=Text(title, style="bold"), title_justify="left", expand=True)
    for name in ("question", "points", "verdict"):
        table.add_column(name, no_wrap=True, justify="right" if name == "points" else "left")
    table.add_column("message", ratio=1)
    for question in report["questions"]:
        points = f"{question['earned']:g}/{question['possible']:g}"
        style = "green" if question["earned"] >= question["possible"] else "red"
        # Text, not str: rich would treat [h, x] in a message as a style and drop it.
        table.add_row(Text(question["id"]), points, Text(question["verdict"], style=style), Text(question["message"]))
    console.print(table)
    for note in notes:
        console.print(Text(note))

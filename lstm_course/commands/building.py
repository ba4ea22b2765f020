"""Commands for people who work on the course."""

from typing import Annotated

import typer

from .. import lessons
from .app import BUILD, app


@app.command(rich_help_panel=BUILD)
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if a file is out of date.")
    ] = False,
):
    """Build exercises/ from solutions/ and the questions, and lay out the slides of the lessons.

    Example: lstm-course build --check
    """
    from ..authoring.build import build as build_exercises

    changed = build_exercises(lessons.course_root(), check=check)
    for path in changed:
        typer.echo(f"{path} is out of date" if check else f"wrote {path}")
    if not changed:
        typer.echo("The exercises and slides are up to date.")
    elif check:
        raise typer.Exit(1)

"""For those who work on the course."""

from typing import Annotated

import typer

from .. import lessons
from .app import BUILD, app


@app.command(rich_help_panel=BUILD)
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; 1 where something differs.")] = False,
):
    """Make exercises/ from solutions/ and the questions.

    Example: lstm-course build --check
    """
    from ..authoring.build import build as build_exercises

    changed = build_exercises(lessons.course_root(), check=check)
    for path in changed:
        typer.echo(f"{path} is not what build makes" if check else f"wrote {path}")
    if not changed:
        typer.echo("The exercises are what build makes.")
    elif check:
        raise typer.Exit(1)

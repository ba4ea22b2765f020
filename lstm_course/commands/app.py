"""The command line, to which the other modules add their commands."""

import os
from typing import Annotated

import typer
from typer.core import TyperGroup

from .. import __version__
from ..workspace.failures import DEBUG, guarded, say

LEARN, JUDGE, TEACH, BUILD = "Learning", "Judging", "Teaching", "Working on the course"


class Commands(TyperGroup):
    """A group of commands that fail with a sentence instead of a traceback."""

    def invoke(self, context):
        # Needed here, and not only around the whole program, because typer itself handles Ctrl-C and closed pipes.
        return guarded(lambda: super(Commands, self).invoke(context))


app = typer.Typer(
    cls=Commands,
    help="A course on LSTMs, in JupyterLab. Start with: lstm-course lab",
    epilog="lstm-course COMMAND --help describes a command, with an example.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback if something goes wrong.")] = False,
):
    if debug:
        os.environ[DEBUG] = "1"
    if version:
        typer.echo(f"lstm-course {__version__}")
        raise typer.Exit


def complain(problem):
    """Report a problem that does not end the command."""
    say(str(problem))

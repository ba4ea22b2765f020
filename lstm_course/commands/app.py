"""The command line, to which the other modules of this part add their commands."""

import os
from typing import Annotated

import typer
from typer.core import TyperGroup

from .. import __version__
from ..workspace.failures import DEBUG, guarded, say

LEARN, JUDGE, TEACH, BUILD = "Learning", "Judging", "Teaching", "Working on the course"


class Commands(TyperGroup):
    """Commands whose failures are sentences."""

    def invoke(self, context):
        # In here, not only around the whole: typer has its own ways with Ctrl-C and with a closed pipe.
        return guarded(lambda: super(Commands, self).invoke(context))


app = typer.Typer(
    cls=Commands,
    help="A course on LSTMs, in JupyterLab. Start with: lstm-course lab",
    epilog="lstm-course COMMAND --help says more about each, with an example.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is, and stop.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback where something goes wrong.")] = False,
):
    if debug:
        os.environ[DEBUG] = "1"
    if version:
        typer.echo(f"lstm-course {__version__}")
        raise typer.Exit


def complain(what):
    """Say what is wrong, where the command goes on all the same."""
    say(str(what))

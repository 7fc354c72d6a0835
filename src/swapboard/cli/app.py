"""`swapboard`: one command with sub-commands, each in a module of its own."""

import sys
from typing import Annotated, ClassVar

import typer

from swapboard import __version__
from swapboard.cli.lazy import LazyGroup
from swapboard.cli.problems import in_words


class _Swapboard(LazyGroup):
    places: ClassVar[dict[str, str]] = {
        "demo": "swapboard.cli.demo:demo",
        "call": "swapboard.cli.call:call",
        "serve": "swapboard.cli.serve:serve",
        "worker": "swapboard.cli.worker:worker",
        "migrate": "swapboard.cli.serve:migrate",
        "backup": "swapboard.cli.backup:backup",
        "restore": "swapboard.cli.backup:restore_command",
        "fallback": "swapboard.cli.fallback:fallback",
        "asterisk-config": "swapboard.cli.asterisk_config:asterisk_config",
        "doctor": "swapboard.cli.doctor:doctor",
        "bench": "swapboard.cli.bench:bench",
        "simulate": "swapboard.cli.simulate:simulate",
        "backtest": "swapboard.cli.backtest:backtest",
        "recount": "swapboard.cli.recount:recount",
        "recompute": "swapboard.cli.recompute:recompute",
        "explain": "swapboard.cli.explain:explain_command",
        "check-site": "swapboard.cli.check_site:check_site_command",
        "size": "swapboard.cli.size:size",
        "export": "swapboard.cli.export:export",
        "import": "swapboard.cli.moving:import_",
        "user": "swapboard.cli.accounts:user_app",
        "keywords": "swapboard.cli.keywords:keywords_app",
        "key": "swapboard.cli.keys:key_app",
        "mcp": "swapboard.cli.mcp:mcp",
    }


app = typer.Typer(
    cls=_Swapboard,
    name="swapboard",
    help="Swapboard: the switchboard that knows which visit made the phone ring.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"swapboard {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Swapboard: the switchboard that knows which visit made the phone ring."""


def main() -> None:
    """The console script: a problem is told in one sentence, with exit code 1."""
    try:
        app()
    except Exception as error:
        told = in_words(error)
        if told is None:
            raise
        sys.stderr.write(f"swapboard: {told}\n")
        sys.exit(1)

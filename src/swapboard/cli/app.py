"""`swapboard`: one command with sub-commands, each in a module of its own."""

import sys
from typing import Annotated

import typer

from swapboard import __version__
from swapboard.cli.accounts import key_app, user_app
from swapboard.cli.backtest import backtest
from swapboard.cli.bench import bench
from swapboard.cli.call import call
from swapboard.cli.check_site import check_site_command
from swapboard.cli.demo import demo
from swapboard.cli.keywords import keywords_app
from swapboard.cli.moving import export, import_
from swapboard.cli.problems import Problem
from swapboard.cli.serve import migrate, serve
from swapboard.cli.simulate import simulate
from swapboard.cli.size import size
from swapboard.settings import SettingsError

app = typer.Typer(
    name="swapboard",
    help="Swapboard: the switchboard that knows which visit made the phone ring.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(call)
app.command()(serve)
app.command()(migrate)
app.command()(bench)
app.command()(simulate)
app.command()(backtest)
app.command("check-site")(check_site_command)
app.command()(size)
app.command()(export)
app.command(name="import")(import_)
app.add_typer(user_app, name="user", help="People who can log in.")
app.add_typer(keywords_app, name="keywords", help="Keywords of ads' clicks, asked of Google Ads.")
app.add_typer(key_app, name="key", help="API keys for programs.")


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
    except (Problem, SettingsError) as problem:
        sys.stderr.write(f"swapboard: {problem}\n")
        sys.exit(1)

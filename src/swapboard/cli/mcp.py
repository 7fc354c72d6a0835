"""`swapboard mcp`: an assistant's way to a Swapboard server."""

from pathlib import Path
from typing import Annotated

import anyio
import typer

from swapboard.cli.problems import Problem, reading_file


def mcp(
    context: typer.Context,
    url: Annotated[str, typer.Option(envvar="SWAPBOARD_URL", help="The Swapboard server's address.")],
    key_file: Annotated[
        Path | None,
        typer.Option(help="A file with the API key, for who does not set SWAPBOARD_KEY in the environment."),
    ] = None,
    key: Annotated[
        str,
        typer.Option(
            envvar="SWAPBOARD_KEY",
            help="An API key; what it may not do, no tool does. Everybody on this machine sees what is written "
            "here: set SWAPBOARD_KEY instead, or use --key-file.",
        ),
    ] = "",
    company: Annotated[
        str | None, typer.Option(help="For an owner's key: the id of another company of the account.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Offer tools that change something, too: judge calls, pause numbers.")
    ] = False,
) -> None:
    """Answer an assistant's questions by the Model Context Protocol, on standard input and output.

    It only reads, unless told otherwise. How to set it up in an assistant: docs/assistants.md.

    Example: SWAPBOARD_KEY=sb_… swapboard mcp --url https://calls.example.com
    """
    source = context.get_parameter_source("key")
    if source and source.name == "COMMANDLINE":
        typer.echo(
            "Everybody on this machine can see a key on the command line: set SWAPBOARD_KEY, or use --key-file.",
            err=True,
        )
    key = _key(key, key_file)
    try:
        from mcp.server.stdio import stdio_server  # noqa: PLC0415  an extra: most servers need none of it

        from swapboard.assistant.server import NoAnswer, Way, offered, server  # noqa: PLC0415
    except ImportError as error:
        raise Problem("The protocol is not installed; run: pip install 'swapboard[mcp]'.") from error

    async def run() -> None:
        async with Way(url, key, company).client() as client:
            tools = await offered(client, may_write=write)
            answering = server(client, tools)
            async with stdio_server() as (inward, outward):
                await answering.run(inward, outward, answering.create_initialization_options())

    try:
        anyio.run(run)
    except NoAnswer as problem:
        raise Problem(str(problem)) from problem


def _key(key: str, key_file: Path | None) -> str:
    """Raises Problem."""
    if key and key_file is None:
        return key
    if key_file is None:
        raise Problem("Which API key? Set SWAPBOARD_KEY in the environment, or name a file with --key-file.")
    try:
        with reading_file(key_file):
            return key_file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise Problem(f"{key_file} is no text, so there is no key in it.") from error

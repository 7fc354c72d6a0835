"""`swapboard mcp`: an assistant's way to a Swapboard server."""

from typing import Annotated

import anyio
import typer

from swapboard.cli.problems import Problem


def mcp(
    url: Annotated[str, typer.Option(envvar="SWAPBOARD_URL", help="The Swapboard server's address.")],
    key: Annotated[
        str, typer.Option(envvar="SWAPBOARD_KEY", help="An API key; what its role may not do, no tool does.")
    ],
    company: Annotated[
        str | None, typer.Option(help="For an owner's key: the id of another company of the account.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Offer tools that change something, too: judge calls, pause numbers.")
    ] = False,
) -> None:
    """Answer an assistant's questions by the Model Context Protocol, on standard input and output.

    It only reads, unless told otherwise. How to set it up in an assistant: docs/assistants.md.

    Example: swapboard mcp --url https://calls.example.com --key sb_…
    """
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

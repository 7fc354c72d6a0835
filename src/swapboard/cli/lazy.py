"""Commands that are loaded when they are asked for: each brings much with it that no other needs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from swapboard.memory import unswept

if TYPE_CHECKING:
    from typer._click import Command, Context


class LazyGroup(TyperGroup):
    """Sub-commands by name, each a `module:function` or a `module:Typer` of further sub-commands."""

    places: ClassVar[dict[str, str]] = {}

    def invoke(self, ctx: "Context") -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            # So Typer's own checks begin, in the words of the library that makes them.
            error.message = error.message.removeprefix("Value error, ")
            raise

    def list_commands(self, ctx: "Context") -> list[str]:
        """Every name, in the order in which they are to be shown."""
        return list(self.places)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """The command with this name, or None."""
        if cmd_name not in self.commands and cmd_name in self.places:
            self.commands[cmd_name] = _load(cmd_name, self.places[cmd_name])
        return self.commands.get(cmd_name)


def _load(name: str, place: str) -> "Command":
    module, _, member = place.partition(":")
    with unswept():
        found = getattr(import_module(module), member)
    if isinstance(found, typer.Typer):
        command: Command = get_group(found)
    else:
        alone = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]}, add_completion=False)
        alone.command(name)(found)
        command = get_command(alone)
    command.name = name
    return command

"""A group of commands that imports a command when it is called, and none to list them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Commands(click.Group):
    """Commands by name, each the attribute of that name in the module of that name.

    Args:
        package: where the modules are.
        table: each command's name and its line in the list.
    """

    def __init__(self, name: str, *, package: str, table: Mapping[str, str], **options: Any) -> None:
        super().__init__(name, **options)
        self._package, self._table = package, table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in self._table:
            return None
        command: click.Command = getattr(import_module(f"{self._package}.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

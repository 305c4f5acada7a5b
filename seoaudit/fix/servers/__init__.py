"""Writers: one file a server; the file's name is what --server takes."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.fix.ruleset import Ruleset


class File(NamedTuple):
    """One file to put on the server; `name` is a proposal, and the first file of several takes the name that is asked for."""

    name: str
    text: str


class Written(NamedTuple):
    """What a writer made. `left_out`: a sentence for each rule that this server cannot express, or has no place for."""

    files: tuple[File, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Server:
    """One kind of server.

    `write` puts rules into its language; they must answer as `Ruleset.reply` does. `title` names it in sentences.
    """

    title: str
    write: Callable[[Ruleset], Written]
    id: str = field(default="", compare=False)


def catalogue() -> dict[str, Server]:
    """Every server by its name, found by walking this package."""
    servers: dict[str, Server] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        server: Server = importlib.import_module(f"{__name__}.{name}").SERVER
        servers[name] = replace(server, id=name)
    return servers

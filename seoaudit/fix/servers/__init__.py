"""Writers: one file a server; the file's name is what --server takes."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.fix.comments import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.fix.bench import Bench
    from seoaudit.fix.ruleset import Exact, Ruleset


class File(NamedTuple):
    """One file to put on the server; `name` is a proposal, and the first file of several takes the name that is asked for."""

    name: str
    text: str


class Written(NamedTuple):
    """What a writer made: the files, the rules that they hold, and a sentence for each that this server cannot express."""

    files: tuple[File, ...]
    rules: Ruleset
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Front:
    """How the proof runs a server: its program, the Debian package that brings it, and what writes its configuration.

    `prepare` puts everything into the folder of the bench and returns the arguments that run the program in the foreground.
    It listens with TLS on one port and without on the other, and asks the recorded site for what no rule answers.
    """

    program: str
    package: str
    prepare: Callable[[Bench, Written], list[str]]


@dataclass(frozen=True, kw_only=True)
class Server:
    """One kind of server.

    `write` puts rules into its language; they must answer as `Ruleset.reply` does. `title` names it in sentences; without a `front` the proof is simulated.
    """

    title: str
    write: Callable[[Ruleset], Written]
    front: Front | None = None
    id: str = field(default="", compare=False)


def split_off(rules: Ruleset, fits: Callable[[Exact], bool], why: str) -> tuple[Ruleset, tuple[str, ...]]:
    """The rules without the entries that do not fit, and a sentence on each of these."""
    left = tuple(clean(f"{exact.source} -> {exact.target}: {why}") for exact in rules.exacts if not fits(exact))
    return replace(rules, exacts=tuple(filter(fits, rules.exacts))), left


def catalogue() -> dict[str, Server]:
    """Every server by its name, found by walking this package."""
    servers: dict[str, Server] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        server: Server = importlib.import_module(f"{__name__}.{name}").SERVER
        servers[name] = replace(server, id=name)
    return servers

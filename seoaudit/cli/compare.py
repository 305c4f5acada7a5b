"""`seoaudit compare [RUN] [RUN]`: what changed between two runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seoaudit.cli.audit import refuse
from seoaudit.config import ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.comparison import Comparison
    from seoaudit.run.comparing import Pair

SHOWN = 20
"""Rows of each table; `--json` has them all."""


COLOURS = {"new": "red", "regressed": "red", "changed": "yellow", "fixed": "green", "gone": "yellow"}
"""Of rows that begin with what became of something; the word says it as well."""


def command(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RUN] [RUN]", help="The older and the newer run, or one, or a site's folder."),
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="REGEX=REPLACEMENT", help="Rewrite URLs of the older run (may be repeated)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every row, for programs.")] = False,
) -> None:
    """Say what changed between two runs: findings new, fixed, back or changed, and redirects. By default the last two."""
    from seoaudit.run.comparing import compare_runs, pair_of  # noqa: PLC0415 - a crawl loads this module too, and has no room

    try:
        read = [read_map(text) for text in maps or []]
        pair = pair_of(runs or [Path("runs")], mapped=bool(read))
        found = compare_runs(pair, read)
    except ConfigError as error:
        refuse(error)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(fields_of(pair, found), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        show(pair, found)


def read_map(text: str) -> tuple[re.Pattern[str], str]:
    """REGEX=REPLACEMENT, parted at the first `=` without a backslash before it; raises ConfigError."""
    parts = re.split(r"(?<!\\)=", text, maxsplit=1)
    if len(parts) != 2 or not parts[0]:
        raise ConfigError(f"--map: {text!r} is not REGEX=REPLACEMENT; write such as --map '//staging\\.=//www.'")
    try:
        pattern = re.compile(parts[0])
        pattern.sub(parts[1], "")
    except (re.error, IndexError) as error:
        raise ConfigError(
            f"--map: {text!r} cannot be used ({error}); mend the expression, or escape it with \\"
        ) from error
    return pattern, parts[1]


def fields_of(pair: Pair, found: Comparison) -> dict[str, Any]:
    """All of it for `--json`."""
    return {
        "older": str(pair.older.path),
        "newer": str(pair.newer.path),
        "findings": found.counts,
        "redirects": found.redirect_counts,
        "by_rule": rows_of(found.by_rule()),
        "by_group": rows_of(found.by_group()),
        "changes": rows_of(found.changes),
        "redirect_changes": rows_of(found.redirects),
    }


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, null where a value is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in plain.itertuples(index=False)]


def show(pair: Pair, found: Comparison) -> None:
    """Tables in a terminal, the same as plain lines elsewhere."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(Text(f"{pair.older.path} → {pair.newer.path}"))
    console.print(Text(sentence(found)))
    _table(console, "By rule", found.by_rule())
    _table(console, "By group", found.by_group())
    _table(console, "Findings", found.changes[["kind", "severity", "rule", "url"]])
    _table(console, "Redirects", found.redirects)


def sentence(found: Comparison) -> str:
    """Everything that changed in one line."""
    words = [f"{count:,} {kind.replace('-', ' ')}" for kind, count in found.counts.items() if count]
    moves = [f"{count:,} {kind.replace('-', ' ')}" for kind, count in found.redirect_counts.items() if count]
    return f"Findings: {', '.join(words) or 'nothing changed'}. Redirects: {', '.join(moves) or 'nothing changed'}."


def _table(console: Console, title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    rows = [["" if value is None else str(value) for value in row.values()] for row in rows_of(frame.head(SHOWN))]
    left = f"… {len(frame) - SHOWN:,} more; --json has them all" if len(frame) > SHOWN else ""
    names = [name.replace("_", " ").replace("-", " ") for name in frame.columns]
    if console.is_terminal:
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
        for name in names:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*map(printable, row), style=COLOURS.get(row[0]))
        console.print(table)
    else:
        lines = ["\t".join(names), *("\t".join(printable(cell).plain for cell in row) for row in rows)]
        print("\n".join(["", title, *lines]))
    if left:
        console.print(Text(left))


def printable(text: str) -> Text:
    """What a site wrote, without characters that a terminal would obey."""
    return Text("".join(character if character.isprintable() else "\ufffd" for character in text))

"""`seoaudit check [URL]...`: the redirects that are meant, checked alone, for pipelines."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from seoaudit.cli import junit
from seoaudit.cli.audit import CLEAN, FAILED, FINDINGS, check_settings, pairs, refuse
from seoaudit.cli.watching import watching
from seoaudit.config import ConfigError, readers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seoaudit.run.checking import Checked
    from seoaudit.store.folder import RunFolder

WORDS = {
    "kept": "kept",
    "broken": "BROKEN",
    "expired": "EXPIRED",
    "unchecked": "could not be checked",
    "unmatched": "no URL to check",
}


def command(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="URLs to check, besides those of the entries.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--urls", metavar="FILE", help="A file with one URL a line to check.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The settings file instead of ./seoaudit.toml.")] = None,
    report: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit XML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    argument: Annotated[
        list[str] | None, typer.Option("-a", metavar="NAME=VALUE", help="A spider argument (may be repeated).")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="A Scrapy setting (may be repeated).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress and no notes.")] = False,
) -> None:
    """Check the redirects that [[expected]] of seoaudit.toml names; exit 0 all kept, 1 broken or expired, 2 could not check."""
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - Scrapy is slow to load; other commands do without
    from seoaudit.run.apart import Ended  # noqa: PLC0415
    from seoaudit.run.checking import check  # noqa: PLC0415

    try:
        given = {"output": "checks", **pairs("-a", argument or [])}
        if config is not None:
            given["config"] = str(config)
        refuse_lists(given)
        listed = [
            *(readers.url("URL", url) for url in urls or []),
            *(readers.listed("--urls", str(file)) if file else ()),
        ]
        overrides = pairs("-s", setting or [])
        settings = project_settings({"LOG_LEVEL": "WARNING", **overrides})
        check_settings(settings, overrides)
        with watching(quiet=quiet) as watcher:
            folder, found = check(given, listed, settings, watcher)
    except (ConfigError, Ended) as error:
        refuse(str(error))
    except KeyboardInterrupt:
        refuse("stopped; run it again")
    except OSError as error:
        refuse(f"cannot write {error.filename or ''} ({error.strerror}); mend that and run it again")
    tell(folder, found, as_json=as_json)
    if report is not None:
        _write(report, junit.document(found))
    raise typer.Exit(exit_code(found))


def refuse_lists(given: Mapping[str, str]) -> None:
    """Refuse arguments that have no place in a check; raises ConfigError."""
    if "urls" in given or "resume" in given:
        raise ConfigError("-a: a check takes neither urls nor resume; name URLs, or give --urls FILE")


def tell(folder: RunFolder, found: Sequence[Checked], *, as_json: bool) -> None:
    """Each contract on a line, and how many there are of a kind."""
    counts = Counter(one.state for one in found)
    if as_json:
        told = {"run": str(folder.path), "counts": counts, "contracts": [asdict(one) for one in found]}
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for one in found:
        print(_one_line(f"{WORDS[one.state]}: {one.url or one.source}: {one.detail}"))
    print(", ".join(f"{count:,} {WORDS[state].lower()}" for state, count in counts.items()))


def exit_code(found: Sequence[Checked]) -> int:
    """0 all kept, 1 broken or expired, 2 could not check; an entry without a URL to check is no failure."""
    states = {one.state for one in found}
    if "unchecked" in states or not states - {"unmatched"}:
        return FAILED
    return FINDINGS if states & {"broken", "expired"} else CLEAN


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _write(path: Path, document: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document)
    except OSError as error:
        print(f"seoaudit: --junit: cannot write {path} ({error.strerror}); choose another file", file=sys.stderr)
        raise typer.Exit(FAILED) from error

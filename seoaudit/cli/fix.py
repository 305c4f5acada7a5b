"""`seoaudit fix RUN --server NAME`: the rules to write on the server."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit.cli.audit import CLEAN, FINDINGS, refuse
from seoaudit.config import ConfigError
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.plan import Plan
    from seoaudit.fix.recorded import Recorded
    from seoaudit.fix.ruleset import Ruleset
    from seoaudit.fix.servers import File, Server

TOLD = 20
"""Sentences about what is left out that go to the terminal; a number stands for the rest."""


def command(  # noqa: PLR0913, PLR0917 -- one parameter for each option
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder: OUTPUT/HOST/STARTED.")],
    server: Annotated[str | None, typer.Option(metavar="NAME", help="For which server the rules are.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write, instead of the terminal.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove",
            help="Ask all known URLs again with the rules, and compare. On a real server where one is installed.",
        ),
    ] = False,
    links: Annotated[bool, typer.Option("--links", help="The links to edit instead, as CSV.")] = False,
) -> None:
    """Write the redirect rules that mend what a run found, for the server that the site runs on."""
    code = CLEAN
    try:
        run = _run_folder(folder)
        if links:
            _write_links(run, output, force=force)
        else:
            code = _fix(run, _server(server), output, force=force, prove=prove)
    except ConfigError as error:
        refuse(error)
    except OSError as error:
        refuse(f"cannot read or write {error.filename or folder} ({error.strerror}); mend that and run it again")
    raise typer.Exit(code)


def _fix(run: RunFolder, server: Server, output: Path | None, *, force: bool, prove: bool) -> int:
    recorded, plan, rules = _rules(run)
    if rules.empty and not rules.proposals:
        print("seoaudit: nothing to fix: no redirect of this run needs another rule", file=sys.stderr)
        return CLEAN
    written = server.write(rules)
    if output or not prove:
        _put(written.files, output, force=force)
    _tell(_summary(rules), written.left_out)
    return _prove(server, recorded, plan, rules) if prove else CLEAN


def _prove(server: Server, recorded: Recorded, plan: Plan, rules: Ruleset) -> int:
    from http.client import HTTPException  # noqa: PLC0415 - see _rules

    from seoaudit.fix.bench import BenchError  # noqa: PLC0415
    from seoaudit.fix.proving import prove_on  # noqa: PLC0415

    try:
        proof, note = prove_on(server, recorded, plan, rules)
    except (BenchError, HTTPException) as error:
        refuse(f"--prove: {server.title} does not serve with these rules: {error}")
    if note:
        print(f"seoaudit: {note}", file=sys.stderr)
    print("\n".join(proof.lines()))
    return CLEAN if proof.holds else FINDINGS


def _rules(run: RunFolder) -> tuple[Recorded, Plan, Ruleset]:
    # Arrow and pandas would cost every command half a second.
    from seoaudit.fix.patterns import make_rules  # noqa: PLC0415
    from seoaudit.fix.plan import make_plan  # noqa: PLC0415
    from seoaudit.fix.recorded import read_recorded  # noqa: PLC0415

    recorded = read_recorded(run)
    plan = make_plan(recorded)
    return recorded, plan, make_rules(plan, recorded)


def _summary(rules: Ruleset) -> str:
    covered = sum(len(pattern.covers) for pattern in rules.patterns)
    parts = [
        _count(len(rules.exacts), "single redirect"),
        f"{_count(len(rules.patterns), 'pattern')} for {_count(covered, 'URL')}",
        f"{_count(len(rules.upgrades) + len(rules.aliases), 'rule')} for whole origins",
        f"{_count(len(rules.proposals), 'proposal')} for a person to decide",
    ]
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _tell(summary: str, left_out: Iterable[str]) -> None:
    left = list(left_out)
    print(f"seoaudit: {summary}", file=sys.stderr)
    for line in left[:TOLD]:
        print(f"seoaudit: left out: {line}", file=sys.stderr)
    if len(left) > TOLD:
        print(f"seoaudit: left out: {len(left) - TOLD:,} more", file=sys.stderr)


def _put(files: tuple[File, ...], output: Path | None, *, force: bool) -> None:
    """To the terminal, or to `output` and beside it; nothing is written where one of the files exists."""
    if output is None:
        for number, file in enumerate(files):
            if len(files) > 1:
                print(f"{chr(10) if number else ''}# ---- {file.name} ----")
            print(file.text, end="")
        return
    paths = [output, *(output.with_name(file.name) for file in files[1:])]
    _free(paths, force=force)
    for path, file in zip(paths, files, strict=True):
        path.write_text(file.text, encoding="utf-8", newline="")
    print("\n".join(map(str, paths)))


def _free(paths: list[Path], *, force: bool) -> None:
    for path in paths:
        if path.is_dir():
            raise ConfigError(f"--output: {path} is a folder; name a file in it")
        if path.exists() and not force:
            raise ConfigError(f"--output: {path} exists; --force writes over it")


def _write_links(run: RunFolder, output: Path | None, *, force: bool) -> None:
    import pyarrow as pa  # noqa: PLC0415 - see _rules

    from seoaudit.fix.links import link_rows  # noqa: PLC0415

    if not run.table("fixes").is_file():
        raise ConfigError(
            f"RUN: {run.path} has no fixes.parquet, it was not judged; seoaudit report {run.path} does that"
        )
    try:
        if output is None:
            sys.stdout.writelines(link_rows(run))
            return
        _free([output], force=force)
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(link_rows(run))
        print(output)
    except pa.ArrowException as error:
        raise ConfigError(
            f"RUN: {run.table('fixes')} cannot be read; seoaudit report {run.path} makes it again"
        ) from error


def _server(name: str | None) -> Server:
    from seoaudit.fix.servers import catalogue  # noqa: PLC0415 - see _rules

    servers = catalogue()
    if name is None:
        raise ConfigError(f"--server: name the server that the rules are for, one of {', '.join(servers)}")
    if name.lower() in servers:
        return servers[name.lower()]
    near = difflib.get_close_matches(name.lower(), servers, 3, 0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(servers)}"
    raise ConfigError(f"--server: {name} is unknown; {hint}")


def _run_folder(path: Path) -> RunFolder:
    run = RunFolder(path)
    if not run.info_file.is_file():
        raise ConfigError(
            f"RUN: {path} is no run folder (it has no run.json); give one such as runs/example.com/20261120T103000Z"
        )
    return run

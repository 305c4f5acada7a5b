"""Runs audits as a person would, each in a process of its own, and reads what they leave behind."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from scrapy.cmdline import execute

from seoaudit import run
from seoaudit.cli import main
from seoaudit.cli.watching import PlainWatcher
from seoaudit.crawl import run as crawler
from seoaudit.store.folder import RunFolder, RunInfo

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 120


@cache
def _loaded() -> multiprocessing.context.ForkServerContext:
    """One process loads the program, and each audit is a fork of it: loading takes longer than a small crawl."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["audits"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))  # it learns our sys.path in no other way
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


@dataclass(frozen=True)
class Audit:
    """How one audit ended, and its run folder if it made one."""

    exit_code: int | None
    out: str
    err: str
    run_folder: RunFolder | None

    @property
    def folder(self) -> RunFolder:
        assert self.run_folder is not None, self.err
        return self.run_folder

    @property
    def info(self) -> RunInfo:
        return self.folder.read_info()

    def table(self, name: str) -> list[dict[str, Any]]:
        return pq.read_table(self.folder.table(name)).to_pylist()

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The responses by URL; that there is one a URL is checked here, for every test."""
        rows = self.table("responses")
        twice = [url for url, count in Counter(row["url"] for row in rows).items() if count > 1]
        assert twice == []
        return {row["url"]: row for row in rows}

    def paths(self) -> set[str]:
        """What of the first host was asked, without robots.txt and the sitemap that is tried unasked."""
        found = {url.split("/", 3)[3] for url in self.rows if url.startswith(self.info.start.rpartition("/")[0])}
        return found - {"robots.txt", "sitemap.xml"}

    def limits(self) -> dict[str, int]:
        return {limit.name: limit.count for limit in self.info.limits}


def audit(folder: Path, start: str | None = None, *, settings: dict[str, str] | None = None, **arguments: str) -> Audit:
    """`seoaudit audit` with these spider arguments and Scrapy settings, its working directory `folder`.

    Without `probes` nothing is asked but what the site mentions, as most tests need it; test_probes.py is about the rest.
    """
    return _audit(_whole, folder, _arguments(start, arguments), settings or {})


def crawl(folder: Path, start: str | None = None, *, settings: dict[str, str] | None = None, **arguments: str) -> Audit:
    """The same without judgement and reports, which take longer than a small crawl; the exit code is 0."""
    return _audit(_crawl_only, folder, _arguments(start, arguments), settings or {})


def _arguments(start: str | None, given: dict[str, str]) -> dict[str, str]:
    return {**({"start": start} if start else {}), "probes": "none", **given}


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it said."""

    exit_code: int | None
    out: str
    err: str


def seoaudit(folder: Path, *words: str) -> Ended:
    """`seoaudit` with these words, its working directory `folder`."""
    return _process(folder, _seoaudit, words)


def scrapy(folder: Path, *words: str) -> Ended:
    """`scrapy` with these words, its working directory `folder`."""
    return _process(folder, _scrapy, words)


def _audit(target: Callable[..., None], folder: Path, given: dict[str, str], settings: dict[str, str]) -> Audit:
    before = set(folder.glob("runs/*/*/"))
    ended = _process(folder, target, given, settings)
    runs = sorted(set(folder.glob("runs/*/*/")) - before)
    assert len(runs) <= 1
    return Audit(ended.exit_code, ended.out, ended.err, RunFolder(runs[0]) if runs else None)


def _process(folder: Path, target: Callable[..., None], *arguments: Any) -> Ended:
    with tempfile.TemporaryDirectory() as said:
        process = _loaded().Process(target=_in_folder, args=(str(folder), said, target, arguments))
        process.start()
        process.join(PATIENCE_S)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"it did not end: {Path(said, 'err').read_text()}")
        return Ended(process.exitcode, Path(said, "out").read_text(), Path(said, "err").read_text())


def _in_folder(folder: str, said: str, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    os.chdir(folder)
    for name, stream in (("out", sys.stdout), ("err", sys.stderr)):
        file = os.open(f"{said}/{name}", os.O_WRONLY | os.O_CREAT)
        os.dup2(file, stream.fileno())
        os.close(file)
    target(*arguments)


def _seoaudit(words: tuple[str, ...]) -> None:
    sys.argv = ["seoaudit", *words]
    main()


def _scrapy(words: tuple[str, ...]) -> None:
    execute(["scrapy", *words])


def _whole(given: dict[str, str], settings: dict[str, str]) -> None:
    words = [word for name, value in given.items() for word in ("-a", f"{name}={value}")]
    words += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    _seoaudit(("audit", *words))


def _crawl_only(given: dict[str, str], settings: dict[str, str]) -> None:
    run.crawl_run(given, crawler.project_settings({"LOG_LEVEL": "WARNING", **settings}), PlainWatcher())

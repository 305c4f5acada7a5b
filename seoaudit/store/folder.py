"""Where each file of a run lies, and what run.json says."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict

from seoaudit.records import Limit  # noqa: TC001 - pydantic reads it when the class is made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RunState = Literal["running", "finished", "unfinished", "failed"]


class RunInfo(BaseModel):
    """run.json: what was audited, with which arguments, how it ended and what limited it."""

    model_config = ConfigDict(extra="ignore")

    site: str
    start: str
    started_at: str
    finished_at: str | None = None
    state: RunState = "running"
    version: str
    arguments: dict[str, Any] = {}
    adopted_host: str | None = None
    hosts: list[str] = []
    finish_reason: str | None = None
    failure: str | None = None
    urls_requested: int = 0
    urls_known: int = 0
    urls_left: int = 0
    resumed_at: list[str] = []
    limits: list[Limit] = []
    listed_urls: list[str] = []
    failed_rules: dict[str, str] = {}
    summary: dict[str, int] = {}
    compared_with: str | None = None
    not_compared: str | None = None
    redirect_changes: dict[str, int] = {}


class InUse(Exception):  # noqa: N818 - a state of the folder, not a fault
    """Another process works in the run folder; the text is one line that says which."""


class RunFolder:
    """The files of one run: `OUTPUT/HOST/STARTED/`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = path / "journal.jsonl"
        self.info_file = path / "run.json"
        self.html = path / "report.html"
        self.workbook = path / "report.xlsx"
        self.letter = path / "letter.eml"
        self.letter_sent = path / "letter.json"

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Work in the folder alone; raises InUse where another process does. A process that was killed claims nothing."""
        with claimed(self.path / ".lock", self.path, str(os.getpid())):
            yield

    @property
    def in_use(self) -> bool:
        """Whether a process works in the folder now."""
        return self.held_by is not None

    @property
    def held_by(self) -> str | None:
        """The number of the process that works in the folder now; None where none does. Nothing is written."""
        try:
            with (self.path / ".lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return (self.path / ".lock").read_text().strip()
        return None

    def table(self, name: str) -> Path:
        """The file of one table of `schema.TABLES`."""
        return self.path / f"{name}.parquet"

    def read_info(self) -> RunInfo:
        """What run.json says; raises OSError or pydantic's ValidationError when it is missing or broken."""
        return RunInfo.model_validate_json(self.info_file.read_bytes())

    def write_info(self, info: RunInfo) -> None:
        """Replace run.json in one step, so that a reader never sees half of it."""
        replace_bytes(self.info_file, orjson.dumps(info.model_dump(mode="json"), option=orjson.OPT_INDENT_2))


@contextmanager
def claimed(lock_file: Path, what: Path, process: str) -> Iterator[None]:
    """Hold a lock that ends with this process; raises InUse, which says who works on `what`, where another holds it."""
    with lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InUse(f"{what} is in use by process {lock.read().strip()}; wait until it ends") from None
        lock.truncate(0)
        lock.write(process)
        lock.flush()
        yield


def replace_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step: beside it first, then over it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)

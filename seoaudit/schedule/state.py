"""What a schedule remembers of a site, in the site's folder: which due times were begun, and how the last one ended."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from seoaudit.run import site_name
from seoaudit.store.folder import InUse, replace_bytes
from seoaudit.store.runs import runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Self

    from seoaudit.config.sites import Site

Verdict = Literal["clean", "findings", "far fewer URLs", "unfinished", "failed", "died"]
"""How a run ended; only the first two are those of a whole audit. `died`: it was begun and never came to its end."""

REMEMBERED = 200
"""Due times that are known as begun."""


class Record(BaseModel):
    """schedule.json of one site. Times are in UTC.

    `begun` are due times, oldest first; `due` to `run` tell of the last one: `ended` and `verdict` are null while it runs, or where it
    was interrupted. `before` names the runs that were there when it began, `attempts` counts how often it was begun or gone on with.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    begun: tuple[AwareDatetime, ...] = ()
    due: AwareDatetime | None = None
    began: AwareDatetime | None = None
    attempts: int = 0
    before: tuple[str, ...] = ()
    run: str | None = None
    ended: AwareDatetime | None = None
    verdict: Verdict | None = None
    detail: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the last due time that was begun has no end yet."""
        return self.due is not None and self.ended is None

    def has_begun(self, due: datetime) -> bool:
        """Whether a run was begun for this due time; so far back that it is not known, it counts as begun."""
        return due in self.begun or (len(self.begun) >= REMEMBERED and due < min(self.begun))

    def beginning(self, due: datetime, now: datetime, before: tuple[str, ...]) -> Self:
        """The same when the run for `due` begins."""
        begun = (*(one for one in self.begun if one != due), due)[-REMEMBERED:]
        return self.model_copy(
            update={
                "begun": begun,
                "due": due,
                "began": now,
                "attempts": 1,
                "before": before,
                "run": None,
                "ended": None,
                "verdict": None,
                "detail": "",
            }
        )

    def ending(self, verdict: Verdict, detail: str, run: str | None, now: datetime) -> Self:
        """The same when that run is over."""
        return self.model_copy(
            update={"before": (), "run": run, "ended": now, "verdict": verdict, "detail": detail, "attempts": 0}
        )


def folder_of(site: Site) -> Path:
    """Where the runs of a site lie."""
    return site.arguments.output / site_name(site.arguments.start)


def read_record(site: Site, tell: Callable[[str], None]) -> Record:
    """What is known of the site; nothing where there is no file. One that cannot be read is told, and counts as none."""
    file = folder_of(site) / "schedule.json"
    try:
        return Record.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Record()
    except OSError as error:
        tell(f"{site.name}: cannot read {file} ({error.strerror}); mend that, or choose another output")
    except ValidationError:
        tell(f"{file} cannot be read; {site.name} counts as never audited, and the next run writes it anew")
    return Record()


def write_record(site: Site, record: Record) -> None:
    """Replace schedule.json in one step; only who claims the site may. Raises OSError."""
    data = record.model_dump_json(indent=2).encode()
    replace_bytes(folder_of(site) / "schedule.json", data)


@contextmanager
def claimed(site: Site) -> Iterator[None]:
    """Work on the site alone; raises InUse where another process does, OSError where its folder cannot be written.

    The kernel holds the lock: a process that was killed claims nothing.
    """
    folder = folder_of(site)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".schedule.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"{site.name} is being audited by another process; this one leaves it alone") from None
        _check_runs(site)
        os.truncate(lock.fileno(), 0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_runs(site: Site) -> None:
    """Raise InUse where somebody audits the site by hand."""
    for run, _ in runs_of(folder_of(site)):
        if (holder := run.held_by) is not None:
            raise InUse(f"{run.path} is in use by process {holder}; {site.name} waits until it ends")


def is_claimed(site: Site) -> bool:
    """Whether a process works on the site now. Nothing is written."""
    try:
        with (folder_of(site) / ".schedule.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        _check_runs(site)
    except (BlockingIOError, InUse):
        return True
    except OSError:  # no folder yet, or none that can be read: whoever begins a run there says so
        return False
    return False


def now() -> datetime:
    """The time, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)

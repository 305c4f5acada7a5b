"""The schedule itself, killed with -9 at random points and started again: each due time ends with one finished run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from servers import Asked, Scripted, ScriptedServer, page
from sites import sites_of

from seoaudit.schedule.due import latest_due
from seoaudit.schedule.state import Record, folder_of, is_claimed, now, read_record
from seoaudit.store.runs import runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from seoaudit.config.sites import Site, Sites

CHECKOUT = Path(__file__).parents[2]
PAGES = 40
SITE: dict[str, Scripted] = {
    "/": page(*(f"/{number}" for number in range(PAGES))),
    **{f"/{number}": page("/") for number in range(PAGES)},
}


def record_of(site: Site) -> Record:
    return read_record(site, pytest.fail)


@contextmanager
def schedule(sites: Sites, *options: str) -> Generator[subprocess.Popen[str]]:
    """`seoaudit schedule`, at whose end nothing of it is left."""
    command = [sys.executable, "-m", "seoaudit", "schedule", "--config", str(sites.file), *options]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            for site in sites.sites:
                kill_audit(site)


def kill_audit(site: Site) -> None:
    """End the process that audits the site, as a power cut would."""
    lock = folder_of(site) / ".schedule.lock"
    if is_claimed(site) and lock.read_text():
        with suppress(ProcessLookupError):
            os.kill(int(lock.read_text()), signal.SIGKILL)


def wait_until(said: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until it is so; the schedule runs on meanwhile."""
    for _ in range(1000):
        if said():
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.03)
            pytest.fail(f"the schedule ended: {process.stdout.read() if process.stdout else ''}")
    pytest.fail("it did not come so far")


def judged(site: Site) -> bool:
    return any(info.state == "finished" for _, info in runs_of(folder_of(site)))


def has_ended(site: Site) -> bool:
    record = record_of(site)
    return record.due is not None and record.ended is not None


def two_sites(folder: Path, first: ScriptedServer, second: ScriptedServer) -> Sites:
    entries = [{"start": f"{server.url}/"} for server in (first, second)]
    return sites_of(folder, *entries, at_once=2, schedule="0 0 1 1 *", probes="none", concurrency=2)


def test_each_due_time_ends_with_one_finished_run_wherever_it_was_killed(tmp_path: Path) -> None:
    chance = random.Random(5)
    with ScriptedServer(SITE) as first, ScriptedServer(SITE) as second:
        sites = two_sites(tmp_path, first, second)
        one, other = sites.sites
        with schedule(sites) as process:  # in the middle of both crawls: all of it goes
            asked = chance.randrange(1, PAGES)
            wait_until(lambda: len(first.asked) >= asked, process)
        with schedule(sites) as process:  # later, and the audits live on alone
            asked = len(second.asked) + chance.randrange(1, 5)
            wait_until(lambda: len(second.asked) >= asked or has_ended(other), process)
            process.kill()
            process.wait()
            with schedule(sites) as another:  # which the next schedule sees, until one is being judged
                wait_until(lambda: judged(one), another)
        with schedule(sites) as process:
            assert process.stdout
            assert process.stdout.readline()  # when each site is due: from now on it hears signals
            wait_until(lambda: has_ended(one) and has_ended(other), process)
            process.terminate()
            assert process.wait(30) == 0
        with schedule(sites, "--once") as process:  # nothing is due any more
            assert process.wait(30) == 0
        due = latest_due(one, now())
        for site in sites.sites:
            record = record_of(site)
            assert (record.begun, record.verdict) == ((due,), "clean")
            ((run, info),) = [(run, info) for run, info in runs_of(folder_of(site)) if info.state == "finished"]
            assert (run.path.name, info.urls_left) == (record.run, 0)
            assert run.html.is_file()
            assert run.workbook.is_file()
            assert not is_claimed(site)
            files = {path.name for path in folder_of(site).iterdir() if path.is_file()}
            ledger = {".ledger.lock", "ledger.parquet", "ledger.parquet.before"}
            assert files - ledger == {".schedule.lock", "schedule.json"}


def test_ctrl_c_ends_it_in_good_order_and_the_next_start_goes_on(tmp_path: Path) -> None:
    tickets, opened = threading.Semaphore(3), threading.Event()

    def slow(_: Asked) -> bytes:
        while not opened.is_set() and not tickets.acquire(timeout=0.05):
            pass
        return page("/")

    with ScriptedServer({**SITE, **{f"/{number}": slow for number in range(PAGES)}}) as first:
        with ScriptedServer(SITE) as second:
            sites = two_sites(tmp_path, first, second)
            slow_site, quick_site = sites.sites
            with schedule(sites) as process:
                wait_until(lambda: "/4" in first.targets() and has_ended(quick_site), process)
                os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
                # What is on its way is answered, with what little comes before the signal.
                while process.poll() is None:
                    tickets.release()
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(0.05)
                out, _ = process.communicate()
            assert process.returncode == 0
            assert f"stopping when {slow_site.name}" in out
            assert f"{slow_site.name}: stopped; the next start of the schedule goes on" in out
            assert record_of(slow_site).is_open
            opened.set()
            with schedule(sites, "--once") as process:
                out, _ = process.communicate(timeout=60)
            assert process.returncode == 0, out
            assert f"going on with {folder_of(slow_site)}" in out
        (info,) = [info for _, info in runs_of(folder_of(slow_site))]
        assert (info.state, len(info.resumed_at)) == ("finished", 1)
        assert record_of(slow_site).verdict == "clean"
        assert {first.counts()[f"/{number}"] for number in range(PAGES)} == {1}

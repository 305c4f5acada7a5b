"""Units that start the schedule: for systemd, cron, GitHub, Kubernetes and Windows, ready to be saved.

Each starts `seoaudit schedule --once` at a steady beat. What is due then is told by seoaudit.toml and by what was begun before, so one
unit serves every site, and a machine that was off catches up.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from seoaudit.run import installed_version

if TYPE_CHECKING:
    from seoaudit.config.sites import Sites

KINDS = ("systemd", "cron", "github", "kubernetes", "windows")

_TEMPLATES = Path(__file__).with_name("templates")


def units(kind: str, sites: Sites) -> str:
    """The unit of one of `KINDS`, as text to save. Raises KeyError for another kind."""
    if kind not in KINDS:
        raise KeyError(kind)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - no HTML: each format has a filter of its own below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        systemd=systemd_word, systemd_path=systemd_path, cron=cron_command, json=json.dumps, xml=escape
    )
    file = sites.file
    command = [sys.executable, "-m", "seoaudit", "schedule", "--once", "--config", str(file)]
    return environment.get_template(f"{kind}.jinja").render(
        command=command,
        shell=shlex.join(command),
        windows=subprocess.list2cmdline(["--cd", str(file.parent), "--exec", *command]),
        folder=str(file.parent),
        lock=shlex.quote(str(file.parent / ".seoaudit-cron.lock")),
        quoted_folder=shlex.quote(str(file.parent)),
        file=str(file),
        name=file.name,
        quoted_name=shlex.quote(file.name),
        sites=[site.name for site in sites.sites],
        outputs=sorted({_below(site.arguments.output, file.parent) for site in sites.sites}),
        crons=_utc_crons(sites),
        version=installed_version(),
    )


def systemd_word(text: str) -> str:
    """One word of ExecStart (systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting")."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{quoted}"' if re.search(r"[^\w@%+=:,./$-]", text) or not text else quoted


def systemd_path(text: str) -> str:
    """The path of WorkingDirectory, which takes no quotes; `%` begins a specifier (systemd.unit(5))."""
    return text.replace("%", "%%")


def cron_command(text: str) -> str:
    """A command of crontab(5), where `%` would end it."""
    return text.replace("%", "\\%")


def _utc_crons(sites: Sites) -> list[str]:
    """When GitHub, which knows UTC alone, starts the schedule: the sites' own times, or each hour where one has another zone."""
    if any(site.time_zone.key not in ("UTC", "Etc/UTC") for site in sites.sites):
        return ["23 * * * *"]
    return sorted({site.schedule for site in sites.sites})


def _below(output: Path, folder: Path) -> str:
    return str(output.relative_to(folder)) if output.is_relative_to(folder) else str(output)

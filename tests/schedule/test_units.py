"""The units that `--print` writes are right for the programs that read them, with spaces and odd signs in paths."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from audits import seoaudit
from sites import settings_file

from seoaudit.config.sites import read_sites
from seoaudit.schedule.units import KINDS, units

ODD = 'a site\'s "100%" $HOME \\ & <b>'
PLAIN = {"start": "https://example.com/"}


def odd_folder(tmp_path: Path) -> Path:
    folder = tmp_path / ODD
    folder.mkdir()
    return settings_file(folder, PLAIN, {"start": "https://b.example", "schedule": "30 4 * * *", "output": "o p"})


def written(kind: str, file: Path) -> str:
    return units(kind, read_sites(file))


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_each(tmp_path: Path, kind: str) -> None:
    settings_file(tmp_path, PLAIN)
    ended = seoaudit(tmp_path, "schedule", "--print", kind)
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out == written(kind, tmp_path / "seoaudit.toml")
    assert "{{" not in ended.out.replace("${{", "")


def test_another_kind_is_one_line(tmp_path: Path) -> None:
    settings_file(tmp_path, PLAIN)
    ended = seoaudit(tmp_path, "schedule", "--print", "launchd")
    assert (ended.exit_code, ended.out) == (2, "")
    assert ended.err == "seoaudit: --print: 'launchd' is not known; write one of " + ", ".join(KINDS) + "\n"


def parts(text: str) -> dict[str, str]:
    """The files of systemd's unit by their names."""
    found = re.split(r"^# (/etc/systemd/system/\S+)\n", text, flags=re.MULTILINE)
    return dict(zip((Path(name).name for name in found[1::2]), found[2::2], strict=True))


@pytest.mark.server("systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in parts(written("systemd", odd_folder(tmp_path))).items():
        (folder / name).write_text(text)
    assert sorted(path.name for path in folder.iterdir()) == ["seoaudit.service", "seoaudit.timer"]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, folder.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "seoaudit" in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_catches_up_and_keeps_the_words_of_the_command_together(tmp_path: Path) -> None:
    file = odd_folder(tmp_path)
    found = parts(written("systemd", file))
    assert "Persistent=true" in found["seoaudit.timer"]
    line = re.search("^ExecStart=(.*)$", found["seoaudit.service"], re.MULTILINE)
    assert line
    words = shlex.split(line[1].replace("$$", "$").replace("%%", "%"))
    assert words == [sys.executable, "-m", "seoaudit", "schedule", "--once", "--config", str(file)]
    assert not re.search(r"(?<!%)%(?!%)|(?<!\$)\$(?!\$)", line[1])  # neither a specifier nor a variable
    assert f"WorkingDirectory={str(file.parent).replace('%', '%%')}\n" in found["seoaudit.service"]


def test_the_line_of_cron_goes_where_it_should_with_a_lock(tmp_path: Path) -> None:
    file = odd_folder(tmp_path)
    line = written("cron", file).splitlines()[-1]
    *beat, command = line.split(" ", 5)
    assert beat == ["*/15", "*", "*", "*", "*"]
    assert re.search(r"(?<!\\)%", command) is None
    cd, folder, _, flock, option, lock, *words = shlex.split(command.replace("\\%", "%"))
    assert (cd, folder, flock, option) == ("cd", str(file.parent), "flock", "-n")
    assert Path(lock).parent == file.parent
    assert words == [sys.executable, "-m", "seoaudit", "schedule", "--once", "--config", str(file)]


def test_githubs_workflow_has_the_times_of_the_sites_where_they_are_in_utc(tmp_path: Path) -> None:
    text = written("github", odd_folder(tmp_path))
    assert re.findall(r'- cron: "(.*)"', text) == ["0 5 * * 1", "30 4 * * *"]
    assert "            runs\n" in text
    assert "            o p\n" in text
    assert "cancel-in-progress: false" in text
    file = settings_file(tmp_path, PLAIN, time_zone="Europe/Berlin")
    assert re.findall(r'- cron: "(.*)"', written("github", file)) == ["23 * * * *"]


def test_githubs_command_survives_yaml_and_the_shell(tmp_path: Path) -> None:
    file = settings_file(tmp_path, PLAIN).rename(tmp_path / "our: sites #1 $x.toml")
    (run,) = re.findall(r"- run: (\".*schedule.*\")", written("github", file))
    assert shlex.split(json.loads(run))[-1] == file.name


def test_kubernetes_never_starts_two(tmp_path: Path) -> None:
    text = written("kubernetes", odd_folder(tmp_path))
    assert "kind: CronJob" in text
    assert "concurrencyPolicy: Forbid" in text


def test_windows_reads_the_task_and_starts_it_late_rather_than_never(tmp_path: Path) -> None:
    file = odd_folder(tmp_path)
    task = ET.fromstring(written("windows", file))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext(".//t:StartWhenAvailable", namespaces=space) == "true"
    assert task.findtext(".//t:MultipleInstancesPolicy", namespaces=space) == "IgnoreNew"
    assert task.findtext(".//t:Command", namespaces=space) == "wsl.exe"
    arguments = task.findtext(".//t:Arguments", namespaces=space)
    words = ["--cd", str(file.parent), "--exec", sys.executable, "-m", "seoaudit", "schedule", "--once", "--config"]
    assert arguments == subprocess.list2cmdline([*words, str(file)])

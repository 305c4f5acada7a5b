"""The package works from a checkout, an editable install and a wheel, from any folder; and CI installs what it asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "reports" / "templates"
WHERE = "from seoaudit.render.templates import templates_dir; print(templates_dir())"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(command, cwd=cwd, env=environment or None, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def environment(folder: Path) -> Path:
    """A fresh virtual environment that borrows this one's libraries, but not this one's seoaudit; returns its Python."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    own = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    libraries = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    Path(own, "borrowed.pth").write_text("\n".join(sorted(libraries)), encoding="utf-8")
    return python


def install(python: Path, *what: str | Path) -> None:
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps")
    run(*pip, "--ignore-installed", "--no-build-isolation", *what, cwd=python.parent)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("seoaudit-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel."""
    python = environment(tmp_path_factory.mktemp("installed"))
    install(python, wheel)
    return python


def test_a_checkout_finds_its_templates_from_another_folder(tmp_path: Path) -> None:
    assert Path(run(sys.executable, "-c", WHERE, cwd=tmp_path, PYTHONPATH=str(ROOT))) == TEMPLATES


def test_an_editable_install_finds_the_templates_of_the_checkout(tmp_path: Path) -> None:
    python = environment(tmp_path / "editable")
    install(python, "--editable", ROOT)
    assert Path(run(python, "-c", WHERE, cwd=tmp_path)) == TEMPLATES


def test_a_wheel_brings_every_template_along(installed: Path, tmp_path: Path) -> None:
    found = Path(run(installed, "-c", WHERE, cwd=tmp_path))
    assert found.is_relative_to(installed.parents[1])
    assert {file.name: file.read_bytes() for file in found.iterdir()} == {
        file.name: file.read_bytes() for file in TEMPLATES.iterdir()
    }


def test_a_wheel_holds_everything_that_the_package_reads(wheel: Path) -> None:
    package = ROOT / "seoaudit"
    needed = {f"seoaudit/{file.relative_to(package).as_posix()}" for file in package.rglob("*") if file.is_file()}
    assert {name for name in needed if "__pycache__" not in name} <= set(zipfile.ZipFile(wheel).namelist())


def test_an_installed_wheel_has_its_command_in_any_folder(installed: Path, tmp_path: Path) -> None:
    said = run(installed.parent / "seoaudit", "rules", "redirect-loop", cwd=tmp_path)
    assert said.startswith("redirect-loop")


def test_the_modules_of_an_installed_wheel_are_its_own(installed: Path, tmp_path: Path) -> None:
    found = run(installed, "-c", "import seoaudit; print(seoaudit.__file__)", cwd=tmp_path)
    assert Path(found).is_relative_to(installed.parents[1])


def locked() -> dict[str, str]:
    """Name and version of everything that the lock installs."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE))


@pytest.mark.parametrize("requirement", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]])
def test_the_lock_installs_every_requirement_in_a_version_that_satisfies_it(requirement: str) -> None:
    wanted = Requirement(requirement)
    assert wanted.specifier.contains(locked()[wanted.name.lower()])


def test_every_line_of_the_lock_is_held_by_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in lock.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "--hash=sha256:" not in line] == []


def test_the_lock_names_no_registry_and_no_machine() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|@ |/", lock)

"""The templates are found where the package is used from: a checkout first, else the wheel's own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seoaudit.render.templates import templates_dir

if TYPE_CHECKING:
    from pathlib import Path


def checkout(root: Path) -> Path:
    (root / "reports" / "templates").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    return root / "reports" / "templates"


def test_this_package_has_its_templates() -> None:
    assert (templates_dir() / "report.html").is_file()


def test_a_checkout_has_its_own_even_beside_a_copy(tmp_path: Path) -> None:
    own = checkout(tmp_path)
    (tmp_path / "seoaudit" / "_templates").mkdir(parents=True)
    assert templates_dir(tmp_path / "seoaudit") == own


def test_a_wheel_has_its_copy_even_beside_another_packages_reports(tmp_path: Path) -> None:
    (tmp_path / "reports" / "templates").mkdir(parents=True)
    (tmp_path / "seoaudit" / "_templates").mkdir(parents=True)
    assert templates_dir(tmp_path / "seoaudit") == tmp_path / "seoaudit" / "_templates"


def test_a_broken_installation_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="install the package again"):
        templates_dir(tmp_path / "seoaudit")

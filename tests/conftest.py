"""What every test may rely on: real servers where they are installed, and no silent skips where they must be."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

DEBIAN_PACKAGES = {
    "apache2": "apache2",
    "chromium": "chromium",
    "curl": "curl",
    "nginx": "nginx-light",
    "node": "nodejs",
    "openssl": "openssl",
    "pdftotext": "poppler-utils",
    "php": "php-cli",
    "soffice": "libreoffice-calc",
    "systemd-analyze": "systemd",
}
"""The program that `@pytest.mark.server(program)` names, and the package that brings it."""

NO_SKIP = "SEOAUDIT_NO_SKIP"
"""The environment variable under which a skipped test is a failed one: CI installs everything first."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("server"):
        program = mark.args[0]
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.skip(f"needs {program}: apt-get install {DEBIAN_PACKAGES[program]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    del item, call
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(NO_SKIP):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} ({NO_SKIP} is set)"
    return report

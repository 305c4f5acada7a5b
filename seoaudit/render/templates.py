"""Where the look of the reports lies: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def templates_dir(package: Path = _PACKAGE) -> Path:
    """Find the folder of the templates: the checkout's own where the package lies in one, else the wheel's copy.

    Raises FileNotFoundError when neither is there.
    """
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "reports" / "templates").is_dir():
        return checkout / "reports" / "templates"
    if (package / "_templates").is_dir():
        return package / "_templates"
    raise FileNotFoundError(f"no templates in {checkout / 'reports'} or {package}: install the package again")

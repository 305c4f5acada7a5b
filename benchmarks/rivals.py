"""Installs the other crawlers of benchmarks/crawlers, each into a virtual environment of its own: their dependencies clash.

    python benchmarks/rivals.py FOLDER [NAME ...]

A crawler is one file with two functions: `crawl(start, folder, concurrency)`, which is measured, and `count(folder)`, the
redirects and links in what it wrote. A comment block in the form of PEP 723 says what has to be installed for it; a crawler
that needs nothing runs in this project's own environment. What cannot be installed is named, and the others go on.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

CRAWLERS = Path(__file__).with_name("crawlers")
_BLOCK = re.compile(r"^# /// script$\n(?P<text>(?:^#(?: .*)?$\n)+?)^# ///$", re.MULTILINE)


@dataclass(frozen=True)
class Crawler:
    """What the comment block of one file says; `distribution` names the package whose version is printed."""

    name: str
    label: str
    dependencies: tuple[str, ...] = ()
    distribution: str = ""
    slow: bool = False
    exit_codes: tuple[int, ...] = (0,)

    def python(self, rivals: Path) -> Path:
        """The interpreter that runs it."""
        return rivals / self.name / "bin" / "python" if self.dependencies else Path(sys.executable)


def crawlers() -> list[Crawler]:
    """All crawlers, this project's first."""
    found = [_read(path) for path in sorted(CRAWLERS.glob("*.py"))]
    return sorted(found, key=lambda crawler: (not crawler.name.startswith("seoaudit"), crawler.label.lower()))


def _read(path: Path) -> Crawler:
    block = _BLOCK.search(path.read_text(encoding="utf-8"))
    if block is None:
        raise ValueError(f"{path}: has no block of PEP 723")
    said = tomllib.loads("".join(line[2:] for line in block["text"].splitlines(keepends=True)))
    own = said.get("tool", {}).get("benchmark", {})
    needs = tuple(said.get("dependencies", ()))
    return Crawler(
        name=path.stem,
        label=own.get("label", path.stem),
        dependencies=needs,
        distribution=own.get("distribution", re.split(r"[^\w.-]", needs[0])[0] if needs else ""),
        slow=own.get("slow", False),
        exit_codes=tuple(own.get("exit_codes", (0,))),
    )


def install(crawler: Crawler, folder: Path) -> str:
    """Make its environment anew and install it; returns why that failed, or nothing. A failed one is left without python."""
    home = folder / crawler.name
    venv.create(home, with_pip=True, clear=True)
    command = [str(crawler.python(folder)), "-m", "pip", "install", "--quiet", *crawler.dependencies]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    crawler.python(folder).unlink()
    # The first words of pip only say that something failed beneath it; what failed comes after them.
    complaints = re.findall(r"^ *error: (?!subprocess-exited)(.+)", done.stderr, re.MULTILINE | re.IGNORECASE)
    (home / "install.log").write_text(done.stderr, encoding="utf-8")
    return f"{complaints[0] if complaints else 'pip failed'} (all of it in {home / 'install.log'})"


def main() -> int:
    """Install all, or those named; 1 when one could not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    rivals = {crawler.name: crawler for crawler in crawlers() if crawler.dependencies}
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(rivals)}; all unless given")
    given = parser.parse_args()
    if unknown := set(given.names) - set(rivals):
        parser.error(f"no such rival: {', '.join(sorted(unknown))}; there are {', '.join(rivals)}")
    failures = 0
    for name in given.names or rivals:
        failure = install(rivals[name], given.folder)
        failures += bool(failure)
        print(f"{name}: {failure or 'installed'}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""linkchecker: every URL into a CSV file.

Only a server can let go of its brake, by a header `LinkChecker`: the benchmark's nginx sends it.
"""

# /// script
# dependencies = ["linkchecker"]
# [tool.benchmark]
# slow = true
# exit_codes = [0, 1]  # 1 says that broken links were found
# ///

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from urllib.parse import urljoin


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One crawl into `folder`/links.csv, in this very process."""
    settings = folder / "linkcheckerrc"
    settings.write_text("[checking]\nmaxrequestspersecond=1000000\n", encoding="utf-8")
    folder.chmod(0o777)  # started by root it goes on as nobody, and still has to write here
    command = [
        str(Path(sys.executable).with_name("linkchecker")),
        "--config",
        str(settings),
        "--verbose",
        "--no-status",
    ]
    command += [
        "--threads",
        str(concurrency),
        "--output",
        "none",
        "--file-output",
        f"csv/utf-8/{folder}/links.csv",
        start,
    ]
    os.execv(command[0], command)


def count(folder: Path) -> tuple[int, int]:
    """Redirecting URLs and links in the output; the hops of a chain stand in one cell."""
    csv.field_size_limit(sys.maxsize)
    moved: set[str] = set()
    links = 0
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter=";"):
            links += bool(row["parentname"])
            targets = [text.split("'", 1)[0] for text in row["warningstring"].split("Redirected to `")[1:]]
            # Each hop says where it leads; the URL that was linked is the first one that redirects.
            if targets:
                moved.update([urljoin(row["parentname"], row["urlname"]), *targets[:-1]])
    return len(moved), links

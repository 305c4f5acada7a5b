"""What each server answers, as expected.txt has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "expected.txt"


@dataclass(frozen=True)
class Expected:
    """One request and its answer; `url` begins with a slash where the server is asked by its address."""

    server: str
    url: str
    method: str
    status: int
    location: str | None
    allow: frozenset[str]

    def __str__(self) -> str:
        return f"{self.server} {self.method} {self.url}"

    def at(self, port: int) -> str:
        """The URL to ask when the server has this port."""
        return f"http://127.0.0.1:{port}{self.url}" if self.url.startswith("/") else self.url

    def location_at(self, port: int) -> str | None:
        """The Location field that comes then."""
        return self.location and self.location.replace("{host}", f"127.0.0.1:{port}")


def methods(text: str | None) -> frozenset[str]:
    """The methods that an Allow field names."""
    return frozenset(word for word in (text or "").replace(",", " ").split() if word != "-")


def read_table() -> list[Expected]:
    """The requests of the table, one a method."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    rows = [re.split(" {2,}", line) for line in lines[1:]]
    return [
        Expected(server, url, method, int(status), None if location == "-" else location, methods(allow))
        for server, url, asked_with, status, location, allow in rows
        for method in asked_with.split()
    ]

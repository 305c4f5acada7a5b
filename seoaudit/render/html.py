"""The report as one page: self-contained, under a Content-Security-Policy that lets only its own style and script run."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from seoaudit.http.status import STATUSES
from seoaudit.render.datasets import datasets
from seoaudit.render.svg import lay_out
from seoaudit.render.tables import open_tables
from seoaudit.render.templates import templates_dir
from seoaudit.render.trend import lines
from seoaudit.render.verdict import plural
from seoaudit.store.folder import replace_bytes
from seoaudit.urls import is_web, parse
from seoaudit.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seoaudit.render.datasets import Column, Dataset
    from seoaudit.render.view import ReportView
    from seoaudit.store.folder import RunFolder

SECTION_ROWS = 200
"""Rows of one table on the page."""

PAGE_ROWS = 1500
"""Rows of all rules together; with many rules each shows fewer, so that the page opens at once and prints on finite paper."""

LISTED_ROWS = 1000
FIRST_GROUPS = 10
FIRST_CHAINS = 10

_STYLES = ("report.css", "grid.css")
_SCRIPTS = ("texts.js", "columns.js", "grid.js", "report.js")

_LONGEST_HREF = 2000


def write_html(view: ReportView, folder: RunFolder) -> None:
    """Write report.html in one step, with the rows of the large tables in it; raises OSError."""
    with open_tables(folder) as tables:
        data = datasets(tables, view.redirect_map)
    replace_bytes(folder.html, render_html(view, data).encode())


def render_html(view: ReportView, data: Sequence[Dataset] = ()) -> str:
    """Make the page of a view: no reference to another file, and every value of the site shown as text.

    `data`: the tables that the page's script draws; what stands there without them is whole, with fewer rows.
    """
    environment = _environment()
    style, script = _sources(_STYLES), _sources(_SCRIPTS)
    return environment.get_template("report.html").render(
        view=view,
        data=data,
        rule_titles={section.rule.id: section.rule.title for section in view.sections},
        style=style,
        script=script,
        policy=_policy(style, script),
        drawing=lay_out(view.redirect_map),
        trend_lines=lines(view.trend),
        row_limit=max(20, min(SECTION_ROWS, PAGE_ROWS // max(1, len(view.sections)))),
        listed_limit=LISTED_ROWS,
        first_groups=FIRST_GROUPS,
        first_chains=FIRST_CHAINS,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.tests["earlier"] = earlier
    environment.filters |= {
        "href": href,
        "short": short,
        "number": "{:,}".format,
        "milliseconds": milliseconds,
        "moment": moment,
        "anchor": anchor,
        "described": described,
        "reason": reason,
        "opened": opened,
        "plural": plural,
    }
    return environment


@cache
def _sources(names: tuple[str, ...]) -> Markup:
    """Our own style or script, as it stands; it is trusted because it comes from the templates' folder."""
    texts = [(templates_dir() / name).read_text(encoding="utf-8") for name in names]
    return Markup("\n".join(texts))  # noqa: S704 - no value of a site is in it


def _policy(style: str, script: str) -> str:
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)]
    return f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; img-src data:; base-uri 'none'; form-action 'none'"


def _finalize(value: Any) -> Any:
    """Make characters seen that have no shape or that turn the text around them; everything printed passes here."""
    return visible(value) if type(value) is str else value


def href(url: str | None) -> str | None:
    """Give the address to link to, None for anything that is not http or https, or too long to be clicked."""
    address = parse(url) if url and len(url) <= _LONGEST_HREF else None
    return address if address and is_web(address) else None


def opened(verdict: str) -> tuple[str, str]:
    """Split a verdict into its first sentence and what to fix first and what limited the audit."""
    opening, *rest = re.split(r" (?=First: |Limited by )", verdict, maxsplit=1)
    return opening, "".join(rest)


def short(text: str, longest: int = 200) -> str:
    """Cut the middle out of a long text and say how long it is."""
    if len(text) <= longest:
        return text
    head = longest * 3 // 4
    return f"{text[:head]}[…]{text[head - longest :]} ({len(text):,} characters)"


def milliseconds(value: float | None) -> str:
    """Write a duration, such as "84 ms" or "1.2 s"."""
    if value is None:
        return "not measured"
    if value < 0.5:
        return "under 1 ms"
    return f"{value:,.0f} ms" if value < 1000 else f"{value / 1000:,.1f} s"


def moment(value: str | None) -> str:
    """Write a time, such as "21 September 2026, 11:06 UTC"; text that is no time stays as it is."""
    when = _time(value)
    return f"{when.day} {when:%B %Y, %H:%M} UTC" if when else (value or "not known")


def earlier(seen: datetime | None, started_at: str) -> bool:
    """Tell whether a finding is older than this run, by the day."""
    started = _time(started_at)
    return seen is not None and started is not None and seen.date() < started.date()


def _time(value: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)


def anchor(rule_id: str) -> str:
    """Make the fragment of a rule's section."""
    return "rule-" + re.sub(r"[^a-z0-9-]", "-", rule_id)


def described(columns: Sequence[Column], words: Mapping[str, Mapping[str, str]]) -> str:
    """Write columns as JSON for the page's script: name, label, kind, whether shown, and the words for their values."""
    rows = [
        {"name": one.name, "label": one.label, "kind": one.kind, "shown": one.shown, "words": words.get(one.words, {})}
        for one in columns
    ]
    return orjson.dumps(rows).decode()


def reason(status: int) -> str:
    """Name a status as RFC 9110 and the IANA registry do."""
    if status in STATUSES:
        return STATUSES[status].name
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "not in the registry"

"""Small recorded sites for the tests of the fix: one answer a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seoaudit import urls
from seoaudit.fix.patterns import make_rules
from seoaudit.fix.plan import make_plan
from seoaudit.fix.recorded import Noted, Recorded, Told

if TYPE_CHECKING:
    from seoaudit.fix.plan import Plan
    from seoaudit.fix.ruleset import Ruleset

HOME = "https://example.com"
HOSTS = ("example.com", "www.example.com")


def site(*lines: str, findings: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Recorded:
    """A run with these answers: `URL STATUS`, `URL STATUS TARGET`, or `URL STATUS TARGET KEY=VALUE` with columns of `Told`.

    A path lies on https://example.com; `unasked` are URLs that were mentioned and never asked.
    """
    answers = dict(map(_answer, lines))
    noted = {
        absolute(url): tuple(Noted(rule, f"Mend {rule}.") for rule in rules) for url, rules in (findings or {}).items()
    }
    for name in ("unasked", "posts"):
        more[name] = frozenset(map(absolute, more.get(name, ())))
    return Recorded("example.com", answers, findings=noted, **more)


def _answer(line: str) -> tuple[str, Told]:
    written, status, *rest = line.split(" ")
    url = absolute(written)
    columns: dict[str, Any] = {name: value for name, _, value in (word.partition("=") for word in rest[1:])}
    if rest:
        columns = {"target": urls.parse(rest[0], url), "mechanism": "location", "location": rest[0], **columns}
    inside = urls.split(url).host in HOSTS
    return url, Told(**{"status": int(status), "in_scope": inside, "title": f"Page {url}", **columns})


def absolute(url: str) -> str:
    """The URL, a path on https://example.com written out."""
    text = urls.parse(url, HOME)
    assert text
    return text


def planned(*lines: str, **more: Any) -> Plan:
    """The plan for such a site."""
    return make_plan(site(*lines, **more))


def ruled(*lines: str, **more: Any) -> Ruleset:
    """The rules for such a site."""
    recorded = site(*lines, **more)
    return make_rules(make_plan(recorded), recorded)


def sure(plan: Plan) -> dict[str, tuple[str, int]]:
    """The edits that become rules: target and status by source, without https://example.com."""
    return {
        short(edit.source): (short(edit.target or ""), edit.status) for edit in plan.edits if edit.confidence == "sure"
    }


def short(url: str) -> str:
    return url.removeprefix(HOME)

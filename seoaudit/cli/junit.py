"""JUnit XML, as pipelines read it: one test case a contract and URL."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.run.checking import Checked

SUITE = "seoaudit check"
OUTCOMES = {"broken": "failure", "expired": "failure", "unchecked": "error", "unmatched": "skipped"}
"""The element that says how a test case ended; a contract that is kept has none."""

_NO_XML = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2, Char), and the control characters that it discourages."""


def document(found: Sequence[Checked]) -> bytes:
    """Make the whole file: `failure` is a contract that is broken or expired, `error` one that could not be checked.

    An entry without a URL to check is `skipped`. The file is in UTF-8.
    """
    counts = Counter(OUTCOMES.get(one.state) for one in found)
    numbers = {
        name: str(counts[key]) for name, key in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    }
    totals = {"name": SUITE, "tests": str(len(found)), **numbers}
    suites = Element("testsuites", {name: value for name, value in totals.items() if name != "skipped"})
    suite = SubElement(suites, "testsuite", totals)
    for one in found:
        case = SubElement(suite, "testcase", {"classname": _clean(one.source), "name": _clean(one.url or one.source)})
        if (outcome := OUTCOMES.get(one.state)) is not None:
            detail = _clean(one.detail)
            SubElement(
                case, outcome, {"message": detail} | ({} if outcome == "skipped" else {"type": one.state})
            ).text = detail
    text: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _clean(text: str) -> str:
    """The text on one line, without what XML cannot hold."""
    return " ".join(_NO_XML.sub("", text).split())

"""The letter as its reader's mail program takes it: parsed again, whatever a site wrote into it."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from seoaudit.config.addresses import mailbox
from seoaudit.mail.attachments import Attachment, forms
from seoaudit.mail.letter import Envelope, as_bytes, compose, subject
from seoaudit.mail.summary import Change, Changes, Fix, LastRun, Summary
from seoaudit.render.templates import templates_dir

if TYPE_CHECKING:
    from email.message import EmailMessage

WEEK_BEFORE = datetime(2026, 11, 13, 10, 30, tzinfo=UTC)
COUNTS: dict[Any, int] = {"critical": 1, "high": 1204, "medium": 0, "low": 3, "info": 9}
SUMMARY = Summary(
    site="example.com",
    started_at=datetime(2026, 11, 20, 10, 30, tzinfo=UTC),
    verdict="example.com: 1 critical and 1,204 high problems in 5,000 URLs. First: redirect loop, 1 URL.",
    trouble="",
    failed=False,
    counts=COUNTS,
    last_run=LastRun(
        started_at=WEEK_BEFORE, urls=5000, counts={"critical": 0, "high": 1210, "medium": 0, "low": 3, "info": 9}
    ),
    changes=Changes(
        counts={"new": 3, "fixed": 12},
        first=(
            Change(
                kind="new", severity="critical", title="Redirect loop", url="https://example.com/a", detail="2 hops"
            ),
        ),
    ),
    fixes=(
        Fix(
            severity="critical",
            title="Redirect loop",
            urls=1,
            cause=None,
            change="Break /a: it sends to /b.",
            example="https://example.com/a",
        ),
    ),
    fixes_total=7,
    machine="audits",
    files=(Path("/srv/runs/report.html"), Path("/srv/runs/report.xlsx")),
)
ENVELOPE = Envelope(
    sender=mailbox("Audit <audit@example.com>"),
    recipients=(mailbox("ann@example.com"), mailbox("Bob B <bob@example.com>")),
    date=datetime(2026, 11, 20, 11, 0, tzinfo=UTC),
    message_id="seoaudit-1@example.com",
)
HOSTILE = (
    "</td><script>alert(1)</script>\r\nBcc: victim@example.org\r\n\r\n.\r\nQUIT\u2028\u202egnp.exe\x00\x1b[2J{{7*7}}"
    '<img src="https://evil.example/x.png" onerror=x> =HYPERLINK("x") ' + "w" * 5000
)


def opened(summary: Summary, envelope: Envelope = ENVELOPE, *attachments: Attachment, note: str = "") -> EmailMessage:
    """The letter after its way: bytes, and parsed again."""
    data = as_bytes(compose(summary, envelope, templates_dir(), attachments, note))
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content


def test_its_headers_say_who_to_whom_when_and_that_no_person_wrote_it() -> None:
    message = opened(SUMMARY)
    assert str(message["From"]) == "Audit <audit@example.com>"
    assert str(message["To"]) == "ann@example.com, Bob B <bob@example.com>"
    assert message["Date"].datetime == ENVELOPE.date
    assert message["Message-ID"] == "<seoaudit-1@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_text_and_html_are_alternatives_beside_the_attachments() -> None:
    message = opened(SUMMARY, ENVELOPE, Attachment("example.com-2026-11-20.xlsx", b"PK\x00"))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("example.com-2026-11-20.xlsx", b"PK\x00")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "example.com: 3 new, 12 fixed, 1 critical"),
        ({"changes": None}, "example.com: 1 critical, 1,204 high"),
        ({"changes": Changes(counts={}, first=())}, "example.com: nothing new, 1 critical"),
        (
            {"changes": Changes(counts={"regressed": 2, "new": 1000, "not-seen-again": 4}, first=())},
            "example.com: 1,000 new, 2 regressed, 1 critical",
        ),
        ({"changes": None, "counts": dict.fromkeys(COUNTS, 0)}, "example.com: nothing to fix"),
        ({"changes": None, "counts": {**dict.fromkeys(COUNTS, 0), "info": 4}}, "example.com: nothing to fix"),
        (
            {"trouble": "40 URLs asked, 5,000 last time"},
            "example.com: crawl incomplete - 40 URLs asked, 5,000 last time",
        ),
        ({"trouble": "nobody answered", "failed": True}, "example.com: crawl failed - nobody answered"),
        ({"site": f"{'long.' * 11}example", "changes": None}, f"{'long.' * 11}example: 1 critical, 1,204 high"),
        ({"site": f"{'l' * 99}.example", "changes": None}, f"{'l' * 99}.example: 1 critical, 1,204 high"),
        ({"trouble": f"{'word ' * 15}end"}, f"example.com: crawl incomplete - {'word ' * 15}end"),
        ({"trouble": f"{'wörd ' * 15}end"}, f"example.com: crawl incomplete - {'wörd ' * 15}end"),
        ({"site": "xn--bcher-kva.example", "changes": None}, "xn--bcher-kva.example: 1 critical, 1,204 high"),
    ],
)
def test_the_subject_is_the_verdict_and_what_changed(changed: dict[str, Any], says: str) -> None:
    summary = replace(SUMMARY, **changed)
    assert subject(summary) == says
    assert opened(summary)["Subject"] == says


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_forms_say_verdict_counts_changes_fixes_and_where_the_files_are(kind: str) -> None:
    said = text_of(opened(SUMMARY, ENVELOPE, Attachment("x.xlsx", b""), note="No room."), kind)
    said = LexborHTMLParser(said).text(separator=" ") if kind == "html" else said
    said = " ".join(said.split())
    for words in (
        SUMMARY.verdict,
        "1,204",
        "+1",
        "\N{MINUS SIGN}6",
        "13 November 2026",
        "Redirect loop",
        "Break /a: it sends to /b.",
        "https://example.com/a",
        "2 hops",
        "6 more in the workbook",
        "x.xlsx",
        "No room.",
        "/srv/runs/report.html",
        "/srv/runs/report.xlsx",
    ):
        assert words in said


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_run_that_is_no_clean_report_says_so_before_anything_else(kind: str) -> None:
    said = text_of(opened(replace(SUMMARY, trouble="stopped after 4 URLs")), kind)
    assert -1 < said.lower().index("no clean report") < said.index("Redirect loop")
    assert "Stopped after 4 URLs." in said


def test_without_a_run_before_and_without_changes_nothing_is_said_of_them() -> None:
    message = opened(replace(SUMMARY, last_run=None, changes=None))
    for kind in ("plain", "html"):
        assert "since" not in text_of(message, kind).lower()
        assert "What changed" not in text_of(message, kind)


def hostile() -> Summary:
    change = replace(SUMMARY.changes.first[0], title=HOSTILE, url=HOSTILE, detail=HOSTILE) if SUMMARY.changes else None
    assert change is not None
    return replace(
        SUMMARY,
        site=f"evil.example\r\nBcc: x@example.org\u202e{HOSTILE}",
        verdict=HOSTILE,
        trouble=HOSTILE,
        changes=Changes(counts={"new": 1, HOSTILE: 2}, first=(change,)),
        fixes=(replace(SUMMARY.fixes[0], title=HOSTILE, cause=HOSTILE, change=HOSTILE, example=HOSTILE),),
        machine=HOSTILE,
        files=(Path("/srv") / "a\r\nb",),
    )


def test_nothing_a_site_wrote_becomes_a_header() -> None:
    message = opened(hostile(), replace(ENVELOPE, sender=replace(ENVELOPE.sender, name="x\r\nBcc: y@example.org")))
    assert sorted(message.keys()) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]
    assert len(message["Subject"]) <= 150
    assert "\u202e" not in message["Subject"]
    assert [address.addr_spec for address in message["From"].addresses] == ["audit@example.com"]


def test_nothing_a_site_wrote_becomes_markup_or_turns_the_text_around() -> None:
    message = opened(hostile())
    html, plain = text_of(message, "html"), text_of(message, "plain")
    page = LexborHTMLParser(html)
    assert page.css("script, img, a, link, iframe, form") == []
    assert "49" not in plain
    for said in (html, plain):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\x00\x1b]", said)
    assert not re.search(r"^(Bcc:|\.|QUIT)", plain, re.MULTILINE)


def test_the_html_form_asks_nothing_of_the_network_and_needs_no_style_sheet() -> None:
    page = LexborHTMLParser(text_of(opened(SUMMARY), "html"))
    assert page.css("style, link, script, img, [src], [background]") == []
    assert "url(" not in (page.html or "")
    assert [table.attributes["width"] for table in page.css("table") if table.attributes["width"] != "100%"] == ["600"]


def test_it_sets_no_text_colour_without_the_ground_below_it() -> None:
    """A client in the dark keeps its own colours wherever the letter names none."""
    for found in re.findall(r'style="([^"]*)"', text_of(opened(SUMMARY), "html")):
        assert (re.search(r"(^|;)color:", found) is None) == ("background-color:" not in found)


MEASURE = """<script>
const tables = [...document.querySelectorAll("table[width='600']")].map(t => t.offsetWidth);
document.title = [document.documentElement.scrollWidth <= innerWidth, getComputedStyle(document.body).color, ...tables].join(" ");
</script>"""


@pytest.mark.server("chromium")
@pytest.mark.parametrize(
    ("width", "dark", "measured"),
    [
        (1200, False, "true rgb(0, 0, 0) 600"),
        (1200, True, "true rgb(255, 255, 255) 600"),
        (500, False, "true rgb(0, 0, 0) 468"),
    ],
)
def test_a_browser_shows_it_600_pixels_wide_or_as_wide_as_there_is_room_and_in_the_dark_in_light_ink(
    tmp_path: Path, width: int, dark: bool, measured: str
) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs the Debian package chromium")
    file = tmp_path / "letter.html"
    file.write_text(text_of(opened(hostile()), "html") + MEASURE, encoding="utf-8")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    shown = subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            *quiet,
            *(["--blink-settings=preferredColorScheme=0"] if dark else []),
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width},900",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    title = LexborHTMLParser(shown).css_first("title")
    assert title is not None
    assert title.text() == measured


def test_addresses_beyond_ascii_stay_as_they_are() -> None:
    envelope = replace(ENVELOPE, recipients=(mailbox("Jörg <jörg@bücher.example>"),))
    data = as_bytes(compose(SUMMARY, envelope, templates_dir()))
    assert "To: Jörg <jörg@xn--bcher-kva.example>".encode() in data


def test_names_beyond_ascii_need_no_special_server() -> None:
    envelope = replace(ENVELOPE, recipients=(mailbox("Jörg, Büro <joerg@example.com>"),))
    data = as_bytes(compose(SUMMARY, envelope, templates_dir()))
    assert data.isascii()
    (address,) = opened(SUMMARY, envelope)["To"].addresses
    assert (address.display_name, address.addr_spec) == ("Jörg, Büro", "joerg@example.com")


def test_the_forms_of_the_attachments_grow_smaller_to_none(tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    book.write_bytes(b"same " * 20_000)
    made = [
        [[part.name for part in parts] for parts, _ in forms([book], "x-1", SUMMARY.started_at, most)]
        for most in (1_000_000, 50_000, 100)
    ]
    assert made == [[["x-1.xlsx"], ["x-1.zip"], []], [["x-1.zip"], []], [[]]]
    assert [note for _, note in forms([], "x-1", SUMMARY.started_at, 100)] == [""]

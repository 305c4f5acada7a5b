"""The page says what the run found, shows a site's text as text, and needs nothing but itself."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import INFO, LIMITED, SITE, entry_point, finding, findings, fixes, make_run
from selectolax.lexbor import LexborHTMLParser, LexborNode

from seoaudit.records import SEVERITIES
from seoaudit.render.html import href, moment, render_html, short, write_html
from seoaudit.render.templates import templates_dir
from seoaudit.render.view import build_view
from seoaudit.rules import catalogue
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.schema import FINDINGS

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></svg><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(document.cookie)",
    "&lt;b&gt;&amp;",
]


def page_of(path: Path, info: RunInfo = INFO, **tables: list[dict[str, Any]]) -> str:
    return render_html(build_view(make_run(path / "run", info, **tables)))


def empty(path: Path, **info: Any) -> str:
    folder = RunFolder(path)
    folder.write_info(INFO.model_copy(update=info))
    return render_html(build_view(folder))


def text_of(page: str, selector: str) -> str:
    node = LexborHTMLParser(page).css_first(selector)
    assert node is not None, f"the page has no {selector}"
    return " ".join(node.text().split())


def attributes(page: str) -> list[tuple[str, str, str]]:
    root = LexborHTMLParser(page).root
    assert root is not None
    nodes: list[LexborNode] = [node for node in root.traverse() if node.is_element_node]
    return [(str(node.tag), name, value or "") for node in nodes for name, value in node.attributes.items()]


def test_the_page_opens_with_the_verdict_then_the_first_fix_then_the_limits(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    ids = [node.id for node in LexborHTMLParser(page).css("main > section")]
    assert ids[:3] == ["verdict", "fix-first", "limits"]
    assert "4 critical, 8 high, 4 medium and 1 low problems in 63 URLs" in text_of(page, "#verdict")


def test_every_severity_has_its_count_and_its_word(tmp_path: Path) -> None:
    tiles = [" ".join(tile.text().split()) for tile in LexborHTMLParser(page_of(tmp_path)).css(".severities li")]
    assert [tile.split()[0] for tile in tiles] == ["4", "8", "4", "1", "1"]
    assert [tile.split()[-1] for tile in tiles] == list(SEVERITIES)


def test_a_rule_that_nobody_knows_yet_has_its_section(tmp_path: Path) -> None:
    section = text_of(page_of(tmp_path), "#rule-a-rule-of-tomorrow")
    assert "A rule of tomorrow" in section
    assert "307, as agreed." in section


def test_a_rule_shows_its_words_and_dated_sources(tmp_path: Path) -> None:
    rule = catalogue()["redirect-loop"]
    section = text_of(page_of(tmp_path), "#rule-redirect-loop")
    for words in (rule.title, rule.why, rule.fix, rule.references[0].source, rule.references[0].date):
        assert " ".join(words.split()) in section


def test_templates_name_no_rule() -> None:
    words = {word for rule_id, rule in catalogue().items() for word in (f'"{rule_id}"', rule.title)}
    for file in templates_dir().glob("*.html"):
        source = file.read_text(encoding="utf-8")
        assert not [word for word in words if word in source], file.name


def test_a_group_gives_the_exact_change_once_with_its_count(tmp_path: Path) -> None:
    groups = [" ".join(group.text().split()) for group in LexborHTMLParser(page_of(tmp_path)).css(".group")]
    (https,) = [group for group in groups if "http to https on shop.example" in group]
    assert "5 URLs" in https
    assert https.count("answer every http URL with 301 to the same path on https instead of 302") == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_a_site_stays_text_wherever_it_stands(tmp_path: Path, hostile: str) -> None:
    row = finding("redirect-loop", "high", hostile, hostile, hostile, group=hostile)
    fix = {**fixes()[0], "page": hostile, "text": hostile, "href": hostile, "replace_with": hostile, "target": hostile}
    form = {"page": hostile, "pages": 1, "text": hostile, "action": hostile, "method": "POST", "allow": hostile}
    asked = {
        "forms": [{**form, "verdict": "body-lost", "sentence": hostile}],
        "entry_points": [entry_point("http", hostile, "301 → 200", final_url=hostile)],
    }
    update = {
        "site": hostile,
        "start": hostile,
        "adopted_host": hostile,
        "listed_urls": [hostile],
        "arguments": {"include": hostile},
        "failed_rules": {"redirect-loop": hostile},
    }
    page = page_of(
        tmp_path, INFO.model_copy(update=update), findings=[row, {**row, "url": hostile + "2"}], fixes=[fix], **asked
    )
    tree = LexborHTMLParser(page)
    assert [len(tree.css(name)) for name in ("script", "style", "img", "b")] == [1, 1, 0, 0]
    assert not [name for _, name, _ in attributes(page) if name.startswith("on")]
    for selector in (
        "h1",
        "#verdict",
        "#fix-first",
        "#limits",
        "#listed",
        "#rule-redirect-loop",
        "#entries",
        "#forms",
        "#links",
        "#run",
    ):
        assert hostile in text_of(page, selector)


def test_only_web_addresses_and_places_on_the_page_are_links(tmp_path: Path) -> None:
    odd = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "/relative",
    ]
    page = page_of(tmp_path, findings=[finding("redirect-loop", "high", "", url, url) | {"url": url} for url in odd])
    links = [value for tag, name, value in attributes(page) if name == "href" and tag == "a"]
    assert links
    assert not [value for value in links if not value.startswith(("https://", "http://", "#"))]


@given(st.text())
def test_no_text_becomes_a_link_that_is_not_http(text: str) -> None:
    assert (href(text) or "https://").startswith(("https://", "http://"))


@pytest.mark.parametrize(
    "url", ["\x01javascript:alert(1)", "java\nscript:alert(1)", "https:\\\\\x00", "https://[", "", None]
)
def test_an_address_that_only_looks_like_one_is_no_link(url: str | None) -> None:
    assert href(url) is None


@pytest.mark.parametrize(
    "unseen", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041"]
)
def test_characters_without_a_shape_are_written_as_code_points(tmp_path: Path, unseen: str) -> None:
    page = page_of(tmp_path, findings=[finding("redirect-loop", "high", f"/a{unseen}b", f"a{unseen}b")])
    assert unseen not in page
    assert f"a⟨U+{ord(unseen):04X}⟩b" in text_of(page, "#rule-redirect-loop")


def test_right_to_left_text_cannot_turn_its_neighbours(tmp_path: Path) -> None:
    page = page_of(tmp_path, findings=[finding("redirect-loop", "high", "/a", "שלום 123")])
    isolated = [node.text() for node in LexborHTMLParser(page).css("bdi")]
    assert "שלום 123" in isolated


def test_a_very_long_url_is_cut_with_its_length_and_not_linked(tmp_path: Path) -> None:
    url = f"{SITE}/{'x' * 10_000}"
    page = page_of(tmp_path, findings=[finding("redirect-loop", "high", url, "It loops.")])
    assert f"({len(url):,} characters)" in text_of(page, "#rule-redirect-loop")
    assert "x" * 300 not in page


def test_short_keeps_both_ends_of_a_long_text() -> None:
    assert short("a" * 100 + "b" * 100, 20) == "aaaaaaaaaaaaaaa[…]bbbbb (200 characters)"
    assert short("short", 20) == "short"


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    policy = next(value for tag, name, value in attributes(page) if tag == "meta" and "default-src" in value)
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for tag in ("style", "script"):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert directives[f"{tag}-src"] == f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert not [name for _, name, _ in attributes(page) if name == "style"]


def test_the_page_asks_for_no_other_file(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    assert not [
        value for _, name, value in attributes(page) if name in {"src", "srcset", "data", "xlink:href", "poster"}
    ]
    assert [value for tag, name, value in attributes(page) if tag == "link" and name == "href"] == ["data:,"]
    assert not re.search(r"@import|url\(", (templates_dir() / "report.css").read_text(encoding="utf-8"))


def test_an_empty_run_has_a_page_that_says_so(tmp_path: Path) -> None:
    page = empty(tmp_path, adopted_host=None)
    assert "nothing to fix in 0 URLs" in text_of(page, "#verdict")
    assert "No rule found anything in what was asked." in text_of(page, "#findings")
    assert "every URL that the audit knew was asked" in text_of(page, "#limits")


def test_a_failed_run_says_that_nothing_answered_and_claims_nothing_else(tmp_path: Path) -> None:
    page = empty(
        tmp_path, state="failed", failure="http://shop.example/ did not answer (dns); check it", adopted_host=None
    )
    said = text_of(page, "#verdict")
    assert "could not be audited: http://shop.example/ did not answer (dns)." in said
    assert "What to try: check it" in said
    assert "critical" not in said
    assert "No rule could look" in text_of(page, "#findings")
    assert "found nothing in what was asked" not in page
    assert "Nothing:" not in text_of(page, "#limits")


def test_what_a_failed_run_found_all_the_same_is_shown(tmp_path: Path) -> None:
    page = page_of(tmp_path, INFO.model_copy(update={"state": "failed", "failure": "it answers 301"}))
    said = text_of(page, "#verdict")
    assert "could not be audited: it answers 301. First: redirect loop, 2 URLs." in said
    assert "4 ■ critical" in said
    assert "Nothing of the site was judged" not in said


def test_an_unfinished_run_says_how_much_is_missing(tmp_path: Path) -> None:
    page = page_of(tmp_path, LIMITED)
    assert "unfinished (120 known URLs not asked)" in text_of(page, "#verdict")
    assert "max_urls 120 URLs: the audit stopped at max_urls=500" in text_of(page, "#limits")


def test_a_rule_that_failed_is_named_with_its_error(tmp_path: Path) -> None:
    page = page_of(tmp_path, LIMITED)
    assert "1 rule could not be applied" in text_of(page, "#verdict")
    assert "KeyError: 'statuses'" in text_of(page, "#limits")


def test_what_limited_the_audit_is_read_from_the_tables_too(tmp_path: Path) -> None:
    said = text_of(page_of(tmp_path), "#limits")
    for limit in ("robots 1 URL", "dns 1 URL", "too-large 1 URL", "timeout 1 URL", "javascript 1 URL", "adopted host"):
        assert limit in said


def test_listed_urls_keep_their_order_and_show_where_they_end(tmp_path: Path) -> None:
    rows = [
        " ".join(row.text().split()) for row in LexborHTMLParser(page_of(tmp_path, LIMITED)).css("#listed tbody tr")
    ]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert "301 301 307 200 3 https://shop.example/products/boots ends well" in rows[0]
    assert "loop" in rows[2]
    assert "end not asked" in rows[3]


def test_the_headlines_have_their_change_since_the_last_run_where_there_is_one(tmp_path: Path) -> None:
    view = build_view(make_run(tmp_path))
    assert "last run" not in text_of(render_html(view), ".tiles")
    compared = render_html(replace(view, since_last={"problems": 2, "links": -3, "chains": 0}))
    said = [" ".join(tile.text().split()) for tile in LexborHTMLParser(compared).css(".tile")]
    assert said[:2] == ["17 problems +2 since last run", "5 links to edit -3 since last run"]
    assert "last run" not in said[2]
    assert said[3].endswith("as in the last run")


def test_a_card_says_what_one_change_repairs(tmp_path: Path) -> None:
    rows = [finding("rule", "high", f"/{name}", "x", "Mend it.", inlinks=3, group="all") for name in "ab"]
    rows += [finding("own", "low", f"/{name}", "x", f"Mend /{name}.") for name in "ab"]
    cards = [" ".join(card.text().split()) for card in LexborHTMLParser(page_of(tmp_path, findings=rows)).css(".reach")]
    assert cards[:2] == ["One change repairs 2 URLs and 6 mentions", "2 changes repair 2 URLs"]


def test_a_card_shows_how_its_severities_split(tmp_path: Path) -> None:
    rows = [finding("rule", severity, f"/{severity}", "x") for severity in ("high", "low")]
    page = page_of(tmp_path, findings=rows)
    assert "2 URLs (1 high, 1 low)" in text_of(page, ".group")
    assert "Cause" not in text_of(page, ".group")


def test_a_chain_that_fails_on_another_site_is_drawn_with_its_failure(tmp_path: Path) -> None:
    missing = {"requested_url": f"{SITE}/away", "url_list": [f"{SITE}/away", "https://missing.example/"]}
    more = {"statuses": [301, None], "mechanisms": ["location"], "redirect_count": 1, "final_error": "dns"}
    page = page_of(tmp_path, chains=[{**missing, **more, "outcome": "external", "permanence": "permanent"}])
    said = text_of(page, "#chains")
    assert "leaves the site and fails there" in said
    assert "the host has no address" in said
    assert said.count("answered in") == 1


def test_a_loop_says_how_many_urls_lead_into_it(tmp_path: Path) -> None:
    assert "3 URLs lead into this loop" in text_of(page_of(tmp_path), "#chains")


def test_first_seen_is_told_when_it_is_older_than_the_run(tmp_path: Path) -> None:
    old = [row | {"first_seen": row["first_seen"].replace(month=3)} for row in findings() if "first_seen" in row]
    assert "2026-03-21" in text_of(page_of(tmp_path / "old", findings=old), "#findings")
    assert "First seen" not in page_of(tmp_path / "new")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("20260921T110640Z", "21 September 2026, 11:06 UTC"),
        ("2026-09-21T13:06:40+02:00", "21 September 2026, 11:06 UTC"),
        ("2026-09-21T11:06:40", "21 September 2026, 11:06 UTC"),
        ("soon", "soon"),
        (None, "not known"),
    ],
)
def test_a_moment_is_written_in_utc(value: str | None, words: str) -> None:
    assert moment(value) == words


def test_headings_stand_in_order_and_every_table_has_a_caption_and_scoped_headers(tmp_path: Path) -> None:
    tree = LexborHTMLParser(page_of(tmp_path, LIMITED))
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(table.css_first("caption") for table in tree.css("table"))
    assert all(header.attributes.get("scope") for header in tree.css("th"))


def test_ids_are_unique_and_every_place_that_is_linked_exists(tmp_path: Path) -> None:
    page = page_of(tmp_path, LIMITED)
    ids = [value for _, name, value in attributes(page) if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = [value[1:] for _, name, value in attributes(page) if name == "href" and value.startswith("#")]
    wanted += [one for _, name, value in attributes(page) if name == "aria-labelledby" for one in value.split()]
    assert set(wanted) <= set(ids)


def test_every_row_can_be_read_without_the_script(tmp_path: Path) -> None:
    tree = LexborHTMLParser(page_of(tmp_path))
    assert len(tree.css("article.rule tbody tr")) == len(findings())
    assert not tree.css("button, input, [hidden]")


def test_a_hundred_thousand_findings_make_a_page_that_a_browser_opens(tmp_path: Path) -> None:
    folder = make_run(tmp_path, findings=[])
    count, long = 100_000, "long/" * 60
    columns = {
        "rule": [f"rule-{number % 50}" for number in range(count)],
        "severity": [SEVERITIES[number % 5] for number in range(count)],
        "url": [f"{SITE}/{long}{number}" for number in range(count)],
        "detail": [f"Leads to {SITE}/{long}{number}." for number in range(count)],
        "fix": [f"Send {SITE}/{long}{number} elsewhere." for number in range(count)],
        "inlinks": range(count),
        "first_seen": [None] * count,
        "group": [None] * count,
    }
    pq.write_table(pa.table(columns, schema=FINDINGS), folder.table("findings"))
    write_html(build_view(folder), folder)
    page = folder.html.read_text(encoding="utf-8")
    assert len(page.encode()) < 15_000_000
    assert "Shown are 30 of 2,000 findings; all of them are in findings.parquet" in text_of(page, "#rule-rule-0")


def test_writing_leaves_one_whole_file(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    write_html(build_view(folder), folder)
    write_html(build_view(folder), folder)
    assert folder.html.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in tmp_path.iterdir() if "report" in file.name] == ["report.html"]


def colours(block: str) -> dict[str, tuple[float, ...]]:
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6})", block)
    return {name: tuple(int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)) for name, value in found}


def luminance(colour: tuple[float, ...]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_every_text_colour_has_the_contrast_that_wcag_asks_for(scheme: int) -> None:
    style = (templates_dir() / "report.css").read_text(encoding="utf-8")
    palette = colours(re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme])
    words = ("ink", "soft", "link", "critical", "high", "medium", "low", "info", "good", "bad")
    pairs = [(word, ground) for word in words for ground in ("page", "panel")]
    pairs += [("on-chip", "critical"), ("on-chip", "high"), ("ink", "tint-bad"), ("ink", "tint-warn")]
    for word, ground in pairs:
        light, dark = sorted((luminance(palette[word]), luminance(palette[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{word} on {ground}"  # WCAG 2.2, 1.4.3


@pytest.mark.server("chromium")
def test_a_browser_runs_the_script_and_refuses_nothing(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs the Debian package chromium")
    folder = make_run(tmp_path / "run", LIMITED)
    write_html(build_view(folder), folder)
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    ran = subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--enable-logging=stderr",
            "--v=0",
            *quiet,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            folder.html.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert LexborHTMLParser(ran.stdout).css("thead button")
    assert "CONSOLE" not in ran.stderr


def test_the_page_shows_what_a_browser_does_and_why_it_is_no_fault(tmp_path: Path) -> None:
    row = {
        "host": "shop.example",
        "in_scope": True,
        "hsts": "max-age=60; <b>",
        "https_answers": 1,
        "browser": "returning",
    }
    counts = dict.fromkeys(["answers_without", "redirects_without", "hsts_values", "sent_over_http"], 0)
    page = page_of(tmp_path, hosts=[row | counts | {"preload_list_date": "2026-11-01"}])
    assert "Non-Authoritative-Reason: HSTS" in page
    assert "it must not be “fixed”" in page
    assert "in the browser of a returning visitor: not asked, but" in page
    assert "max-age=60; &lt;b&gt;" in page
    assert "Preload list of 2026-11-01; not to be on it is no fault." in page


def test_a_page_without_known_policies_speaks_of_no_browser(tmp_path: Path) -> None:
    page = page_of(tmp_path, hosts=[])
    assert "Non-Authoritative-Reason" not in page
    assert 'id="hsts"' not in page


def test_the_entry_points_stand_in_a_matrix_of_names_and_schemes(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    section = text_of(page, "#entries")
    assert "2 of 3 entry points that answer meet at https://shop.example/" in section
    assert "http://www.shop.example/ ends at https://www.shop.example/start" in section
    assert "More than one redirect: http://www.shop.example/ (2)." in section
    assert "The step from http to https is not permanent: http://www.shop.example/ (302 → 301 → 200)" in section
    assert "4 pages asked: 3 keep path and query, 1 lose the path" in section
    rows = [
        [cell.text(strip=True) for cell in row.css("th,td")] for row in LexborHTMLParser(page).css("#entries tbody tr")
    ]
    assert [row[0] for row in rows] == ["shop.example", "www.shop.example"]
    assert rows[1][2] == "not asked"


def test_entry_points_that_are_in_order_say_so(tmp_path: Path) -> None:
    good = [
        entry_point("http", "shop.example", "301 → 200", permanence="permanent", pages_asked=2, pages_kept=2),
        entry_point("https", "shop.example", "200"),
    ]
    page = page_of(tmp_path, entry_points=good)
    assert LexborHTMLParser(page).css("#entries .bad") == []
    assert "All 2 entry points that answer meet at https://shop.example/." in text_of(page, "#entries")
    assert "The step from http to https is permanent." in text_of(page, "#entries")


def test_forms_stand_with_their_verdict_the_worst_first(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    rows = [" ".join(row.text().split()) for row in LexborHTMLParser(page).css("#forms tbody tr")]
    assert rows[0].startswith("data lost POST https://shop.example/send with password 301 Allow: GET, POST")
    assert "and 3,999 others" in rows[1]
    assert "inferred" in text_of(page, "#forms .lead")


def test_a_run_of_an_earlier_version_has_neither_and_is_shown_all_the_same(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    for name in ("entry_points", "forms", "variants"):
        folder.table(name).unlink()
    old = pq.read_table(folder.table("responses")).drop_columns(["probe", "allow"])
    pq.write_table(old, folder.table("responses"))
    page = render_html(build_view(folder))
    assert LexborHTMLParser(page).css("#entries, #forms") == []
    assert "URLs asked" in page


def test_what_the_audit_asked_of_its_own_accord_counts_nowhere(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run")
    before = build_view(folder)
    answers = pq.read_table(folder.table("responses"))
    probe = pa.Table.from_pylist(
        [
            {"url": f"{SITE}/INDEX.html", "status": 200, "media_type": "text/html", "in_scope": True, "probe": "case"},
            {"url": f"{SITE}/send", "status": 302, "mechanism": "location", "in_scope": True, "probe": "form"},
            {"url": "http://shop.example:80/", "error": "connect", "in_scope": True, "probe": "entry"},
        ],
        schema=answers.schema,
    )
    pq.write_table(pa.concat_tables([answers, probe]), folder.table("responses"))
    after = build_view(folder)
    assert (after.numbers.probes, before.numbers.probes) == (3, 0)
    assert replace(after.numbers, probes=0) == before.numbers
    assert (after.statuses, after.mechanisms, after.limits) == (before.statuses, before.mechanisms, before.limits)
    assert after.redirect_map == before.redirect_map

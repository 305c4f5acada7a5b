"""The page in a real browser, opened from its file: tables that answer to hand, keyboard and address, on any screen and paper."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample import INFO, LIMITED, SITE, finding, findings, fixes, make_run

from seoaudit.render.html import write_html
from seoaudit.render.view import build_view
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import FINDINGS, RESPONSES

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[test]'")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

    Visit = Callable[..., Page]

pytestmark = pytest.mark.server("chromium")

PATIENCE_MS = 60_000
AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
ALL = len(findings())
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "\u202egnp.exe",
    "=HYPERLINK(1)",
    "שלום",
    "{{ 7 * 7 }}",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page; at the end no page has complained or asked for anything but itself."""
    contexts, complaints = [], []

    def heard(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or complaints.append(asked.url)
        )

    def opened(html: Path, fragment: str = "", width: int = 1280, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        page = contexts[-1].new_page()
        heard(page)
        page.goto(html.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def written(folder: RunFolder) -> Path:
    write_html(build_view(folder), folder)
    return folder.html


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(make_run(tmp_path_factory.mktemp("sample"), LIMITED))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = [finding("redirect-loop", "high", text, text, text, group=text) | {"url": text} for text in HOSTILE]
    found.append(finding("redirect-loop", "high", f"/{'x' * 10_000}", "It loops."))
    mentions = [{**fixes()[0], "text": text, "href": text, "replace_with": f"javascript:{text}"} for text in HOSTILE]
    return written(make_run(tmp_path_factory.mktemp("hostile"), findings=found, fixes=mentions))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("large"), findings=[])
    rows = range(50_000)
    columns: dict[str, Any] = {
        "rule": [f"rule-{n % 20}" for n in rows],
        "severity": [("high", "medium", "low")[n % 3] for n in rows],
        "url": [f"{SITE}/section/{n:05}" for n in rows],
        "detail": ["It redirects."] * 50_000,
        "fix": ["Point at the end."] * 50_000,
        "inlinks": rows,
        "first_seen": [None] * 50_000,
        "group": [None] * 50_000,
    }
    pq.write_table(pa.table(columns, schema=FINDINGS), folder.table("findings"))
    return written(folder)


def said(page: Page) -> Locator:
    return page.locator("[role=tabpanel]:not([hidden]) .said")


def expect_rows(page: Page, shown: int, of: int, title: str = "Findings") -> None:
    words = f"{of:,} rows in {title}." if shown == of else f"{shown:,} of {of:,} rows in {title}."
    playwright.expect(said(page)).to_contain_text(words)


def column(page: Page, label: str) -> list[str]:
    """The cells of one column that are in the document, from top to bottom."""
    cells: list[str] = page.evaluate(
        """label => [...document.querySelectorAll("[role=tabpanel]:not([hidden]) .body [role=row][id]")]
            .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
            .map(row => row.querySelector(`.clip[data-label="${label}"]`).textContent.trim())""",
        label,
    )
    return cells


def header(page: Page, label: str) -> Locator:
    return page.locator(f"[role=tabpanel]:not([hidden]) [role=columnheader]:has(button[title='Sort by {label}'])")


def grid(page: Page) -> Locator:
    return page.locator("[role=tabpanel]:not([hidden]) [role=grid]")


def detail(page: Page) -> Locator:
    return page.locator("[role=tabpanel]:not([hidden]) .detail")


def test_every_column_filters_by_words_by_choice_and_by_amount(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    expect_rows(page, ALL, ALL)
    header(page, "Severity").locator("select").select_option("critical")
    expect_rows(page, 4, ALL)
    assert set(column(page, "Severity")) == {"■ critical"}
    header(page, "Inlinks").locator("input").fill(">2")
    expect_rows(page, 2, ALL)
    header(page, "URL").locator("input").fill("!/UNSAFE")
    expect_rows(page, 1, ALL)
    assert column(page, "URL") == [f"{SITE}/a"]
    page.get_by_role("button", name="Show all").click()
    expect_rows(page, ALL, ALL)


def test_search_looks_for_every_word_in_all_columns(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    page.get_by_label("Search in all columns").first.fill("ENDS 503")
    expect_rows(page, 1, ALL)
    assert column(page, "URL") == [f"{SITE}/broken"]
    page.get_by_label("Search in all columns").first.fill("no row is like this")
    playwright.expect(page.get_by_text("No row is like this.")).to_be_visible()


def test_a_column_sorts_up_down_and_as_it_was(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    expect_rows(page, ALL, ALL)
    before = column(page, "URL")
    button = header(page, "Inlinks").get_by_role("button")
    for order, key in (("ascending", 1), ("descending", -1)):
        button.click()
        playwright.expect(header(page, "Inlinks")).to_have_attribute("aria-sort", order)
        amounts = [int(text) * key for text in column(page, "Inlinks")]
        assert amounts == sorted(amounts)
    button.click()
    playwright.expect(header(page, "Inlinks")).to_have_attribute("aria-sort", "none")
    assert column(page, "URL") == before


def test_a_reader_chooses_the_columns(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    expect_rows(page, ALL, ALL)
    page.locator(".choose summary").first.click()
    page.get_by_role("checkbox", name="In common").check()
    page.get_by_role("checkbox", name="What was found").uncheck()
    playwright.expect(header(page, "In common")).to_be_visible()
    playwright.expect(header(page, "What was found")).to_have_count(0)


def test_the_address_keeps_what_is_set_and_brings_it_back(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    expect_rows(page, ALL, ALL)
    header(page, "Severity").locator("select").select_option("high")
    header(page, "URL").get_by_role("button").click()
    expect_rows(page, 8, ALL)
    rows, fragment = column(page, "URL"), page.url.partition("#")[2]
    assert "severity=high" in fragment
    again = visit(html, f"#{fragment}")
    expect_rows(again, 8, ALL)
    assert column(again, "URL") == rows


def test_a_link_to_a_finding_opens_it(html: Path, visit: Visit) -> None:
    url = f"{SITE}/b"
    for place in (url, "https%3A%2F%2Fshop.example%2Fb"):
        page = visit(html, f"#redirect-loop/{place}")
        playwright.expect(detail(page)).to_contain_text("Never reaches a page: comes back to /b")
        playwright.expect(page.locator("[aria-selected=true] .url")).to_have_text(url)
        expect_rows(page, 2, ALL)


def test_another_link_on_the_same_page_closes_what_the_first_opened(html: Path, visit: Visit) -> None:
    page = visit(html, f"#redirect-loop/{SITE}/b")
    playwright.expect(detail(page)).to_be_visible()
    page.evaluate("location.hash = 'data/findings?severity=low'")
    expect_rows(page, 1, ALL)
    playwright.expect(detail(page)).to_be_hidden()


def test_a_link_to_a_group_shows_its_findings(html: Path, visit: Visit) -> None:
    page = visit(html, "#temporary-https-move/http%20to%20https%20on%20shop.example")
    expect_rows(page, 5, ALL)
    assert set(column(page, "In common")) == {"http to https on shop.example"}


def test_a_link_to_a_finding_that_is_gone_says_so(html: Path, visit: Visit) -> None:
    page = visit(html, "#redirect-loop/https://shop.example/100%")
    expect_rows(page, 0, ALL)


def test_numbers_and_rules_lead_to_their_rows(html: Path, visit: Visit) -> None:
    page = visit(html)
    page.locator(".severities a", has_text="low").click()
    expect_rows(page, 1, ALL)
    page.locator(".group", has_text="http to https on shop.example").locator("strong a").click()
    expect_rows(page, 5, ALL)
    page.locator(".tile a", has_text="chains of 2").click()
    view = build_view(RunFolder(html.parent))
    expect_rows(page, view.numbers.chains, view.chains_total, "Chains")


def test_what_is_shown_is_saved_as_csv_and_no_cell_is_a_formula(hostile: Path, visit: Visit) -> None:
    page = visit(hostile, "#data/findings")
    expect_rows(page, 7, 7)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").first.click()
    assert download.value.suggested_filename == "findings.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Severity", "Rule", "URL", "What was found", "Change", "Inlinks"]
    assert {row[2] for row in rows} == {*HOSTILE, f"{SITE}/{'x' * 10_000}"} - {"=HYPERLINK(1)"} | {"'=HYPERLINK(1)"}


def test_what_is_shown_is_copied_as_tab_separated_lines(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings?severity=critical&sort=url&show=url inlinks")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect_rows(page, 4, ALL)
    page.get_by_role("button", name="Copy", exact=True).first.click()
    playwright.expect(said(page)).to_have_text("4 rows copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    rows = [
        ("URL", "Inlinks"),
        *((f"{SITE}/{name}", n) for name, n in (("a", 4), ("b", 1), ("self", 2), ("unsafe", 3))),
    ]
    assert copied == "\n".join(f"{url}\t{inlinks}" for url, inlinks in rows)


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
def test_a_line_of_the_map_filters_the_tables(html: Path, visit: Visit, way: str) -> None:
    page = visit(html)
    line = page.get_by_role(
        "button", name="redirects from http://shop.example/… to https://shop.example/…: show the rows"
    )
    if way == "click":
        line.locator(".hit").dispatch_event("click")
    else:
        line.focus()
        page.keyboard.press(way)
    playwright.expect(said(page)).to_contain_text(
        "Only redirects from http://shop.example/… to https://shop.example/…."
    )
    playwright.expect(line).to_have_attribute("aria-pressed", "true")
    assert {url.rpartition("/")[0] for url in column(page, "URL")} <= {
        "http://shop.example",
        "http://shop.example/blog",
    }
    page.get_by_role("tab", name="URLs").click()
    playwright.expect(said(page)).to_contain_text("rows in URLs. Only redirects")
    shown = column(page, "URL")
    assert shown
    assert all(url.startswith("http://shop.example/") for url in shown)


def test_a_place_on_the_map_shows_all_that_leaves_or_reaches_it(html: Path, visit: Visit) -> None:
    page = visit(html)
    place = page.locator(".map .node[role=button]").first
    place.click()
    page.get_by_role("tab", name="URLs").click()
    playwright.expect(said(page)).to_contain_text("Only redirects")
    assert "map=" in page.url
    page.get_by_role("button", name="Show all").locator("visible=true").click()
    playwright.expect(said(page)).not_to_contain_text("Only redirects")
    playwright.expect(place).to_have_attribute("aria-pressed", "false")
    assert "map=" not in page.url


def test_a_small_screen_has_the_map_as_a_table_that_leads_to_the_same_rows(html: Path, visit: Visit) -> None:
    page = visit(html, width=320)
    page.get_by_text("The map as a table").click()
    line = page.locator("#map tbody tr").first
    count = int(line.locator("td a").inner_text())
    line.locator("td a").click()
    playwright.expect(said(page)).to_contain_text(f"{count} of ")
    playwright.expect(said(page)).to_contain_text("rows in URLs. Only redirects from")


def test_a_chain_is_shown_hop_by_hop(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/chains?url=%3Dhttps://shop.example/old/boots")
    page.locator(".body [role=row] .clip").nth(1).click()
    hops = detail(page).locator(".hop")
    playwright.expect(hops).to_have_count(4)
    playwright.expect(hops.first).to_contain_text("301")
    playwright.expect(hops.first).to_contain_text("Location header, permanent, answered in")
    playwright.expect(hops.nth(2)).to_contain_text("temporary")


def test_the_keyboard_alone_walks_opens_and_closes(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings")
    expect_rows(page, ALL, ALL)
    playwright.expect(grid(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert grid(page).get_attribute("aria-activedescendant") == "grid-findings-1"
    page.keyboard.press("Enter")
    playwright.expect(detail(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    playwright.expect(detail(page)).to_be_hidden()
    playwright.expect(grid(page)).to_be_focused()
    page.keyboard.press("End")
    assert grid(page).get_attribute("aria-activedescendant") == f"grid-findings-{ALL - 1}"
    page.get_by_role("tab", name="Findings").focus()
    page.keyboard.press("ArrowRight")
    playwright.expect(page.get_by_role("tab", name="Links to edit")).to_be_focused()
    expect_rows(page, 5, 5, "Links to edit")


def test_fifty_thousand_rows_keep_only_those_in_sight_in_the_document(large: Path, visit: Visit) -> None:
    page = visit(large, "#data/findings?sort=url")
    expect_rows(page, 50_000, 50_000)
    assert grid(page).get_attribute("aria-rowcount") == "50001"
    in_document = grid(page).locator(".body [role=row]")
    assert 10 < in_document.count() < 60
    grid(page).focus()
    page.keyboard.press("End")
    last = page.locator("#grid-findings-49999")
    playwright.expect(last).to_be_in_viewport()
    playwright.expect(last).to_have_attribute("aria-rowindex", "50001")
    playwright.expect(last).to_contain_text("/section/49999")
    assert in_document.count() < 60
    page.get_by_label("Search in all columns").first.fill("section/2500")
    expect_rows(page, 10, 50_000)


def test_text_of_a_site_stays_text_in_the_tables(hostile: Path, visit: Visit) -> None:
    page = visit(hostile, "#data/findings")
    expect_rows(page, 7, 7)
    urls = column(page, "URL")
    assert {"<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "⟨U+202E⟩gnp.exe", "שלום"} <= set(urls)
    assert any("(10,021 characters)" in url for url in urls)
    for name in ("findings", "links", "urls"):
        page.evaluate("name => page.choose(name, true)", name)
        playwright.expect(grid(page).locator(".body [role=row][id]").first).to_be_visible()
        grid(page).focus()
        page.keyboard.press("Home")
        page.keyboard.press("Enter")
        playwright.expect(detail(page)).to_be_visible()
    assert page.locator("#data").locator("img, script").count() == 0
    assert page.locator("a:not([href^='http'], [href^='#'])").count() == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("fixture", ["html", "hostile"])
def test_no_page_is_wider_than_its_screen(
    request: pytest.FixtureRequest, visit: Visit, fixture: str, width: int
) -> None:
    page = visit(request.getfixturevalue(fixture), "#data/findings?row=0", width=width)
    playwright.expect(detail(page)).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_small_screen_has_sorting_and_filters_behind_a_button(html: Path, visit: Visit) -> None:
    page = visit(html, "#data/findings", width=320)
    expect_rows(page, ALL, ALL)
    playwright.expect(header(page, "Severity")).to_be_hidden()
    page.get_by_role("button", name="Sort and filter").first.click()
    header(page, "Severity").locator("select").select_option("low")
    expect_rows(page, 1, ALL)


def test_the_page_is_dark_where_the_reader_wants_it(html: Path, visit: Visit) -> None:
    colour = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    dark = visit(html, "#data/findings", color_scheme="dark")
    light = visit(html, "#data/findings", color_scheme="light")
    for place in ("body", ".grid .head", ".table input"):
        shades = [sum(map(int, re.findall(r"\d+", page.evaluate(colour.format(place)))[:3])) for page in (dark, light)]
        assert shades[0] < 150
        assert shades[1] > 650


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("fragment", ["", "#redirect-loop/https://shop.example/b", "#data/chains?row=0"])
def test_axe_finds_nothing_serious(html: Path, visit: Visit, fragment: str, width: int, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core: npm ci --prefix tests/render/axe")
    page = visit(html, fragment, width=width, color_scheme=scheme)
    page.locator("#data").scroll_into_view_if_needed()
    playwright.expect(grid(page).locator(".body [role=row][id]").first).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then(found => found.violations)")
    serious = [one for one in violations if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []


@pytest.mark.server("pdftotext")
def test_paper_has_every_finding_expanded_and_no_table_to_click(html: Path, visit: Visit, tmp_path: Path) -> None:
    page = visit(html)
    page.pdf(path=tmp_path / "page.pdf")
    printed = subprocess.run(
        ["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    words = "".join(printed.split())
    assert [row["url"] for row in findings() if row["url"] not in words] == []
    assert "Searchinallcolumns" not in words


def test_without_scripts_the_first_rows_stand_there_and_it_says_where_the_others_are(html: Path, visit: Visit) -> None:
    page = visit(html, java_script_enabled=False)
    assert "report.xlsx" in page.locator(".unscripted").inner_text()
    assert page.locator("article.rule tbody tr").count() == ALL
    assert page.get_by_role("grid").count() == 0


def test_more_rows_than_the_page_carries_are_told(
    tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seoaudit.render.datasets.MAX_ROWS", 10)
    page = visit(written(make_run(tmp_path)), "#data/findings")
    playwright.expect(said(page)).to_contain_text(f"The page carries the first 10 of {ALL}; report.xlsx has more.")


def test_a_clean_site_has_its_urls_and_no_complaint(tmp_path: Path, visit: Visit) -> None:
    folder = make_run(tmp_path, INFO, findings=[], fixes=[], chains=[], forms=[])
    rows = [{"url": f"{SITE}/{n}", "status": 200, "in_scope": True} for n in range(9)]
    pq.write_table(pa.Table.from_pylist(rows, schema=RESPONSES), folder.table("responses"))
    html = written(folder)
    page = visit(html)
    assert "nothing to fix in 9 URLs" in page.locator(".sentence").inner_text()
    page.locator(".tile a").click()
    expect_rows(page, 9, 9, "URLs")
    expect_rows(visit(html, "#redirect-loop/https://shop.example/"), 9, 9, "URLs")
    expect_rows(visit(html, "#data/findings"), 9, 9, "URLs")

"""How large the report page of a large run is, and how long a browser takes until it can be used: 100,000 URLs, 20,000 findings.

    python benchmarks/report_page.py [--urls N] [--redirects N] [--links N] [--findings N] [--rounds N] [--folder DIR]

The run is that of judge_synthetic.py, judged; its findings are cut, or repeated, to the number asked for. The page is opened
from its file in headless Chromium (Playwright, Debian's chromium). `read` is when the first screen is painted, `usable` when the
table of findings stands there after a click that needs it, both from the start of the navigation; `filter`, `sort` and `scroll`
are the longest of ten on the table of URLs. The best of the rounds counts, for the machine may have other work.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from judge_synthetic import make_run
from playwright.sync_api import Page, sync_playwright

from seoaudit.config import Config
from seoaudit.render.html import write_html
from seoaudit.render.view import build_view
from seoaudit.run import report
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import FINDINGS

PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
ROWS = "document.querySelectorAll('#grid-{} .body [role=row][id]').length > 0"
USABLE = f"() => {ROWS.format('findings')} && performance.now()"
LONGEST = """async (work) => {
    const grid = page.grids.get("urls");
    let longest = 0;
    for (let nth = 0; nth < 10; nth++) {
        const start = performance.now();
        new Function("grid", "nth", work)(grid, nth);
        grid.body.getBoundingClientRect();
        longest = Math.max(longest, performance.now() - start);
    }
    return longest;
}"""
WORK = {
    "filter": "grid.query = 'topic-' + nth; grid.show()",
    "sort": "grid.query = ''; grid.sort = nth % 2 ? 'latency' : '-url'; grid.show()",
    "scroll": "grid.scroller.scrollTop = nth * 300000; grid.draw(false)",
}


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        folder = RunFolder(arguments.folder or Path(scratch) / "run")
        if not folder.info_file.exists():
            make_run(folder, arguments.urls, arguments.redirects, arguments.links, 0.1)
            report(folder, Config())
            _cut(folder, arguments.findings)
        start = time.perf_counter()
        view = build_view(folder)
        viewed = time.perf_counter()
        write_html(view, folder)
        print(f"view: {viewed - start:.1f} s, page: {time.perf_counter() - viewed:.1f} s")
        print(f"{view.numbers.urls:,} URLs, {view.findings_total:,} findings, {view.fixes_total:,} links to edit")
        print(f"size: {folder.html.stat().st_size / 1e6:.1f} MB")
        best = [_measure(folder.html) for _ in range(arguments.rounds)]
        print(", ".join(f"{name}: {min(one[name] for one in best):,.0f} ms" for name in best[0]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=100_000)
    parser.add_argument("--redirects", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--findings", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the run is made, or lies already")
    return parser.parse_args()


def _cut(folder: RunFolder, count: int) -> None:
    found = pq.read_table(folder.table("findings"), schema=FINDINGS)
    times = -(-count // max(1, found.num_rows))
    pq.write_table(pa.concat_tables([found] * times).slice(0, count), folder.table("findings"))


def _measure(html: Path) -> dict[str, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        try:
            return _times(page, html.as_uri())
        finally:
            browser.close()


def _times(page: Page, address: str) -> dict[str, float]:
    page.goto(address)
    times: dict[str, Any] = {"read": page.wait_for_function(PAINTED).json_value()}
    page.goto("about:blank")
    page.goto(f"{address}#data/findings?severity=high", wait_until="commit")
    times["usable"] = page.wait_for_function(USABLE).json_value()
    page.evaluate("page.choose('urls', true)")
    page.wait_for_function(f"() => {ROWS.format('urls')}")
    return times | {name: page.evaluate(LONGEST, work) for name, work in WORK.items()}


if __name__ == "__main__":
    main()

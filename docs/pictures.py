"""The pictures of the documentation, made again from the demo site.

    python docs/pictures.py [--run FOLDER]

Audits the demo, or takes the run in FOLDER, and opens its page in headless Chromium (Playwright, Debian's chromium).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

HERE = Path(__file__).parent
ROW = "#redirect-loop/https://www.shop.example/loops/7/1"


def main() -> None:
    """Write the pictures beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, help="a run of the demo that is there already")
    run = parser.parse_args().run
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        page = next((run or _demo(Path(scratch))).glob("**/report.html")).resolve().as_uri()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        _picture(browser, page, "report", (1280, 1100))
        _picture(browser, page + ROW, "report-table", (1280, 900))
        _picture(browser, page + ROW, "report-phone", (360, 800), "dark")
        browser.close()


def _demo(output: Path) -> Path:
    subprocess.run([sys.executable, "-m", "seoaudit", "demo", "--quiet", "--output", output], check=True)
    return output


def _picture(
    browser: Browser, address: str, name: str, size: tuple[int, int], scheme: Literal["light", "dark"] = "light"
) -> None:
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page.goto(address)
    if "#" in address:
        page.locator("[aria-selected=true][id^=grid]").wait_for()
    page.screenshot(path=HERE / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()

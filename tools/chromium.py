"""Debian's Chromium without a window; Playwright brings no browser of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Few processes: starting one for each new window costs more than showing a page.
    *("--in-process-gpu", "--renderer-process-limit=1", "--disable-site-isolation-trials"),
)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=[*QUIET], headless=True
        )
        yield browser
        browser.close()

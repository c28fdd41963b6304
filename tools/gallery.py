"""Pictures of every kind of page: at two widths, in every mode, in English, and printed.

    python -m tools.gallery [FOLDER]        into shots/ when no folder is named

Shows the demonstration, in ``GONGKAI_HOME`` or in a new home. A picture is named by its page's
kind, a number where a kind needs several pages, the width and the mode: ``item-2-390-simple.png``;
what a printer gives is ``item-2-printed.pdf``, and ``item-2-printed-text.pdf`` in large text.
"""

import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser
from tools.chromium import chromium
from tools.demonstration import demonstration
from tools.pages import MODES, one_of_each

WIDTHS = (390, 1440)
REMEMBER = "localStorage.setItem('gongkai-{}', '1')"


def main() -> None:
    """Take every picture."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "shots")
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as (here, home), chromium() as browser:
        pages = one_of_each(home / "board")
        numbers: Counter[str] = Counter()
        for page in pages:
            name = f"{page.kind}-en" if page.english else page.kind
            numbers[name] += 1
            if numbers[name] > 1:
                name += f"-{numbers[name]}"
            for mode in ("",) if page.english else ("", *MODES):
                _shoot(browser, here + page.address, mode, folder / name)
            print(name, page.address, flush=True)
    print(f"{len(list(folder.iterdir()))} files in {folder}/")


def _shoot(browser: Browser, address: str, mode: str, stem: Path) -> None:
    suffix = f"-{mode}" if mode else ""
    with browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai") as context:
        if mode:
            context.add_init_script(REMEMBER.format(mode))
        page = context.new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.screenshot(path=f"{stem}-{width}{suffix}.png", full_page=True)
        if mode in ("", "text"):
            page.pdf(path=f"{stem}-printed{suffix}.pdf", prefer_css_page_size=True)


if __name__ == "__main__":
    main()

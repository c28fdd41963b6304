"""What Lighthouse says of the home page and of an item, on a phone and on a desktop.

    python -m tools.lighthouse

Prints the four scores of each and exits 1 when one is below 95. Shows the demonstration in
``GONGKAI_HOME`` or in a new home. The first score depends on how busy the machine is.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.chromium import CHROMIUM
from tools.demonstration import demonstration
from tools.node import installed
from tools.pages import one_of_each

KINDS = ("home", "item")
CLASSES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
DEVICES: Mapping[str, tuple[str, ...]] = {"phone": (), "desktop": ("--preset=desktop",)}


def main() -> None:
    """Measure, print, judge."""
    program = installed("lighthouse", "Lighthouse", "node") / "cli" / "index.js"
    print(f"{'':24}{''.join(f'{name:>16}' for name in CLASSES)}")
    poor = False
    with demonstration() as (here, home):
        for kind in KINDS:
            page = next(each for each in one_of_each(home / "board") if each.kind == kind)
            for device, options in DEVICES.items():
                scores = measured(program, here + page.address, options)
                poor |= min(scores) < LEAST
                print(f"{kind + ', ' + device:24}{''.join(f'{score:16}' for score in scores)}")
    raise SystemExit(1 if poor else 0)


def measured(program: Path, address: str, options: tuple[str, ...]) -> list[int]:
    """The scores of one page, out of 100, in the order of ``CLASSES``."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        flags = [
            "--quiet",
            "--output=json",
            f"--output-path={report.name}",
            f"--only-categories={','.join(CLASSES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            *options,
        ]
        surroundings = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
        subprocess.run(["node", program, address, *flags], env=surroundings, check=True)
        categories = json.loads(Path(report.name).read_text("utf-8"))["categories"]
    return [round(100 * categories[name]["score"]) for name in CLASSES]


if __name__ == "__main__":
    main()

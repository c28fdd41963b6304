"""Is the HTML valid? Asks the Nu checker about every page of the demonstration.

    python -m tools.validate

Every page of the board, and the pages of the office that its inbox and its menu lead to. Prints
what the checker says and exits 1 when that is anything, a warning too. Shows the demonstration in
``GONGKAI_HOME`` or in a new home.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from tools.chromium import chromium
from tools.demonstration import demonstration
from tools.node import installed

POST = "office"
"""The post whose desk is looked at; it takes part in every step."""
OPEN = ("/accounts/login/", "/say/", "/say/status/", "/nothing-here/", "/desk/nothing-here/")
START = ("/desk/", "/members/")


def main() -> None:
    """Check everything and say how it went."""
    folder = installed("vnu-jar", "HTML validation with the Nu checker", "java")
    jar = folder / "build" / "dist" / "vnu.jar"
    with demonstration() as (here, home), tempfile.TemporaryDirectory() as fetched:
        office(here, home, Path(fetched))
        pages = [*(home / "board").rglob("*.html"), *Path(fetched).iterdir()]
        said = subprocess.run(
            ["java", "-jar", jar, "--format", "gnu", *pages], capture_output=True, text=True
        ).stderr
    print(re.sub(r'"file:[^"]*/(?:board/)?', '"', said), end="")
    print(f"{len(pages)} pages, {len(said.splitlines())} messages")
    raise SystemExit(1 if said else 0)


def office(here: str, home: Path, folder: Path) -> None:
    """Put the pages of the office into ``folder``, one of each form of address."""
    accounts = (home / "demo-accounts.txt").read_text("utf-8").splitlines()
    password = next(line.split("\t")[1] for line in accounts if line.startswith(f"{POST}\t"))
    with chromium() as browser:
        page = browser.new_page(locale="zh-CN")
        found = {path: page.request.get(here + path).text() for path in OPEN}
        page.goto(f"{here}/accounts/login/")
        page.fill("[name=login]", POST)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{here}/desk/**")
        for path in START:
            found[path] = page.request.get(here + path).text()
            for address in re.findall(r'href="(/(?:desk|members)/[^"#?]*)', found[path]):
                form = re.sub(r"[0-9A-Z]{10}|[A-Z]{2}-\d\d|\d[\d-]*", "N", address)
                if form not in found:
                    found[form] = page.request.get(here + address).text()
    for path, html in found.items():
        (folder / f"{path.strip('/').replace('/', '-')}.html").write_text(html, "utf-8")


if __name__ == "__main__":
    main()

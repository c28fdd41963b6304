"""Hugo, where it is installed: another builder of pages, for comparison."""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from random import Random

from tests.bench import corpus

PAGE = 12_000
"""Bytes of text in a page, as in ours."""
CONFIG = (
    'baseURL = "https://gongkai.example/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'
)
LAYOUT = (
    "<!doctype html><html lang=zh-CN><head><title>{{ .Title }}</title></head>"
    "<body><main><h1>{{ .Title }}</h1>{{ .Content }}</main></body></html>"
)


class Hugo:
    """A site of ``count`` pages in a folder of its own."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-hugo-")
        self.root = Path(self._folder.name)
        chance = Random(count)
        (self.root / "hugo.toml").write_text(CONFIG, "utf-8")
        for layout in ("single", "list"):
            target = self.root / f"layouts/_default/{layout}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(LAYOUT, "utf-8")
        (self.root / "content/i").mkdir(parents=True)
        for number in range(count):
            page = f"---\ntitle: {corpus.title(chance)}\n---\n{self._body(chance)}"
            (self.root / f"content/i/{number}.md").write_text(page, "utf-8")

    def _body(self, chance: Random) -> str:
        text = ""
        while len(text.encode()) < PAGE:
            text += corpus.body(chance).replace("<p>", "").replace("</p>", "\n\n")
        return text

    def build(self) -> float:
        """Processor seconds of a page, built into an empty folder."""
        shutil.rmtree(self.root / "public", ignore_errors=True)
        before = _children()
        command = ["hugo", "--quiet", "--noBuildLock", "--source", str(self.root)]
        subprocess.run(command, check=True)
        return (_children() - before) / self.count


def installed() -> bool:
    """Whether there is a Hugo to compare with."""
    return shutil.which("hugo") is not None


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""The text for the station's crawl 滚动字幕: a line for each item. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.foundation.files.decoding import without_marks

LONGEST = 120
"""Characters of a line's own words: half a minute as it passes."""


@dataclass(frozen=True)
class Crawl:
    """The crawl as one text (滚动字幕), a line for each item."""

    text: str


def crawl(name: str, matter: str, items: Sequence[tuple[str, str, str]]) -> Crawl:
    """The lines of these items, each as title, day and first words; nothing in it breaks a line."""
    lines = [f"【{matter}】{name}："] if items else []
    for title, day, words in items:
        said = f"{_flat(title)}（{day}）"
        if words:
            said += f"　{_short(_flat(words))}"
        lines.append(said)
    return Crawl("\r\n".join(lines) + ("\r\n" if lines else ""))


def _flat(text: str) -> str:
    return " ".join(without_marks(text).split())


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    end = max(text.rfind(mark, 0, LONGEST) for mark in "。！？；")
    return text[: end + 1] if end >= LONGEST // 3 else f"{text[:LONGEST]}……"

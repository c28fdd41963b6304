"""The board's own words, which a touch screen offers first when somebody writes 词汇.

Made of what the display shows anyway and of the published charter, so nothing else can be in it:
it reads no record and asks no table. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from json import loads

from gongkai.foundation.core import canonical
from gongkai.procedure.catalogue.charter import Charter
from gongkai.surfaces.channels.paper.body import Node, plain
from gongkai.surfaces.channels.screens.content import Content

FORMAT = "gongkai-screen-words/1"
MOST_WORDS = 4_000
MOST_OFTEN = 3_000
LONGEST = 8
"""Characters of a word; longer ones are written in parts."""
TITLE = 20
"""How often a word of a title or a name counts: people come with these before their eyes."""
_HAN = re.compile("[\u4e00-\u9fff]+")
"""What the table of readings holds (``tools/pinyin.py``); rarer signs have no sound there."""


def vocabulary(
    charter: Charter | None, titles: Iterable[str], contents: Iterable[Content]
) -> tuple[str, bytes]:
    """The words and characters of these, each the commonest first: the file's name and bytes."""
    words: Counter[str] = Counter()
    often: Counter[str] = Counter()
    for text in chain(names(charter), titles):
        _count(text, words, often, TITLE)
    for content in contents:
        for text in _texts(loads(content.data)["blocks"]):
            _count(text, words, often, 1)
    told = {
        "format": FORMAT,
        "words": _commonest(words, MOST_WORDS),
        "often": "".join(_commonest(often, MOST_OFTEN)),
    }
    data = canonical.encode(told)
    return f"{sha256(data).hexdigest()}.json", data


def names(charter: Charter | None) -> Iterator[str]:
    """What the published charter calls things: categories, boxes, entries, departments, posts."""
    if charter is None:
        return
    yield charter.organisation.name
    yield charter.organisation.matter
    for category in charter.categories:
        yield category.name
        yield from (box.name for box in category.boxes)
    yield from (entry.title for entry in charter.entries)
    yield from (department.name for department in charter.departments)
    yield from (post.name for post in charter.posts)


def _count(text: str, words: Counter[str], often: Counter[str], weight: int) -> None:
    for word in _cut(text):
        for character in word:
            often[character] += weight
        if 2 <= len(word) <= LONGEST:
            words[word] += weight


def _cut(text: str) -> list[str]:
    """The Chinese words of a text, in their order."""
    import rjieba  # late: its dictionary takes a moment to load

    return [word for run in _HAN.findall(text) for word in rjieba.cut(run)]


def _commonest(counted: Counter[str], most: int) -> list[str]:
    return sorted(counted, key=lambda each: (-counted[each], each))[:most]


def _texts(blocks: Sequence[Node]) -> Iterator[str]:
    for block in blocks:
        match block["t"]:
            case "table":
                yield from (plain(cell["in"]) for cell in block["cells"])
                yield plain(block["caption"])
            case "list":
                for point in block["items"]:
                    yield from _texts(point)
            case "quote":
                yield from _texts(block["in"])
            case "figure":
                yield plain(block["caption"])
            case _:
                yield plain(block["in"])

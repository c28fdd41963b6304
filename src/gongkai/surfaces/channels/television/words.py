"""How much of an item's text television shows 播多少. Pure."""

from collections.abc import Iterator, Sequence

from gongkai.surfaces.channels.paper import body

MOST_TEXT = 600
"""Characters of one item: a bit more than two minutes; then where the rest is."""


def told(nodes: Sequence[body.Node]) -> tuple[list[str], bool]:
    """The paragraphs that are shown, and whether words are left out: whole ones up to some length,
    a first one that alone is longer cut at a sentence. Tables and pictures are left to the page.
    """
    every = [words for words in _paragraphs(nodes) if words]
    found: list[str] = []
    for words in every:
        if found and sum(map(len, found)) + len(words) > MOST_TEXT:
            break
        found.append(words if len(words) <= MOST_TEXT else _cut(words))
    return found, found != every


def _paragraphs(nodes: Sequence[body.Node]) -> Iterator[str]:
    for node in nodes:
        match node["t"]:
            case "p" | "h":
                yield " ".join(body.plain(node["in"]).split())
            case "list":
                for point in node["items"]:
                    yield from _paragraphs(point)
            case "quote":
                yield from _paragraphs(node["in"])


def _cut(words: str) -> str:
    end = max(words.rfind(mark, 0, MOST_TEXT) for mark in "。！？；")
    return words[: end + 1] if end >= MOST_TEXT // 2 else f"{words[:MOST_TEXT]}……"

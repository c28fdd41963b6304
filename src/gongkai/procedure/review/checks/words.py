"""The organisation's word list: leaders with their titles, words to avoid, words often mistyped."""

import re
from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About, Listed
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.numbers import shown
from gongkai.procedure.review.checks.reading import Document, Passage

LEADER, SENSITIVE, MISTYPED = "leader", "sensitive", "mistyped"

_TITLE = re.compile(
    r"[\u4e00-\u9fff]{0,12}?(?:副?书记|副?主任|副?县长|副?镇长|副?乡长|副?市长|副?区长|副?省长|副?部长|副?局长|副?主席|副?院长"
    r"|检察长|副?校长|常委|委员|副?所长|干事|同志)"
)
_BESIDE = 16


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each listed word at each of its places in the text; attachments are read as well.

    Words are found by their first two characters, so the length of the list costs next to nothing.
    """
    begins: dict[str, list[Listed]] = {}
    for listed in about.words:
        begins.setdefault(listed.word[:2], []).append(listed)
    if not begins:
        return
    for passage in document.passages:
        text = passage.text
        for start in range(len(text) - 1):
            for listed in begins.get(text[start : start + 2], ()):
                end = start + len(listed.word)
                if text.startswith(listed.word, start) and (
                    hit := _hit(passage, listed, start, end)
                ):
                    yield hit


def _hit(passage: Passage, listed: Listed, start: int, end: int) -> Hit | None:
    variant = listed.kind
    if variant == LEADER and not _wrong_title(passage.text, listed, start, end):
        return None
    if variant == MISTYPED and _already_right(passage.text, listed, start):
        return None
    if variant == SENSITIVE and listed.instead:
        variant = "sensitive instead"
    place, facts = shown(passage.at(start, end)), {"instead": listed.instead}
    return Hit("words", place, listed.word, listed.word, variant, facts)


def _wrong_title(text: str, listed: Listed, start: int, end: int) -> bool:
    """Whether a title stands directly before or behind the name, and it is not the listed one."""
    before = text[max(0, start - _BESIDE) : start].rstrip(" \u3000")
    behind = text[end : end + _BESIDE].lstrip(" \u3000")
    if before.endswith(listed.instead) or behind.startswith(listed.instead):
        return False
    titles = [found for found in _TITLE.finditer(before) if found.end() == len(before)]
    if titles:
        return not titles[-1].group().endswith("同志")
    following = _TITLE.match(behind)
    return following is not None and not following[0].endswith("同志")


def _already_right(text: str, listed: Listed, start: int) -> bool:
    """Whether the right word, which may hold the wrong one in it, stands here."""
    offset = listed.instead.find(listed.word)
    begin = start - offset
    return offset >= 0 and begin >= 0 and text.startswith(listed.instead, begin)

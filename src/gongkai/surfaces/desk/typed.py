"""A body as text that people type, and back: no editor, no script, nothing lost.

One line is one paragraph. What a line cannot say stands as a line in 【】 and keeps what it was as
long as that line is left alone: a table, a list, a quotation, a picture. Only the words of a
picture's line may be changed: they are its alternative text. A line that nobody touched keeps its
links and its bold words as well.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape

from django.utils.translation import gettext as _

from gongkai.procedure.proposals.sanitise import Block, blocks, joined
from gongkai.procedure.proposals.texts import from_plain

BREAK = "↵"
"""A line broken inside a paragraph."""
HEADINGS = {"h2": "【标题】", "h3": "【小标题】"}
_HEADING = re.compile("【(标题|小标题)】")
_KEPT = {"table": "表格", "ul": "列表", "ol": "编号列表", "blockquote": "引文", "figure": "图片"}
_PICTURE = re.compile("【图片([0-9]{1,4})：(.*)】")
_ALT = re.compile(r'alt="([^"]*)"')
LONGEST = 24
"""Characters of a kept block that stand in its line, so that people know it again."""


def text(body: str) -> str:
    """``body`` as lines to type in."""
    return "\n".join(_lines(blocks(body)))


def body(typed: str, before: str = "") -> str:
    """What was typed as a body; ``before`` is the body the lines came from."""
    known: dict[str, list[Block]] = {}
    old = blocks(before)
    for line, block in zip(_lines(old), old, strict=True):
        known.setdefault(line, []).append(block)
    pictures = [block for block in old if block.tag == "figure"]
    return joined(_blocks(typed, known, pictures))


def missing(typed: str, before: str) -> list[str]:
    """Lines in 【】 that stand for nothing of ``before``: somebody changed what they say."""
    old = blocks(before)
    kept = {line for line in _lines(old) if line.startswith("【")}
    pictures = [block for block in old if block.tag == "figure"]
    return [
        line
        for line in _typed_lines(typed)
        if not _retold(line, pictures)
        and re.match(rf"【({'|'.join(_KEPT.values())})\d+[：】]", line)
        and line not in kept
    ]


def keeps_more(body: str) -> bool:
    """Whether ``body`` holds something that stands behind a line in 【】."""
    return any(block.tag in _KEPT for block in blocks(body))


def _lines(found: Iterable[Block]) -> list[str]:
    lines, counts = [], dict.fromkeys(_KEPT, 0)
    for block in found:
        if block.tag in _KEPT:
            counts[block.tag] += 1
            lines.append(_kept_line(block, counts[block.tag]))
        else:
            lines.append(_text_line(block))
    return lines


def _text_line(block: Block) -> str:
    line = block.text.replace("\n", BREAK)
    plain = block.tag == "p" or _recognised(line) == block.tag
    return line if plain else HEADINGS[block.tag] + line


def _kept_line(block: Block, n: int) -> str:
    if alt := _ALT.search(block.inner) if block.tag == "figure" else None:
        return f"【{_KEPT[block.tag]}{n}：{' '.join(unescape(alt[1]).split())}】"
    words = " ".join(block.text.split())
    shown = words[:LONGEST] + ("…" if len(words) > LONGEST else "")
    return f"【{_KEPT[block.tag]}{n}：{shown}】"


def _retold(line: str, pictures: Sequence[Block]) -> Block | None:
    """The picture that ``line`` stands for, with the words that were typed for it."""
    found = _PICTURE.fullmatch(line)
    if not found or not 1 <= int(found[1]) <= len(pictures):
        return None
    block = pictures[int(found[1]) - 1]
    alt = f'alt="{escape(found[2].strip())}"'
    return Block(block.tag, _ALT.sub(lambda _old: alt, block.inner, count=1))


def _blocks(
    typed: str, known: dict[str, list[Block]], pictures: Sequence[Block]
) -> Iterator[Block]:
    for line in _typed_lines(typed):
        if same := known.get(line):
            yield same.pop(0) if len(same) > 1 else same[0]
        elif picture := _retold(line, pictures):
            yield picture
        elif heading := _HEADING.match(line):
            tag = "h2" if heading[1] == "标题" else "h3"
            yield Block(tag, escape(line[heading.end() :].strip(), quote=False))
        else:
            inner = escape(line, quote=False).replace(BREAK, "<br>")
            yield Block(_recognised(line), inner)


def _typed_lines(typed: str) -> list[str]:
    lines = (line.strip(" \t\u3000") for line in typed.replace("\r\n", "\n").split("\n"))
    return [line for line in lines if line]


def _recognised(line: str) -> str:
    """``h2`` or ``h3`` for what the numbering of official documents makes a heading, else ``p``.

    Behind a first line that is no title, lest the line itself be taken for one.
    """
    found = blocks(from_plain(f"{_('正文')}。\n{line}").html)
    return found[-1].tag if found else "p"

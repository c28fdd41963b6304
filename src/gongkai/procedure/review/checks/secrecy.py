"""Marks of secrecy and of inner circulation. Source: GB/T 9704-2012 (密级和保密期限).

A mark stands alone, or with a star or a period; the words inside a sentence (保守国家秘密,
商业秘密, 内部审计) are none.
"""

import re
from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.numbers import shown
from gongkai.procedure.review.checks.reading import Document, Passage

_LEVEL = r"(?:绝\s{0,2}密|机\s{0,2}密|秘\s{0,2}密)"
_STARRED = re.compile(
    rf"{_LEVEL}\s{{0,2}}[★☆＊*]\s{{0,2}}(?:[0-9一二三四五六七八九十]{{1,3}}\s?(?:年|个月|月|日)|长期)?"
)
_NAMED = re.compile(rf"密\s{{0,2}}级\s{{0,2}}[:：]?\s{{0,2}}{_LEVEL}")
_ALONE = re.compile(rf"[\s【\[(（]{{0,3}}{_LEVEL}[\s】\])）]{{0,3}}(?:[0-9]{{1,2}}年)?")
_INNER = re.compile(
    r"内部(?:资料|文件|材料|刊物|参考|参阅|使用|传阅|掌握|情况)"
    r"(?:[，,、；;\s]{0,2}(?:注意保存|妥善保管|不得外传|请勿外传|严禁外传))?"
    r"|(?:仅|只)供内部[\u4e00-\u9fff]{0,4}"
    r"|(?:不得|请勿|严禁|禁止)(?:外传|对外公开|翻印|转载复制)"
    r"|阅后(?:收回|退回|即焚)"
)
_SENT_TO = re.compile(
    r"(?:此件|本件|文件)?(?:发|传达|印发|阅读?)[至到][\u4e00-\u9fff、]{1,12}?级(?:以上)?(?:党员)?(?:领导)?(?:干部)?"
)
_INNER_ALONE = re.compile(r"[\s【\[(（]{0,3}内\s{0,2}部[\s】\])）]{0,3}")
_AMONG = re.compile(r"(?:关于|规范|加强|管理|完善|健全|属于|不属于|查阅|归集)[\u4e00-\u9fff]{0,4}$")
_SHORT = 12


def check(document: Document, about: About) -> Iterator[Hit]:
    """Marks in the text, its tables and the attachments, line by line."""
    for passage in document.passages:
        yield from _levels(passage)
        yield from _inner(passage)


def _hit(kind: str, passage: Passage, start: int, end: int) -> Hit:
    words = re.sub(r"\s", "", passage.text[start:end])
    return Hit(kind, shown(passage.at(start, end)), words, words)


def _levels(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    if "密" not in text:
        return
    taken: set[int] = set()
    for pattern in (_NAMED, _STARRED):
        for found in pattern.finditer(text):
            level = text.rindex("密", found.start(), found.end())
            if level not in taken:
                taken.add(level)
                yield _hit("secrecy", passage, *found.span())
    for start, line in _lines(text):
        if len(line) <= _SHORT and (alone := _ALONE.fullmatch(line)):
            level = start + alone.group().rindex("密")
            if level not in taken:
                yield _hit("secrecy", passage, start, start + len(line))


def _inner(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    for pattern in (_INNER, _SENT_TO):
        for found in pattern.finditer(text):
            if not _AMONG.search(text[max(0, found.start() - 8) : found.start()]):
                yield _hit("inner", passage, *found.span())
    if "内" not in text:
        return
    for start, line in _lines(text):
        if len(line) <= _SHORT and _INNER_ALONE.fullmatch(line):
            yield _hit("inner", passage, start, start + len(line))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        for cell in line.split("\t"):
            yield start, cell
            start += len(cell) + 1

"""The letters and words that search compares. Pure: text in, terms out.

Every text, of a publication and of a question alike, is brought into one spelling: full-width forms
and ligatures as plain ones, capitals small, accents gone, traditional characters simplified. What
is left are its *letters*, without blanks and punctuation: people type a number without its
brackets, and a scan puts blanks where none belong. A text is found by every two letters that stand
side by side in it, so that no word is missed because a dictionary did not know it; a question is
cut into words by rjieba, so that its parts need not stand together.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from operator import add

BLANK = " "

KEPT = 50_000
"""Spellings in memory: more characters than any archive uses, fewer than somebody could send."""

STOP = frozenset(
    [
        "的",
        "了",
        "着",
        "过",
        "地",
        "得",
        "是",
        "在",
        "和",
        "与",
        "及",
        "或",
        "也",
        "都",
        "就",
        "还",
        "很",
        "要",
        "想",
        "能",
        "会",
        "可以",
        "可",
        "吗",
        "呢",
        "吧",
        "啊",
        "呀",
        "么",
        "我",
        "我们",
        "我家",
        "你",
        "您",
        "你们",
        "他",
        "她",
        "它",
        "这",
        "那",
        "这个",
        "那个",
        "个",
        "些",
        "一个",
        "一些",
        "一下",
        "请",
        "请问",
        "请教",
        "哪",
        "哪里",
        "哪儿",
        "哪个",
        "哪些",
        "谁",
        "什么",
        "什么样",
        "怎么",
        "怎样",
        "怎么样",
        "如何",
        "为什么",
        "为何",
        "多少",
        "几",
        "何时",
        "有",
        "没有",
        "没",
        "有没有",
        "被",
        "把",
        "给",
        "让",
        "对",
        "从",
        "到",
        "向",
        "去",
        "来",
        "用",
        "于",
        "以",
        "而",
        "并",
        "关于",
        "有关",
        "我要",
        "我想",
        "咨询",
        "问",
        "问问",
        "查",
        "查询",
        "看",
        "看看",
        "需要",
        "应该",
        "现在",
        "时候",
        "村里",
        "镇里",
        "今年",
        "咱们",
        "我们村",
        "怎么办",
        "多少钱",
        "什么时候",
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "is",
        "are",
        "what",
        "how",
        "where",
        "who",
        "when",
    ]
)
"""Words of a question that say nothing of its matter; a question made of them alone keeps them."""


class _Folding(dict[int, str]):
    """Each character's spelling, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = "".join(
            each for each in unicodedata.normalize("NFKD", character) if not _is_mark(each)
        )
        folded = unicodedata.normalize("NFKC", plain).casefold()
        simple = "".join(_simplified().get(each, each) for each in folded)
        spelt = "".join(each if _is_letter(each) else BLANK for each in simple)
        if len(self) < KEPT:
            self[code] = spelt
        return spelt


class _Letters(dict[int, str]):
    """Each character's letters alone."""

    def __missing__(self, code: int) -> str:
        spelt = _FOLDING[code].replace(BLANK, "")
        if len(self) < KEPT:
            self[code] = spelt
        return spelt


def fold(text: str) -> str:
    """``text`` in the one spelling; one blank stands for whatever is no letter and no digit."""
    return BLANK.join(text.translate(_FOLDING).split())


def letters(text: str) -> str:
    """The folded letters and digits of ``text`` alone, in their order."""
    return text.translate(_LETTERS)


def spelt(text: str) -> list[str]:
    """The letters of each character of ``text``, so that a place in them can be found again."""
    return list(map(_LETTERS.__getitem__, map(ord, text)))


def grams(letters: str) -> list[str]:
    """Every two letters side by side, in their order; a single letter for itself."""
    return list(map(add, letters, letters[1:])) if len(letters) > 1 else list(letters)


def terms(text: str) -> set[str]:
    """What a text is found by: every two letters that stand side by side in it.

    ``set(grams(word)) <= terms(text)`` for every ``word`` that stands in the text, so a word whose
    terms are not all there need not be looked for.
    """
    return set(grams(letters(text)))


def asked(question: str) -> list[str]:
    """The words a question asks for, folded, each once and in its order.

    A text answers when every one of them stands in its letters. Each is a part of the question, so
    a text that holds the question itself always answers. Words that say nothing (:data:`STOP`) are
    left out unless nothing else is there; empty when the question has no letter at all.
    """
    parts = fold(question).split(BLANK)
    words = [word for part in parts for word in _cut(part)]
    telling = [word for word in words if word not in STOP and len(word) > 1]
    whole = letters(question)
    found = telling or [word for word in parts if len(word) > 1] or [whole]
    return [word for word in dict.fromkeys(found) if word]


def meant(word: str) -> tuple[str, ...]:
    """The word, and what offices write where people say it: 最低生活保障 for 低保."""
    return (word, *_instead().get(word, ()))


def finer(word: str) -> list[str]:
    """The shorter words that a long one is made of, side by side; itself when there are none."""
    import rjieba  # late: its dictionary takes a moment to load

    parts, at = [], 0
    for part in rjieba.cut_for_search(word):
        begin = word.find(part, at)
        if part != word and begin >= 0 and len(part) > 1:
            parts.append(part)
            at = begin + len(part)
    return parts or [word]


def found(wanted: Iterable[str], letters: str) -> bool:
    """Whether each of the ``wanted`` words (see :func:`asked`) stands in these letters."""
    return all(word in letters for word in wanted)


def _cut(part: str) -> Iterator[str]:
    """The words of a part without blanks; single letters that stand together are kept together.

    They mostly are a name that the dictionary does not know. One that stands alone between words
    says too little to be asked for.
    """
    import rjieba  # late: its dictionary takes a moment to load

    loose = ""
    for word in rjieba.cut(part):
        if len(word) == 1 and word not in STOP:
            loose += word
            continue
        if loose:
            yield loose
            loose = ""
        yield word
    if loose:
        yield loose


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def _is_letter(character: str) -> bool:
    """Whether a character can be looked for. So can those that Unicode, or this Python's edition of
    it, has no name for: rare characters of personal and place names stand there.
    """
    return character.isalnum() or unicodedata.category(character) in ("Co", "Mc", "Cn")


@cache
def _simplified() -> dict[str, str]:
    """The simplified character for each traditional one: OpenCC's table TSCharacters (Apache-2.0),
    the first choice of each line.
    """
    table = files("gongkai.surfaces.search").joinpath("simplified.txt").read_text("utf-8")
    return {pair[0]: pair[1] for pair in table.split()}


@cache
def _instead() -> dict[str, tuple[str, ...]]:
    """What stands in texts instead of a word that is asked for; each line begins with that."""
    table = files("gongkai.surfaces.search").joinpath("alike.txt").read_text("utf-8")
    lines = [line.split() for line in table.splitlines()]
    return {word: tuple(each for each in others if each != word) for word, *others in lines}


_FOLDING = _Folding()
_LETTERS = _Letters()

"""Block lists of content patterns 拦截词: plain words with ``*``, compared letter by letter. Pure.

A phrase is no regular expression: looking for it costs at most so much as the text is long, however
it was written. Text and phrase are brought into one spelling first, so that full-width letters,
capitals, accents, blanks, punctuation and characters without width hide nothing.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

ANY = "*"
GAP = 20
"""Letters that a ``*`` stands for at most."""
LEAST, LONGEST, MOST_GAPS = 2, 60, 5
"""Letters that a phrase has, characters it is written with, and its ``*``."""


def spelt(text: str) -> str:
    """The letters, digits and signs of ``text`` in one spelling; nothing else is left."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(filter(_counts, folded)))


def parts(phrase: str) -> list[str]:
    """What stands between the ``*`` of a phrase, each in the one spelling."""
    # NFKC makes a plain * of the full-width one, and leaves everything else to spelt().
    found = map(spelt, unicodedata.normalize("NFKC", phrase).split(ANY))
    return [each for each in found if each]


def written(phrase: str) -> str:
    """The phrase as it is kept: two that are spelt alike are one."""
    return ANY.join(parts(phrase))


def stands(phrase: str, letters: str) -> bool:
    """Whether ``phrase``, as :func:`written`, stands in these letters, as :func:`spelt`.

    >>> stands("加*微信", spelt("加 我 的 微-信"))
    True
    """
    first, *others = phrase.split(ANY)
    ends = [at + len(first) for at in _places(first, letters)]
    for part in others:
        ends = [at + len(part) for at in _places(part, letters) if _near(ends, at)]
        if not ends:
            return False
    return bool(ends)


def _places(part: str, letters: str) -> Iterator[int]:
    at = letters.find(part)
    while at >= 0:
        yield at
        at = letters.find(part, at + 1)


def _near(ends: list[int], begin: int) -> bool:
    """Whether one of ``ends`` (in their order) lies no more than the gap before ``begin``."""
    at = bisect_left(ends, begin - GAP)
    return at < len(ends) and ends[at] <= begin


def _counts(character: str) -> bool:
    """Letters, digits and signs do; marks, blanks, punctuation and what has no width do not."""
    return unicodedata.category(character)[0] in "LNS"

"""What somebody asks: words, filters, order and page, read from an address. Pure.

Whatever is typed gives a question that can be answered at a bounded cost. What had to be left out
is said in words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from gongkai.surfaces.search import words

LONGEST = 60
"""Letters of a question that are looked for: more than any title's telling part."""
MOST_WORDS = 8
"""Words of a question that are looked for."""
PAGE = 10
LAST_PAGE = 50
"""Nobody reads further; a filter leads there sooner."""
TYPED = 2_000
"""Characters that are looked at at all."""

BEST, NEWEST, OLDEST = "", "newest", "oldest"
SORTS = (BEST, NEWEST, OLDEST)

PARAMETERS = {
    "what": "w",
    "organisation": "o",
    "category": "c",
    "box": "b",
    "year": "y",
    "kind": "k",
    "form": "f",
    "unit": "d",
    "voice": "v",
    "state": "s",
}
"""Under which name each filter stands in an address."""


@dataclass(frozen=True)
class Question:
    """What is asked (检索式): ``wanted`` are its words, ``chosen`` the filters by name.

    ``cut`` says that the question was too long, ``beyond`` that a page was asked for that nobody
    can turn to, ``strange`` that there were filters nobody knows.
    """

    typed: str = ""
    wanted: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = BEST
    page: int = 1
    cut: bool = False
    beyond: bool = False
    strange: bool = False

    @property
    def whole(self) -> str:
        """The letters of the question as they were typed, which may stand together somewhere."""
        return words.letters(self.typed)

    @property
    def marks(self) -> tuple[str, ...]:
        """What is marked where it stands: the words, and what is written instead of them."""
        return tuple(each for word in self.wanted for each in words.meant(word))

    @property
    def empty(self) -> bool:
        """Whether nothing was asked: neither words nor filters."""
        return not self.typed and not self.chosen

    @property
    def wordless(self) -> bool:
        """Whether something was typed that holds no letter and no digit."""
        return bool(self.typed) and not self.wanted

    def parameters(self, **changes: object) -> str:
        """The question as the query of an address, on its first page; ``name=None`` drops a filter.

        ``changes`` are filters by name, ``sort``, ``page`` or ``typed``.
        """
        chosen = {**self.chosen, **{n: v for n, v in changes.items() if n in PARAMETERS}}
        pairs = [("q", changes.get("typed", self.typed))]
        pairs += [(PARAMETERS[name], value) for name, value in chosen.items() if value]
        pairs += [("sort", changes.get("sort", self.sort)), ("p", changes.get("page", ""))]
        return urlencode([(name, value) for name, value in pairs if value and value != 1])

    def without(self) -> "Question":
        """The same without any filter."""
        return replace(self, chosen={}, page=1)


def question(given: Mapping[str, str], known: Callable[[str, str], bool]) -> Question:
    """The question that the parameters of an address ask.

    ``known`` says whether a filter has a value; others are left out, and that is said.
    """
    raw = given.get("q", "")
    typed = " ".join(_printable(raw[:TYPED]).split())
    short = _shortened(typed)
    wanted = words.asked(short)
    page, beyond = _page(given.get("p", ""))
    asked = {name: given[short] for name, short in PARAMETERS.items() if given.get(short)}
    chosen = {name: value for name, value in asked.items() if known(name, value)}
    sort = given.get("sort", BEST)
    return Question(
        typed=short,
        wanted=tuple(wanted[:MOST_WORDS]),
        chosen=chosen,
        sort=sort if sort in SORTS else BEST,
        page=page,
        cut=len(raw) > TYPED or len(short) < len(typed) or len(wanted) > MOST_WORDS,
        beyond=beyond,
        strange=len(chosen) < len(asked),
    )


def _printable(text: str) -> str:
    """Without what no keyboard types: a NUL, half a character."""
    return "".join(" " if _is_control(each) else each for each in text)


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff"


def _shortened(typed: str) -> str:
    """As much of it as holds :data:`LONGEST` letters."""
    if len(typed) <= LONGEST:
        return typed
    kept = letters = 0
    for kept, character in enumerate(typed):
        letters += len(words.letters(character))
        if letters > LONGEST or kept >= 2 * LONGEST:
            break
    return typed[:kept].rstrip()


def _page(typed: str) -> tuple[int, bool]:
    """The page, and whether one was asked for that cannot be turned to."""
    if not typed:
        return 1, False
    if not (typed.isascii() and typed.isdecimal()):
        return 1, True
    number = int(typed) if len(typed) < 10 else LAST_PAGE + 1
    return min(max(1, number), LAST_PAGE), not 1 <= number <= LAST_PAGE

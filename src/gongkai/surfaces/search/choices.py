"""What a search can be narrowed by, as people call it, and as the index holds it.

Two organisations may call a category alike and give it different codes; people choose it by its
name. Everything comes from the published charters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from gongkai.procedure.feedback.hanging import ANSWERED, HANDED, MERGED, OPEN
from gongkai.procedure.feedback.states import CaseKind
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.surfaces.board import words
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.words import Named

ITEMS, VOICES = "items", "voices"
"""What is found: what was published, and what hangs on the wall."""
OF_ITEMS = ("category", "box", "kind", "form")
OF_VOICES = ("unit", "voice", "state")
"""What only the one or the other can be narrowed by."""


@dataclass(frozen=True)
class Choice:
    """A value of a filter (筛选项): its name in both languages, and the terms it stands for."""

    name: str
    name_en: str
    terms: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name in the page's language."""
        return words.named(self)


class Choices:
    """The filters of one town."""

    def __init__(self, town: Town) -> None:
        self._known: dict[str, dict[str, Choice]] = {
            "organisation": {
                house.slug: Choice(house.name, house.name_en, (house.slug,))
                for house in town.houses.values()
            },
            "what": _plain((ITEMS, VOICES)),
            "kind": _plain(kind.value for kind in DocumentKind),
            "voice": _plain(kind.value for kind in CaseKind),
            "state": _plain((OPEN, ANSWERED, MERGED, HANDED)),
        }
        for name in ("category", "box", "form", "unit"):
            self._known[name] = _by_name(town, name)
        self._values = {
            name: {term: value for value, choice in own.items() for term in choice.terms}
            for name, own in self._known.items()
        }

    def known(self, name: str, value: str) -> bool:
        """Whether the filter ``name`` has this value."""
        if name == "year":
            return len(value) == 4 and value.isascii() and value.isdecimal()
        return value in self._known[name]

    def offered(self, name: str, chosen: Mapping[str, str]) -> bool:
        """Whether there is something to choose: more than one value, of boxes the category whose
        parts they are, and of voices nothing before somebody looks among them alone.
        """
        what = chosen.get("what", "")
        if name == "box" and "category" not in chosen:
            return False
        if (name in OF_VOICES and what != VOICES) or (name in OF_ITEMS and what == VOICES):
            return False
        return name == "year" or len(self._known[name]) > 1

    def terms(self, name: str, value: str) -> tuple[str, ...]:
        """The terms of the index that a known value stands for."""
        return (value,) if name == "year" else self._known[name][value].terms

    def label(self, name: str, value: str) -> str:
        """What a value is called on a page."""
        match name:
            case "kind":
                return words.choice(DocumentKind, value)
            case "voice":
                return words.choice(CaseKind, value)
            case "what":
                return _("互动反馈栏") if value == VOICES else _("公开内容")
            case "state":
                return standing(value)
        return value if name == "year" else self._known[name][value].label

    def counted(self, name: str, terms: Mapping[str, int]) -> dict[str, int]:
        """Counts by value from counts by term; a term that no charter knows is left out."""
        if name == "year":
            return dict(sorted(terms.items(), reverse=True))
        counts: dict[str, int] = {}
        for term, count in terms.items():
            if value := self._values[name].get(term):
                counts[value] = counts.get(value, 0) + count
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def standing(state: str) -> str:
    """How a voice stands, in the page's language."""
    return {
        OPEN: _("还在办"),
        ANSWERED: _("已答复"),
        MERGED: _("并入另一件"),
        HANDED: _("已转交别的单位"),
    }[state]


def choices(town: Town) -> Choices:
    """The filters of ``town``; worked out once for the same charters."""
    return _choices(town)


@lru_cache(maxsize=4)
def _choices(town: Town) -> Choices:
    return Choices(town)


def _plain(values: Iterable[str]) -> dict[str, Choice]:
    """Values that stand for themselves and are named where they are shown."""
    return {value: Choice(value, "", (value,)) for value in values}


def _by_name(town: Town, name: str) -> dict[str, Choice]:
    found: dict[str, tuple[str, list[str]]] = {}
    for house in town.houses.values():
        for code, named in _named(house, name):
            found.setdefault(named.name, (named.name_en, []))[1].append(f"{house.slug}:{code}")
    return {each: Choice(each, told[0], tuple(told[1])) for each, told in found.items()}


def _named(house: House, name: str) -> Iterator[tuple[str, Named]]:
    if name == "box":
        yield from ((key, box) for key, (box, _category) in house.boxes.items())
    elif name == "category":
        yield from house.categories.items()
    elif name == "unit":
        yield from _units(house).items()
    else:
        yield from house.forms.items()


def _units(house: House) -> dict[str, Named]:
    """Whom voices were given to, by the key under which the wall counts them: the head of the
    department, or else the post, as last described.
    """
    found: dict[str, Named] = {}
    for charter in (issue.charter for issue in house.issues):
        found |= {each.key: each for each in charter.posts}
        found |= {each.head: each for each in charter.departments}
    return found

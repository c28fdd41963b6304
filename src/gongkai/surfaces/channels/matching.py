"""Whom does a publication concern? Pure, but for the spelling that search gives.

A subscriber's words are found in a publication as search would find them: folded, every word
anywhere in its letters. So that not every subscriber's words are tried on every publication, each
row has an anchor, two letters side by side that its words hold; only rows whose anchor the
publication holds are looked at.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from gongkai.surfaces.board import shelves
from gongkai.surfaces.board.finding import text_of
from gongkai.surfaces.board.items import Opening
from gongkai.surfaces.search import words as spelling


@dataclass(frozen=True)
class News:
    """A publication as subscribers are asked about it (新公开的一件): its lists and letters."""

    organisation: str
    opening: Opening

    @property
    def lists(self) -> list[str]:
        """The lists in which it stands and which can be followed."""
        edition = self.opening.edition
        return [
            shelves.ALL,
            shelves.name(shelves.OF, self.organisation),
            shelves.name(shelves.CATEGORY, self.organisation, edition.category),
            shelves.name(shelves.ENTRY, self.organisation, edition.entry),
        ]

    @cached_property
    def letters(self) -> str:
        """All it says, in the one spelling: numbers, title, text, names of its attachments."""
        edition = self.opening.edition
        said = [edition.title, edition.document_number, self.opening.number, text_of(edition.body)]
        said += [file.title for file in edition.attachments]
        return spelling.letters("\n".join(said))

    def holds(self, terms: str) -> bool:
        """Whether it holds every one of these folded words, which blanks divide."""
        return spelling.found(terms.split(" "), self.letters)

    @cached_property
    def anchors(self) -> list[str]:
        """By what it finds rows that ask for words."""
        return sorted({*spelling.grams(self.letters), *self.letters})


def terms(typed: str) -> list[str]:
    """The words that are asked for, as search spells them; none when nothing can be asked."""
    return spelling.asked(typed)


def anchor(wanted: Iterable[str], rows_with: Callable[[list[str]], dict[str, int]]) -> str:
    """Of the letters side by side in these words, those that fewest other rows are found by.

    ``rows_with`` counts the rows for given anchors. What everybody asks for would otherwise make
    every publication look at everybody's words.
    """
    pairs = list(dict.fromkeys(pair for word in wanted for pair in spelling.grams(word)))
    taken = rows_with(pairs)
    return min(pairs, key=lambda pair: (taken.get(pair, 0), pairs.index(pair)))

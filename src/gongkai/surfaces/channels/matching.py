"""Whom does a publication concern, or a withdrawal? Pure, but for the spelling that search gives.

A subscriber's words are found in a publication as search would find them: folded, every word
anywhere in its letters. So that not every subscriber's words are tried on every publication, each
row has an anchor, two letters side by side that its words hold; only rows whose anchor the
publication holds are looked at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.surfaces.board import shelves
from gongkai.surfaces.board.finding import text_of
from gongkai.surfaces.board.items import Gone, Opening
from gongkai.surfaces.search import words as spelling


@dataclass(frozen=True)
class News:
    """What happened to an item, as subscribers are asked about it (一件新事): its place in the
    catalogue and all that it says. ``kept`` are the office's own lists that it concerns.
    """

    organisation: str
    category: str
    entry: str
    said: Sequence[str]
    kept: Sequence[str] = ()

    @property
    def lists(self) -> list[str]:
        """The lists in which it stands and which can be followed."""
        return [
            shelves.ALL,
            shelves.name(shelves.OF, self.organisation),
            shelves.name(shelves.CATEGORY, self.organisation, self.category),
            shelves.name(shelves.ENTRY, self.organisation, self.entry),
            *self.kept,
        ]

    @cached_property
    def letters(self) -> str:
        """All it says, in the one spelling."""
        return spelling.letters("\n".join(self.said))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its letters, and every two of them side by side."""
        return frozenset((*spelling.grams(self.letters), *self.letters))

    def holds(self, terms: str) -> bool:
        """Whether it holds every one of these folded words, which blanks divide."""
        words = terms.split(" ")
        # An attachment may be a book: it is read for a row only if all the pairs are in it.
        held = all(self.pairs.issuperset(spelling.grams(word)) for word in words)
        return held and spelling.found(words, self.letters)

    @property
    def anchors(self) -> list[str]:
        """By what it finds rows that ask for words."""
        return sorted(self.pairs)


def published(organisation: str, opening: Opening, texts: Iterable[str] = ()) -> News:
    """That an edition was opened or corrected: numbers, title, text, its attachments' names and
    ``texts``, as search has them.
    """
    edition = opening.edition
    said = [edition.title, edition.document_number, opening.number, text_of(edition.body)]
    said += [file.title for file in edition.attachments]
    return News(organisation, edition.category, edition.entry, (*said, *texts))


def withdrawn(organisation: str, gone: Gone) -> News:
    """That an item was taken back: what its tombstone says, since the rest is closed."""
    return News(organisation, gone.category, gone.entry, (gone.title, gone.number))


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

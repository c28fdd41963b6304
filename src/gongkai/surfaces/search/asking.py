"""Answering a question for a reader, from the index, and from nothing that is not open to them.

The reader's keys stand inside every query, so a count, an order or a suggestion is made of what
they may read and of nothing else. And whatever is shown is read from the open records by the one
audience policy: what was withdrawn a moment ago is not shown, though the index may still know it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from gongkai.foundation.core import identifiers
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import Reader
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import items, stamps, wall
from gongkai.surfaces.board.items import Opening
from gongkai.surfaces.board.wall import Voice
from gongkai.surfaces.search import documents, words
from gongkai.surfaces.search.choices import Choices
from gongkai.surfaces.search.index import FACETS, Reading
from gongkai.surfaces.search.questions import BEST, LAST_PAGE, NEWEST, OLDEST, PAGE, Question
from gongkai.surfaces.search.terms import Queries

if TYPE_CHECKING:
    from tantivy import Query

WEIGHED = 2 * PAGE
"""Best documents that are looked at closely: whether the words stand together in them."""
COMMON, SHARE = 20_000, 8
"""A word that stands in more documents than this, and in one of so many: the newest come first."""
YEARS = (1, 2, 4, 8, 16)
"""So many years back the newest of very many are looked for, before they are looked for in all."""
IN_TITLE, IN_TEXT, TOGETHER = 8.0, 4.0, 3.0
"""What the whole question counts in title and text, and that each word of it stands together."""
SIMILAR, LOOKED_AT = 3, 40
"""Words offered instead of one that is not found, and titles they are looked for in."""
REMEMBERED = 256
"""Counts kept in memory, each for one question of one set of keys at one commit."""

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Hit:
    """An opening, or a voice on the wall, that answers (命中), read from its open record."""

    record: PublicRecord
    opening: Opening | None = None
    voice: Voice | None = None

    @property
    def subject(self) -> str:
        """The item's permanent address, or the name of the voice."""
        return self.record.subject

    @property
    def title(self) -> str:
        """The item's title; a voice has none."""
        return self.opening.edition.title if self.opening else ""

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        if self.voice:
            return self.voice.said
        return documents.plain(self.opening.edition.body) if self.opening else ""


def _hit(record: PublicRecord) -> Hit:
    if record.kind == items.VOICE:
        return Hit(record, voice=wall.voice(record))
    return Hit(record, items.opening(record))


@dataclass(frozen=True)
class Answer:
    """What was found (检索结果): one page of hits, and the counts of all that was found.

    ``loose``: no item holds all the words, these hold some. ``recent``: the words are so common
    that the newest come first. ``similar`` are words to ask for instead, ``unfiltered`` how many
    there would be without filters.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    facets: Counts = field(default_factory=dict)
    loose: bool = False
    recent: bool = False
    similar: Sequence[str] = ()
    unfiltered: int = 0

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return min(LAST_PAGE, max(1, -(-self.total // PAGE)))


class Asking:
    """One reader's questions at one commit of the index."""

    def __init__(self, reading: Reading, reader: Reader, choices: Choices, today: date) -> None:
        self._reading = reading
        self._reader = reader
        self._choices = choices
        self._today = today
        self._queries = Queries(reading, reader, today, choices.terms)

    def answer(self, question: Question) -> Answer:
        """What is found. ``Unreadable`` when the index cannot be read."""
        found = self._counted(question)
        if found.total:
            return self._page(question, found)
        if question.chosen:
            plain = self._counted(question.without())
            found = replace(found, unfiltered=plain.total)
        found = replace(found, similar=self._similar(question))
        finer = list(dict.fromkeys(part for word in question.wanted for part in words.finer(word)))
        if len(finer) < 2 or found.unfiltered:
            return found
        # A word that stands nowhere cannot be asked for together with the others.
        there = tuple(word for word in finer if self._counted(_alone(word)).total)
        question = replace(question, wanted=tuple(finer))
        fewer = replace(question, wanted=there)
        for asked, any_word in ((fewer, False), (question, True)):
            loose = self._counted(asked, any_word=any_word) if there else Answer()
            if loose.total:
                told = replace(loose, loose=True, similar=found.similar)
                return self._page(asked, told, any_word=any_word)
        return found

    def any_of(self, question: Question) -> list[Hit]:
        """The best items that hold any of its words, without counting them."""
        found = self._reading.search(self._queries.any_of(question), WEIGHED)
        return self._read([seq for _score, seq in found])

    def every(self, typed: str) -> set[int]:
        """The log index of every opening that holds what is typed, however many."""
        asked = Question(typed=typed, wanted=tuple(words.asked(typed)))
        found = self._reading.search(self._queries.all_of(asked), max(1, self._reading.size))
        return {seq for _score, seq in found}

    def numbered(self, typed: str) -> list[Hit]:
        """The items that are meant by a number or an address, if something like that was typed."""
        address = identifiers.normalised(typed)
        addressed = len(address) == identifiers.ADDRESS_LENGTH and address.isascii()
        # An address is made of letters alone once in forty times, a number never.
        if not addressed and not any(each.isdecimal() for each in typed):
            return []
        spelt = documents.numbers(typed)
        if addressed:
            spelt.add(address.lower())
        found = self._reading.search(self._queries.numbered(spelt), PAGE)
        return self._read([seq for _score, seq in found])

    # -- counting ----------------------------------------------------------------------------------

    def _counted(self, question: Question, *, any_word: bool = False) -> Answer:
        """An answer without hits: how many there are, and of which sorts."""
        about = (self._reading.stamp, self._reader.keys, question.wanted, any_word)
        key = (*about, tuple(sorted(question.chosen.items())))
        if (known := _counts.get(key)) is None:
            if len(_counts) >= REMEMBERED:
                _counts.clear()
            query = self._queries.counted(question, any_word=any_word)
            names = [name for name in FACETS if self._choices.offered(name, question.chosen)]
            known = _counts[key] = self._reading.facets(query, names)
        return Answer(
            total=sum(known["year"].values()),
            facets={name: self._choices.counted(name, known[name]) for name in known},
        )

    # -- the page ----------------------------------------------------------------------------------

    def _page(self, question: Question, found: Answer, *, any_word: bool = False) -> Answer:
        """``found`` with the hits of the page that is asked for."""
        begin = (min(question.page, found.pages) - 1) * PAGE
        query = self._queries.any_of if any_word else self._queries.all_of
        common = found.total > COMMON and not any_word
        recent = question.sort == BEST and (
            not question.wanted or (common and found.total * SHARE > self._reading.size)
        )
        if question.sort == NEWEST or recent:
            seqs = self._newest(question, begin) if common else []
            seqs = seqs or self._reading.search(query(question), PAGE, begin, NEWEST)
        elif question.sort == OLDEST:
            seqs = self._reading.search(query(question), PAGE, begin, OLDEST)
        elif begin + PAGE <= WEIGHED and _apart(question):
            best = self._best(question, query, common, WEIGHED, 0)
            return replace(found, hits=self._weighed(question, best)[begin : begin + PAGE])
        else:
            seqs = self._best(question, query, common, PAGE, begin)
        hits = self._read([seq for _score, seq in seqs])
        return replace(found, hits=hits, recent=recent and bool(question.wanted))

    def _best(
        self,
        question: Question,
        query: Callable[[Question], "Query"],
        common: bool,
        limit: int,
        begin: int,
    ) -> list[tuple[float, int]]:
        """The best documents; of very many, those with every word in the title if they suffice."""
        if common:
            found = self._reading.search(self._queries.titled(question), limit, begin)
            if len(found) == limit:
                return found
        return self._reading.search(query(question), limit, begin)

    def _newest(self, question: Question, begin: int) -> list[tuple[float, int]]:
        """A page of the newest of very many, from the newest years; empty when these hold few."""
        for back in YEARS if "year" not in question.chosen else ():
            years = [str(self._today.year - each) for each in range(back)]
            query = self._queries.all_of(question, years)
            found = self._reading.search(query, PAGE, begin, NEWEST)
            if len(found) == PAGE:
                return found
        return []

    def _weighed(self, question: Question, best: Sequence[tuple[float, int]]) -> list[Hit]:
        """The best documents, those first in which the words stand as they were asked for."""
        scores = {seq: score for score, seq in best}
        hits = {stamps.seq(hit.record): hit for hit in self._read(list(scores))}
        worth = {seq: scores[seq] + _worth(question, hit) for seq, hit in hits.items()}
        return [hits[seq] for seq in sorted(hits, key=lambda seq: (-worth[seq], -seq))]

    def _read(self, seqs: Sequence[int]) -> list[Hit]:
        """The openings at these places of the log that the reader may read now, in this order."""
        # The index holds these kinds only; to ask for them, SQLite would read all of that kind.
        records = readable_records(self._reader).filter(seq__in=seqs)
        known = {stamps.seq(record): record for record in records.defer("entry")}
        return [_hit(known[seq]) for seq in seqs if seq in known]

    # -- nothing found -----------------------------------------------------------------------------

    def _similar(self, question: Question) -> list[str]:
        """Questions that differ in one word, each with a word of some title in its place."""
        found: list[str] = []
        for word in question.wanted:
            if self._counted(_alone(word)).total:
                continue
            found += [
                " ".join(other if each == word else each for each in question.wanted)
                for other in self._like(word)
            ]
        return found[:SIMILAR]

    def _like(self, word: str) -> list[str]:
        """Words of titles that share letters with ``word`` and are about as long, best first."""
        near = self._reading.search(self._queries.near(word), LOOKED_AT)
        titles = [hit.title for hit in self._read([seq for _score, seq in near])]
        counts = Counter(other for title in titles for other in set(words.asked(title)))
        alike = {other: _alike(word, other) for other in counts}
        kept = [other for other, share in alike.items() if share >= 0.5 and other != word]
        return sorted(kept, key=lambda other: (-alike[other], -counts[other], other))[:SIMILAR]


_counts: dict[tuple[object, ...], dict[str, dict[str, int]]] = {}


def _alone(word: str) -> Question:
    """The question for one word, without filters."""
    return Question(typed=word, wanted=(word,))


def _apart(question: Question) -> bool:
    """Whether an opening may hold all pairs of letters, and not the question as it was asked."""
    return len(question.whole) > 2


def _worth(question: Question, hit: Hit) -> float:
    """What it counts that the words stand in this opening as they were asked for."""
    title, text = words.letters(hit.title), words.letters(hit.text)
    worth = IN_TITLE * (question.whole in title) + IN_TEXT * (question.whole in text)
    stands = (
        any(each in title or each in text for each in words.meant(w)) for w in question.wanted
    )
    return worth + TOGETHER * all(stands)


def _alike(word: str, other: str) -> float:
    """Which part of two words' letters they have in common."""
    shared = sum((Counter(word) & Counter(other)).values())
    return shared / max(len(word), len(other))

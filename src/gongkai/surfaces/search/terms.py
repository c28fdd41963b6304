"""A reader's questions in tantivy's terms; every one of them holds the reader's keys."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tantivy import Occur, Query, Schema

from gongkai.foundation.organisations.audience import PUBLIC, Reader
from gongkai.surfaces.search import words
from gongkai.surfaces.search.index import Reading
from gongkai.surfaces.search.questions import Question

RECENT = ((0, 3.0), (1, 2.0), (2, 1.2), (3, 0.6), (4, 0.3))
"""What an opening's year adds to its score: this year's, last year's and so on."""
TITLED, PHRASED = 2.5, 4.0
"""What a word in the title counts beside one in the text, and the whole question in the title."""

Terms = Callable[[str, str], Iterable[str]]
"""The terms of the index that a value of a filter stands for."""


class Queries:
    """Makes the queries of one reader on one day."""

    def __init__(self, reading: Reading, reader: Reader, today: date, terms: Terms) -> None:
        self._schema = reading.schema
        self._keys = sorted(reader.keys)
        self._today = today
        self._terms = terms

    def all_of(self, question: Question, years: Iterable[str] = ()) -> Query:
        """Documents that hold every word; only of these ``years`` if there are any."""
        held = [_held(self._schema, word) for word in question.wanted]
        return self._found([*held, *self._chosen(question, years)], self._better(question))

    def counted(self, question: Question, *, any_word: bool = False) -> Query:
        """The same documents as :meth:`all_of`, or :meth:`any_of`; nothing says which is better."""
        held = [_held(self._schema, word) for word in question.wanted]
        return self._found([*([_some(held)] if any_word else held), *self._chosen(question)])

    def titled(self, question: Question) -> Query:
        """Documents that hold every word in their title; of very many these are the best."""
        held = [self._titled(word, TITLED) for word in question.wanted]
        return self._found([*held, *self._chosen(question)], self._better(question)[len(held) :])

    def any_of(self, question: Question) -> Query:
        """Documents that hold any word."""
        held = _some([_held(self._schema, word) for word in question.wanted])
        return self._found([held, *self._chosen(question)], self._better(question))

    def near(self, word: str) -> Query:
        """Documents with a letter of ``word`` in their title, those with more of them first."""
        return self._found([_some([self._term("letter", each) for each in dict.fromkeys(word)])])

    def numbered(self, spelt: Iterable[str]) -> Query:
        """Documents with one of these numbers."""
        return self._found([_some([self._term("number", each) for each in sorted(spelt)])])

    def _found(self, musts: Sequence[Query], shoulds: Sequence[Query] = ()) -> Query:
        """What the reader may read, and has no newer opening of; nothing else is ever found."""
        theirs = _unscored(_some([self._term("key", key) for key in self._keys]))
        parts = [(Occur.Must, each) for each in (*musts, theirs)]
        parts += [(Occur.Should, each) for each in shoulds]
        if self._keys != [PUBLIC]:  # what everybody reads hides what was there before altogether
            parts += [(Occur.MustNot, self._term("hidden", key)) for key in self._keys]
        return Query.boolean_query(parts)

    def _better(self, question: Question) -> list[Query]:
        """What puts one document before another."""
        titled = [self._titled(word, TITLED) for word in question.wanted]
        if len(question.wanted) > 1:
            titled.append(self._titled(question.whole, PHRASED))
        years = [
            Query.const_score_query(self._term("year", str(self._today.year - back)), worth)
            for back, worth in RECENT
        ]
        return titled + years

    def _titled(self, word: str, worth: float) -> Query:
        return _some(
            [self._in_title(each, worth * _share(word, each)) for each in words.meant(word)]
        )

    def _in_title(self, word: str, worth: float) -> Query:
        grams = words.grams(word)
        if len(word) == 1:
            held = _unscored(Query.term_query(self._schema, "letter", word, "basic"))
        elif len(grams) == 1:
            held = Query.term_query(self._schema, "title", grams[0])
        else:
            held = Query.phrase_query(self._schema, "title", list(grams))
        return Query.boost_query(held, worth)

    def _chosen(self, question: Question, years: Iterable[str] = ()) -> list[Query]:
        """The filters: what is sought in, not what is sought."""
        sought = [
            [self._term(name, term) for term in self._terms(name, value)]
            for name, value in question.chosen.items()
        ]
        sought.append([self._term("year", year) for year in years])
        return [_unscored(_some(each)) for each in sought if each]

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")


def _held(schema: Schema, word: str) -> Query:
    """Documents that hold ``word``, or what is written instead of it."""
    meant = [(each, _pairs(schema, each)) for each in words.meant(word)]
    return _some([Query.boost_query(pairs, _share(word, each)) for each, pairs in meant])


def _share(word: str, other: str) -> float:
    """What each pair of ``other`` counts: it must not be worth more because it is longer."""
    return len(words.grams(word)) / len(words.grams(other))


def _pairs(schema: Schema, word: str) -> Query:
    """Documents that hold all pairs of its letters. A single letter is sought in titles."""
    if len(word) == 1:
        return Query.term_query(schema, "letter", word, "basic")
    grams = dict.fromkeys(words.grams(word))
    pairs = [Query.term_query(schema, "text", gram, "basic") for gram in grams]
    return Query.boolean_query([(Occur.Must, each) for each in pairs])


def _some(shoulds: Sequence[Query]) -> Query:
    if len(shoulds) == 1:
        return shoulds[0]
    return Query.boolean_query([(Occur.Should, each) for each in shoulds])


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)

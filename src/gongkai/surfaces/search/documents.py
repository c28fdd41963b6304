"""What the index holds: of an item one document for each opening that is somebody's newest, and of
a voice on the wall one document.

An item may be open to members in full and to the public in short, and corrected later. A reader
finds the newest opening that they may read, and no other; which one that is follows from the keys
alone, so it is said with terms: ``key`` is whom the opening is open to, ``hidden`` for whom a newer
one stands in its place. A change of membership changes a reader's keys, never a document.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.queries import exposed_records
from gongkai.procedure.publication.audience import covers
from gongkai.surfaces.board import items, stamps, wall
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.queries import portions
from gongkai.surfaces.search import words
from gongkai.surfaces.search.choices import ITEMS, VOICES
from gongkai.surfaces.search.index import Reading

if TYPE_CHECKING:
    import tantivy

LONGEST = 2_000_000
"""Letters of one attachment that are looked at: a book of four thousand pages."""

TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
INSIDE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)\b")
"""Tags inside a line: what they mark stands together with what is around."""
FOUND = (*items.LISTED, items.VOICE)
"""The kinds of records that what can be found follows from."""
REPEATED = 5_000
"""Letters from which on a text repeats itself so much that each pair is said once only."""
NUMBERED = re.compile(r"(\d{4})\D{0,2}?第?(\d{1,6})号")
"""〔2026〕12号, in any brackets."""


@dataclass(frozen=True)
class Found:
    """One document (检索条目), as values that can be handed to another process."""

    subject: str
    seq: int
    title: str
    letter: str
    text: str
    terms: tuple[tuple[str, str], ...]


def found(subjects: Collection[str], town: Town, within: range | None = None) -> list[Found]:
    """The documents of these items as they stand open under the exposed checkpoint.

    ``within``: only of items whose newest opening lies in that part of the log.
    """
    made: list[Found] = []
    for portion in portions(subjects):
        openings = _openings([each for each in portion if not each.startswith(wall.PREFIX)])
        if within is not None:
            openings = {
                subject: records
                for subject, records in openings.items()
                if records[-1].seq in within
            }
        read = {each.pk: _read(each.body) for own in openings.values() for each in own}
        texts = _texts(read.values())
        for records in openings.values():
            for record, hidden in _newest(records):
                made.append(_document(record, read[record.pk], hidden, texts, town))
        heard = _voices([each for each in portion if each.startswith(wall.PREFIX)])
        made += [
            _heard(each, town) for each in heard if within is None or stamps.seq(each) in within
        ]
    return made


def subjects(start: int, stop: int) -> list[str]:
    """The items and voices of which something was opened, withdrawn, erased or taken down in this
    part of the log.
    """
    kinds = PublicRecord.objects.filter(seq__gte=start, seq__lt=stop).order_by("seq")
    rows = kinds.values_list("subject", "kind")
    return list(dict.fromkeys(subject for subject, kind in rows if kind in FOUND))


def erased(start: int, stop: int) -> bool:
    """Whether something was erased in this part of the log."""
    kinds = PublicRecord.objects.filter(seq__gte=start, seq__lt=stop)
    return items.ERASURE in set(kinds.values_list("kind", flat=True))


def carrying(reading: Reading, digests: Collection[str]) -> set[str]:
    """The items of which an opening in the index carries one of these files."""
    import tantivy

    query = tantivy.Query.term_set_query(reading.schema, "file", list(digests))
    seqs = [seq for _score, seq in reading.search(query, max(1, reading.size))]
    rows = PublicRecord.objects.filter
    return {
        subject
        for portion in portions(seqs)
        for subject in rows(seq__in=portion).values_list("subject", flat=True)
    }


def texts_of(digests: Collection[str]) -> dict[str, str]:
    """What these attachments say, as far as it is looked at, by digest; no erased one."""
    kept: dict[str, str] = {}
    for portion in portions(sorted(digests)):
        rows = StoredFile.objects.filter(digest__in=portion, erased_at__isnull=True)
        for digest, text in rows.exclude(text="").values_list("digest", "text"):
            kept[digest] = text[:LONGEST]
    return kept


def plain(body: str) -> str:
    """The words of a sealed body, with a line for each of its blocks."""
    return unescape(TAG.sub(_between, body))


def _between(tag: re.Match[str]) -> str:
    return "" if INSIDE.match(tag[0]) else "\n"


def numbers(text: str) -> set[str]:
    """In which spellings a number is looked for: whole, and as the year and number in it.

    ``青委发〔2026〕12号`` is found by ``2026-12`` too, so in whichever brackets it is typed.
    """
    whole = words.letters(text)
    parts = {f"{year}/{int(number)}" for year, number in NUMBERED.findall(words.fold(text))}
    return parts | ({whole} if whole else set())


def filled(document: Found) -> "tantivy.Document":
    """The document as tantivy takes it."""
    import tantivy

    made = tantivy.Document()
    made.add_text("title", document.title)
    made.add_text("letter", document.letter)
    made.add_text("text", document.text)
    made.add_text("subject", document.subject)
    made.add_unsigned("seq", document.seq)
    for field, value in document.terms:
        made.add_text(field, value)
    return made


# -- making ----------------------------------------------------------------------------------------


def _openings(subjects: Collection[str]) -> dict[str, list[PublicRecord]]:
    """The open openings of these items, oldest first."""
    if not subjects:
        return {}
    opened = exposed_records().filter(subject__in=subjects).order_by("seq")
    kept: dict[str, list[PublicRecord]] = {}
    for record in opened.only("kind", "subject", "organisation", "audience", "body", "at", "seq"):
        if record.kind == items.RELEASE:
            kept.setdefault(record.subject, []).append(record)
    return kept


def _voices(subjects: Collection[str]) -> list[PublicRecord]:
    """The record by which each of these voices stands on the wall; of one that was kept off or
    taken down, none.
    """
    if not subjects:
        return []
    opened = exposed_records().filter(subject__in=subjects, kind=items.VOICE).order_by("seq")
    told = {
        record.subject: record
        for record in opened.only(
            "kind", "subject", "organisation", "audience", "body", "at", "seq"
        )
    }
    return [record for record in told.values() if wall.voice(record).found]


def _newest(records: list[PublicRecord]) -> Iterator[tuple[PublicRecord, set[str]]]:
    """Each opening that is the newest for somebody, and the keys for which it is not."""
    later: set[str] = set()
    for record in reversed(records):
        if not covers(later, record.audience):
            yield record, set(later)
        later.update(record.audience)


def _read(body: str) -> tuple[dict[str, Any], dict[str, Any]]:
    release = json.loads(body)
    return release, json.loads(release["edition"])


def _texts(read: Iterable[tuple[Any, Mapping[str, Any]]]) -> dict[str, str]:
    """The text of each attachment of these openings that has one, by digest."""
    digests = {each["digest"] for _r, edition in read for each in edition.get("attachments", ())}
    return texts_of(digests)


def _document(
    record: PublicRecord,
    read: tuple[Mapping[str, Any], Mapping[str, Any]],
    hidden: Iterable[str],
    texts: Mapping[str, str],
    town: Town,
) -> Found:
    release, edition = read
    title = words.letters(edition["title"])
    files = edition.get("attachments", ())
    held = [edition["document_number"], release.get("number", ""), plain(edition["body"])]
    for file in files:
        held += [file["title"], texts.get(file["digest"], "")]
    # In one go, as if they stood one behind the other: half the time, and two pairs too many.
    letters = words.letters("".join((edition["title"], *held)))
    grams: Iterable[str] = words.grams(letters)
    if len(letters) > REPEATED:
        grams = set(grams)
    return Found(
        subject=record.subject,
        seq=stamps.seq(record),
        title=" ".join(words.grams(title)),
        letter=" ".join(sorted(set(title))),
        text=" ".join(grams),
        terms=(*_terms(record, release, edition, town), *(("hidden", key) for key in hidden)),
    )


def _heard(record: PublicRecord, town: Town) -> Found:
    """A voice's document: its words and those of its answers. It has no title, so that what was
    published under these words comes first.
    """
    voice = wall.voice(record)
    letters = words.letters(voice.said)
    return Found(
        subject=record.subject,
        seq=stamps.seq(record),
        title="",
        letter="",
        text=" ".join(dict.fromkeys(words.grams(letters))),
        terms=tuple(_terms_of(record, voice, town)),
    )


def _terms_of(record: PublicRecord, voice: wall.Voice, town: Town) -> Iterator[tuple[str, str]]:
    """What a voice is narrowed by and reached by."""
    slug = record.organisation
    yield from (("key", key) for key in record.audience)
    yield "number", voice.address.lower()
    yield "what", VOICES
    yield "organisation", slug
    yield "voice", voice.kind
    yield "state", voice.state
    if voice.unit:
        yield "unit", f"{slug}:{voice.unit}"
    at = voice.received_at or record.at
    yield "year", str(civil_day(at, town.house(slug).zone).year)


def _terms(
    record: PublicRecord, release: Mapping[str, Any], edition: Mapping[str, Any], town: Town
) -> Iterator[tuple[str, str]]:
    """What a document is narrowed by and reached by."""
    slug = record.organisation
    at = release.get("opened_at")
    opened = datetime.fromisoformat(at) if at else record.at
    yield from (("key", key) for key in record.audience)
    yield from (("file", file["digest"]) for file in edition.get("attachments", ()))
    reached = numbers(edition["document_number"]) | numbers(release.get("number", ""))
    yield from (("number", number) for number in sorted(reached | {record.subject.lower()}))
    yield "what", ITEMS
    yield "organisation", slug
    yield "category", f"{slug}:{edition['category']}"
    yield "box", f"{slug}:{edition['box']}"
    yield "year", str(civil_day(opened, town.house(slug).zone).year)
    for name in ("kind", "form"):
        if edition.get(name):
            yield name, edition[name] if name == "kind" else f"{slug}:{edition[name]}"

"""The index on disk 检索库: one folder for each generation, and a link to the one that answers.

    search/current -> g7     what is asked; changed by rename, so that nobody finds it half made
    search/g7/               tantivy's files, and how far the log is followed in ``state.json``
    search/g8/               the next one, while it is being made

The index is derived: it holds nothing that cannot be made again from the public records, and a
broken one is simply made again. It stores no text, only which of two letters stand side by side
somewhere in a document, and the log index of the record. One process writes, the keeper (tantivy
refuses a second); any number read. A crash at any moment leaves what was committed last.
"""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError

if TYPE_CHECKING:
    import tantivy

SCHEMA = 2
"""Changes with whatever changes the terms of a document; an index of another one is made anew."""

FACETS = (
    "what",
    "organisation",
    "category",
    "box",
    "unit",
    "voice",
    "state",
    "year",
    "kind",
    "form",
)
"""What a search can be narrowed by; each is counted."""

WORDS = "words"
"""The name of the tokenizer: terms stand between blanks, they were made in Python."""
HEAP = 15_000_000
"""Bytes in which the keeper gathers documents: the least that tantivy takes."""


class Unreadable(Exception):
    """The index is missing, broken, or another version's; it is made anew."""


class Unwritable(Exception):
    """What was to be written did not reach the disk, which may be full; it is tried again."""


@dataclass(frozen=True)
class State:
    """How far an index has come (进度): ``seq`` is the first log index it has not followed.

    ``begun`` is how long the exposed log was when the index was begun. ``purge``: something erased
    since then has left its terms in files that only a new index is free of.
    """

    seq: int = 0
    begun: int = 0
    purge: bool = False
    schema: int = SCHEMA


def folder() -> Path:
    """Where the generations of this home's index stand."""
    place: Path = settings.HOME.search
    return place


def current() -> Path | None:
    """The generation that answers; None before there is one."""
    try:
        return folder() / os.readlink(folder() / "current")
    except OSError:
        return None


def generations() -> list[Path]:
    """Every generation that stands here, oldest first."""
    found = (each for each in folder().glob("g*") if each.name[1:].isdecimal())
    return sorted(found, key=lambda each: int(each.name[1:]))


def begin() -> Path:
    """A new folder for the next generation."""
    numbers = [int(each.name[1:]) for each in generations()]
    made = folder() / f"g{max(numbers, default=0) + 1}"
    made.mkdir(parents=True, mode=0o700)
    return made


def swap(made: Path) -> None:
    """From now on ``made`` answers. The old ones go; whoever reads one has it open still."""
    link = folder() / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(made.name)
    link.replace(folder() / "current")
    sweep(keep={made.name})


def sweep(keep: Iterable[str]) -> None:
    """Take away every generation but these."""
    kept = set(keep)
    for each in generations():
        if each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


def state_of(generation: Path) -> State:
    """How far it has come. ``Unreadable`` when that cannot be told or the schema is another."""
    try:
        told = json.loads((generation / "state.json").read_text("utf-8"))
        state = State(**{name: type(getattr(State, name))(told[name]) for name in asdict(State())})
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise Unreadable(str(error)) from error
    if state.schema != SCHEMA:
        raise Unreadable(f"schema {state.schema}, not {SCHEMA}")
    return state


def note(generation: Path, state: State) -> None:
    """Remember how far it has come, whole or not at all."""
    new = generation / "state.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(generation / "state.json")


@contextmanager
def building() -> Iterator[bool]:
    """Whether this process alone makes the next generation; the other one waits or goes on."""
    folder().mkdir(mode=0o700, exist_ok=True)
    with (folder() / "building.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


# -- tantivy ---------------------------------------------------------------------------------------


def schema() -> "tantivy.Schema":
    """The fields of a document.

    ``text`` holds every two letters side by side, once each and without their places: that finds
    every word, and keeps the index a fourth of the size; ``title`` holds their places too.
    """
    import tantivy

    made = tantivy.SchemaBuilder()
    made.add_text_field("title", tokenizer_name=WORDS, index_option="position")
    made.add_text_field("letter", tokenizer_name=WORDS, index_option="basic")
    made.add_text_field("text", tokenizer_name=WORDS, index_option="basic")
    for name in ("subject", "number", "file", "key", "hidden"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    made.add_unsigned_field("seq", fast=True)
    return made.build()


def opened(generation: Path) -> "tantivy.Index":
    """The index in that folder. ``Unreadable`` when it cannot be opened."""
    import tantivy

    with _as_unreadable():
        index = tantivy.Index.open(str(generation))
        index.register_tokenizer(WORDS, _words())
        index.config_reader("manual", 0)
        return index


def created(generation: Path, exposed: int) -> "tantivy.Index":
    """An empty index in that folder, begun while the exposed log was so long."""
    import tantivy

    with writing():
        index = tantivy.Index(schema(), str(generation), reuse=False)
        index.register_tokenizer(WORDS, _words())
        note(generation, State(begun=exposed))
        return index


def _words() -> "tantivy.TextAnalyzer":
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


@contextmanager
def _as_unreadable() -> Iterator[None]:
    with _as(Unreadable):
        yield


@contextmanager
def writing() -> Iterator[None]:
    """Whatever goes wrong inside is ``Unwritable``; tantivy tells no sorts of errors apart."""
    with _as(Unwritable):
        yield


@contextmanager
def _as(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (Unreadable, Unwritable, DatabaseError):
        raise
    except Exception as error:
        raise kind(str(error)) from error
    except BaseException as panic:  # pyo3's PanicException, when a file was cut off
        if type(panic).__name__ != "PanicException":
            raise
        raise kind(str(panic)) from panic


# -- reading ---------------------------------------------------------------------------------------


class Reading:
    """A view of the index at one commit (视图). Every question may meet a broken file."""

    def __init__(self, index: "tantivy.Index", searcher: "tantivy.Searcher", stamp: str) -> None:
        self.schema = index.schema
        self.stamp = stamp
        self._searcher = searcher

    def search(
        self, query: "tantivy.Query", limit: int, offset: int = 0, recent: str = ""
    ) -> list[tuple[float, int]]:
        """Score and log index of the best documents; by log index where ``recent`` is given,
        ``newest`` or ``oldest`` first.
        """
        import tantivy

        order: dict[str, Any] = {}
        if recent:
            way = tantivy.Order.Desc if recent == "newest" else tantivy.Order.Asc
            order = {"order_by_field": "seq", "order": way}
        with _as_unreadable():
            found = self._searcher.search(query, limit, count=False, offset=offset, **order).hits
            seqs = self._searcher.fast_field_values("seq", [address for _score, address in found])
        return [
            (float(score or 0), int(seq or 0))
            for (score, _at), seq in zip(found, seqs, strict=True)
        ]

    def count(self, query: "tantivy.Query") -> int:
        """How many documents there are."""
        with _as_unreadable():
            found: Any = self._searcher.search(query, 1, count=True)
            return int(found.count)

    def facets(self, query: "tantivy.Query", names: Iterable[str]) -> dict[str, dict[str, int]]:
        """How many of the documents have which value, for each of the fields ``names``."""
        asked = {name: {"terms": {"field": name, "size": 1000}} for name in names}
        with _as_unreadable():
            told = self._searcher.aggregate(query, asked)
        return {
            name: {str(each["key"]): int(each["doc_count"]) for each in told[name]["buckets"]}
            for name in asked
        }

    def rarest(self, grams: Iterable[str]) -> int:
        """In how many documents the rarest of these stands, whoever may read them."""
        with _as_unreadable():
            return min(int(self._searcher.doc_freq("text", gram)) for gram in grams)

    @property
    def size(self) -> int:
        """How many documents there are in all."""
        return int(self._searcher.num_docs)


class _Reader:
    """What this process reads from; follows each commit and each new generation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._place: Path | None = None
        self._reading: Reading | None = None

    def now(self) -> Reading:
        """The index as it was committed last. ``Unreadable`` when there is none."""
        place = current()
        if place is None:
            raise Unreadable("there is no index yet")
        try:
            facts = (place / "meta.json").stat()
        except OSError as error:
            raise Unreadable(str(error)) from error
        stamp = f"{place} {facts.st_mtime_ns} {facts.st_ino}"
        with self._lock:
            if self._reading is None or self._reading.stamp != stamp:
                self._reading = self._follow(place, stamp)
            return self._reading

    def _follow(self, place: Path, stamp: str) -> Reading:
        if self._place != place or self._index is None:
            state_of(place)
            self._index, self._place = opened(place), place
        with _as_unreadable():
            self._index.reload()
            return Reading(self._index, self._index.searcher(), stamp)


def proved(place: Path) -> None:
    """Read through every field that results are counted by. ``Unreadable`` when one is broken."""
    import tantivy

    seen = opened(place)
    with _as_unreadable():
        seen.reload()
        found = Reading(seen, seen.searcher(), "")
    found.facets(tantivy.Query.all_query(), FACETS)
    found.search(tantivy.Query.all_query(), 1, recent="newest")


_reader = _Reader()


def reading() -> Reading:
    """The index as it was committed last. ``Unreadable`` when there is none that can be read."""
    return _reader.now()


def doubt() -> None:
    """Tell the keeper that the index cannot be read: it is to look at it closely."""
    with suppress(OSError):
        (folder() / "doubt").touch()


def doubted() -> bool:
    """Whether somebody could not read the index since it was looked at."""
    return (folder() / "doubt").exists()


def settled() -> None:
    """The doubt has been looked into."""
    (folder() / "doubt").unlink(missing_ok=True)

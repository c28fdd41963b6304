"""The keeper's steps that make what is published findable: removals at once, openings after pages.

Following is a step of its own with a cursor of its own, which stands beside the index it belongs
to. It may be cut off anywhere and repeated: an item is always written whole, as it stands open at
that moment. Whatever goes wrong here (a full disk, a broken file) is remembered as the index's
trouble and tried again; it never keeps the log or a page waiting. Search answers from the last
commit meanwhile.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gongkai.foundation.files import queries as files
from gongkai.foundation.ledger import queries as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.surfaces.board import houses
from gongkai.surfaces.search import documents, index
from gongkai.surfaces.search.index import State, Unreadable, Unwritable

if TYPE_CHECKING:
    import tantivy

logger = logging.getLogger(__name__)

RECORDS_AT_ONCE = 400
"""Records of the log that one portion follows: a fraction of a second."""
COMMIT_AFTER = 20
"""Portions of a new index after which it is committed: some thousand documents."""
READINGS, READINGS_AT_ONCE = "search readings", 100
"""Where it is noted how many finished readings were followed, and how many are at a time."""
RETRY = 5.0
"""Seconds between two attempts to write what could not be written."""

T = TypeVar("T")


class Writing:
    """An index that this process writes (写入); tantivy refuses a second writer of a folder."""

    def __init__(self, place: Path, own: "tantivy.Index", *, heap: int, threads: int = 1) -> None:
        self.place = place
        self.state = index.state_of(place)
        with index.writing():
            self._writer = own.writer(heap, threads)
            # A writer that was killed while it committed has left files that the next commit,
            # which does the same again, would find in its way.
            self._writer.garbage_collect_files()

    def put(self, subjects: Collection[str], within: range | None = None) -> None:
        """Write these items as they stand now; what is not open any more is gone."""
        self.add(documents.found(subjects, houses.town(), within), subjects)

    def add(self, made: Iterable[documents.Found], instead_of: Collection[str] = ()) -> None:
        """Write these documents in the place of all that there are of those items."""
        with index.writing():
            for subject in instead_of:
                self._writer.delete_documents_by_term("subject", subject)
            for document in made:
                self._writer.add_document(documents.filled(document))

    def commit(self, state: State) -> None:
        """Let readers see it, then remember how far it has come."""
        with index.writing():
            self._writer.commit()
            index.note(self.place, state)
        self.state = state

    def finish(self) -> None:
        """Let the merging come to its end; nothing can be written afterwards."""
        with index.writing():
            self._writer.wait_merging_threads()


_writing: dict[Path, Writing] = {}
_owed: set[str] = set()
"""Items that are to be written again as soon as something can be written."""
_trouble: list[str] = []
_not_before = 0.0


def trouble() -> str:
    """What keeps this process from writing the index; empty when nothing does."""
    return _trouble[0] if _trouble else ""


def waiting() -> bool:
    """Whether something is left to do though nothing new was published; asks no database."""
    return bool(_trouble or _owed or index.doubted() or _wanted())


# -- removals --------------------------------------------------------------------------------------


def forget(records: Sequence[PublicRecord]) -> None:
    """Take what these closed records said out of the index, before their pages go.

    What cannot be written now is owed: the next pass tries again. Nobody is shown it meanwhile,
    since every result is read from the open records.
    """
    _owed.update(record.subject for record in records)
    _attempt(_settle)


def _settle() -> None:
    if not _owed:
        return
    own, subjects = _current(), sorted(_owed)
    if own is not None:
        own.put(subjects)
        own.commit(own.state)
    _owed.difference_update(subjects)  # without an index nothing of them can be found


# -- following -------------------------------------------------------------------------------------


def follow() -> int:
    """Make what the log has exposed since the cursor findable. Returns how many records."""
    return _attempt(_follow) or 0


def _follow() -> int:
    _look_closely()
    _settle()
    own = _current()
    if own is None:
        return 0
    exposed, begun = ledger.head().exposed_size, own.state.seq
    if exposed < begun:
        raise Unreadable("it has followed a log that was longer than this one")
    while own.state.seq < exposed:
        stop = min(own.state.seq + RECORDS_AT_ONCE, exposed)
        own.put(documents.subjects(own.state.seq, stop))
        purge = own.state.purge or documents.erased(own.state.seq, stop)
        own.commit(replace(own.state, seq=stop, purge=purge))
    return exposed - begun


def reread(digests: Iterable[str]) -> int:
    """Write the items again that carry one of these files: its text has come, or has gone.

    Idempotent; the next :func:`follow` does it. Returns how many items; 0 while there is no index,
    which will hold the text anyway.
    """
    found = _attempt(lambda: documents.carrying(index.reading(), list(digests))) or set()
    _owed.update(found)
    return len(found)


def follow_readings(now: datetime) -> int:
    """Make the texts findable that the worker has finished reading. Returns how many files.

    *The cursor moves only once the items that carry them are written; before that, it all repeats.*
    """
    cursor, done = Cursor.objects.get_or_create(name=READINGS)[0], 0
    while found := files.finished_from(cursor.seq, READINGS_AT_ONCE):
        reread(digest for _place, digest in found)
        _attempt(_settle)
        if _owed:
            break
        cursor.seq = found[-1][0] + 1
        with repeatable():
            cursor.save(update_fields=["seq"])
        done += len(found)
    return done


# -- anew ------------------------------------------------------------------------------------------


def advance(leave_off: Callable[[], bool] = lambda: False) -> bool:
    """Go on with a new index where there is none that can be read, or one must be purged.

    Portion by portion, until ``leave_off`` says so; says whether something is left. The old one
    answers and is followed meanwhile, if it can be read.
    """
    return _wanted() and bool(_attempt(lambda: _advance(leave_off)))


def _advance(leave_off: Callable[[], bool]) -> bool:
    with index.building() as alone:
        if not alone:
            return False  # ``gongkai search rebuild`` is at it
        exposed = ledger.head().exposed_size
        own = _next(exposed)
        portions = 0
        while own.state.seq < exposed:
            if portions and leave_off():
                break
            stop = min(own.state.seq + RECORDS_AT_ONCE, exposed)
            within = range(own.state.seq, stop)
            own.put(documents.subjects(within.start, stop), within)
            purge = own.state.purge or documents.erased(max(within.start, own.state.begun), stop)
            own.state = replace(own.state, seq=stop, purge=purge)
            portions += 1
            if portions % COMMIT_AFTER == 0:
                own.commit(own.state)
        own.commit(own.state)
        if own.state.seq < exposed:
            return True
        _writing.clear()
        _writing[own.place] = own
        index.swap(own.place)
        index.settled()
        logger.info("search index %s answers", own.place.name)
        return False


def _wanted() -> bool:
    """Whether the index is to be made anew."""
    place = index.current()
    own = _writing.get(place) if place else None
    return place is None or (own is not None and own.state.purge)


def _next(exposed: int) -> Writing:
    """The generation that is being made: the one begun before, unless it must be purged itself."""
    for place in reversed(index.generations()):
        if place == index.current():
            break
        try:
            own = _writing.get(place) or Writing(place, index.opened(place), heap=index.HEAP)
        except Unreadable:
            continue
        if own.state.seq <= exposed:
            _writing[place] = own
            return own
    made = index.begin()
    _writing[made] = Writing(made, index.created(made, exposed), heap=index.HEAP)
    return _writing[made]


def _current() -> Writing | None:
    """The index that answers, to be written; None where there is none."""
    place = index.current()
    for gone in [each for each in _writing if not each.exists()]:
        del _writing[gone]  # ``gongkai search rebuild`` has put another in its place
    if place is None:
        return None
    if place not in _writing:
        _writing[place] = Writing(place, index.opened(place), heap=index.HEAP)
    return _writing[place]


def _look_closely() -> None:
    """A reader could not read the index: if we cannot either, it goes."""
    place = index.current()
    if index.doubted() and place is not None:
        index.proved(place)
    index.settled()


def _attempt(step: Callable[[], T]) -> T | None:
    """Do it, or remember what went wrong, tell it once and try again in a while.

    What cannot be read is taken away: :func:`advance` then begins anew.
    """
    global _not_before
    if _trouble and time.monotonic() < _not_before:
        return None
    try:
        done = step()
    except Unreadable as error:
        # As text: a log record that somebody keeps would keep the writer, and its lock, alive.
        logger.error("search index cannot be read, it is made anew: %s", str(error))
        _give_up()
        return None
    except (Unwritable, OSError) as error:
        if not _trouble:
            logger.error("search index cannot be written: %s", str(error))
        _trouble[:] = [str(error)]
        _not_before = time.monotonic() + RETRY
        close()
        return None
    if _trouble:
        logger.warning("search index is written again")
        _trouble.clear()
    return done


def _give_up() -> None:
    close()
    place = index.current()
    (index.folder() / "current").unlink(missing_ok=True)
    if place is not None:
        index.sweep(keep=[each.name for each in index.generations() if each != place])


def close() -> None:
    """Let go of every index; one is opened again when it is needed, at its last commit."""
    _writing.clear()

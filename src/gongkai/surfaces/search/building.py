"""The whole index anew, over several processes, while the old one answers.

Each process reads a part of the log and works out the terms; this one hands them to tantivy. The
new index takes the place of the old one when it has caught up, by rename; the keeper notices, and
writes that one from then on. Cut off, it leaves a folder that the next one takes away.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import queries as ledger
from gongkai.surfaces.board import crew, houses
from gongkai.surfaces.search import documents, index
from gongkai.surfaces.search.documents import Found
from gongkai.surfaces.search.jobs import RECORDS_AT_ONCE, Writing

HEAP = 40_000_000
"""Bytes for each of tantivy's threads."""

Progress = Callable[[int, int], None]


def rebuild(progress: Progress, hands: int) -> int:
    """Make the index anew and let it answer. Returns how many documents it holds.

    ``Refused`` while another process is at it; ``Unwritable`` when the disk is full, and then the
    old index goes on answering.
    """
    with index.building() as alone:
        if not alone:
            raise Refused([_("检索库正在重建。请等它做完。")])
        place = index.current()
        index.sweep(keep=[place.name] if place else [])
        return _rebuilt(progress, hands)


def _rebuilt(progress: Progress, hands: int) -> int:
    exposed = ledger.head().exposed_size
    made = crew.shared(found, _parts(0, exposed), hands)
    first = next(made, None)  # the processes are forked here, before tantivy has any thread
    own = _begun(exposed, hands)
    count = 0
    for part, found_there in chain([first] if first else [], made):
        own.add(found_there)
        count += len(found_there)
        progress(part.stop, exposed)
    own.state = replace(own.state, seq=exposed)
    while own.state.seq < (exposed := ledger.head().exposed_size):
        stop = min(own.state.seq + RECORDS_AT_ONCE, exposed)
        own.put(documents.subjects(own.state.seq, stop))
        purge = own.state.purge or documents.erased(own.state.seq, stop)
        own.state = replace(own.state, seq=stop, purge=purge)
    own.commit(own.state)
    own.finish()
    index.swap(own.place)
    index.settled()
    return count


def found(within: range) -> list[Found]:
    """The documents whose newest opening lies in that part of the log."""
    subjects = documents.subjects(within.start, within.stop)
    return documents.found(subjects, houses.town(), within)


def _begun(exposed: int, hands: int) -> Writing:
    place = index.begin()
    return Writing(place, index.created(place, exposed), heap=HEAP * hands, threads=hands)


def _parts(start: int, stop: int) -> Iterator[range]:
    for begin in range(start, stop, RECORDS_AT_ONCE):
        yield range(begin, min(begin + RECORDS_AT_ONCE, stop))

"""The keeper's steps that make the board: removals at once, pages after the log, home at midnight.

Each step may be cut off anywhere and repeated; it then writes the same bytes. The cursor moves
only when everything it covers is durable and noted in the manifest. What changes every page (a
charter, an upgrade) is followed in the background: see ``build``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongkai.foundation.core import clock
from gongkai.foundation.files import queries as files
from gongkai.foundation.ledger import queries as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor, PublicRecord
from gongkai.foundation.seals import queries as seals
from gongkai.procedure.publication import postings
from gongkai.surfaces.board import (
    finding,
    houses,
    items,
    queries,
    rendering,
    shelves,
    touched,
)
from gongkai.surfaces.board.gathering import Gathering
from gongkai.surfaces.board.pages import (
    subordinates,
)
from gongkai.surfaces.board.press import Press
from gongkai.surfaces.board.workflow import keep, note_owed, shelve

CURSOR, READINGS = "board", "board-readings"
RECORDS_AT_ONCE, READINGS_AT_ONCE = 200, 10

_followed: set[Path] = set()
"""Boards that this process has followed: what it wrote itself it need not look at closely."""


def remove(also: Callable[[Sequence[PublicRecord]], object] = lambda _closed: None) -> int:
    """Take away what has been closed: pages, versions, files, titles in lists. Returns how many.

    ``also`` is told of each portion first: other surfaces take it away before. Waits for no log
    entry. *A crash leaves ``removed_at`` empty, so it is all done again.*
    """
    done = 0
    while closed := list(queries.to_remove().defer("body", "entry")[:RECORDS_AT_ONCE]):
        also(closed)
        site = rendering.site_of_board()
        rendering.render(Press(site, houses.town()), replace(touched.by(closed), read=set()))
        rendering.finish(site)
        still_closed = PublicRecord.objects.filter(
            pk__in=[record.pk for record in closed], closed_at__isnull=False
        )
        with repeatable():
            still_closed.update(removed_at=clock.now())
            postings.note_removed([record.pk for record in closed], clock.now())
        done += len(closed)
    return done


def follow() -> int:
    """Render what the log has exposed since the cursor. Returns how many records were followed.

    Each page is rendered once however many records touch it. *Until the cursor moves, the same
    portion is rendered again, to the same bytes.*
    """
    cursor = Cursor.objects.get_or_create(name=CURSOR)[0]
    done, exposed = 0, ledger.head().exposed_size
    while cursor.seq < exposed:
        stop = min(cursor.seq + RECORDS_AT_ONCE, exposed)
        keep(queries.told_of_entries(cursor.seq, stop))
        _follow(list(queries.public_records(cursor.seq, stop).defer("entry")))
        done += stop - cursor.seq
        cursor.seq = stop
        with repeatable():
            cursor.save(update_fields=["seq"])
    postings.note_pages(cursor.seq, clock.now())
    return done


def follow_readings(_now: datetime) -> int:
    """Lay out the attachments whose pages the worker has finished. Returns how many.

    Costs one question where there are none, and nothing for items without such an attachment.
    *Until the cursor moves, the same pages are written again.*
    """
    cursor = Cursor.objects.get_or_create(name=READINGS)[0]
    done = 0
    while rows := files.finished_from(cursor.seq, READINGS_AT_ONCE):
        keys = {shelves.name(shelves.HELD, finding.key_of(digest)) for _seq, digest in rows}
        subjects = {each for names in queries.holders(keys).values() for each in names}
        site = rendering.site_of_board()
        if subjects:
            rendering.render_items(Press(site, houses.town()), subjects)
            rendering.finish(site)
        cursor.seq = rows[-1][0] + 1
        with repeatable():
            cursor.save(update_fields=["seq"])
        done += len(rows)
    return done


def followed(exposed: int) -> None:
    """Everything below ``exposed`` has its pages: a build has just made them."""
    Cursor.objects.update_or_create(name=CURSOR, defaults={"seq": exposed})


def midnight(now: datetime, leave_off: Callable[[], bool] = lambda: False) -> int:
    """Render the pages that speak of today where another day has begun, and last of all those that
    compare organisations. Leaves off when ``leave_off`` says so, after at least one organisation;
    0 says that nothing is left. Returns for how many.
    """
    town = houses.town()
    due = [
        each
        for each in rendering.houses_of(town)
        if rendering.another_day(rendering.days_shown, each, now)
    ]
    if not (due or rendering.to_compare(town, now)):
        return 0
    site = rendering.site_of_board()
    press, gathering, done = Press(site, town), Gathering(town), 0
    for house in due:
        if done and leave_off():
            break
        rendering.day_pages(press, gathering, house, now)
        rendering.compared.pop((site.root, town.parent(house)), None)
        done += 1
    if done == len(due):
        for house in rendering.to_compare(town, now):
            subordinates.pages(press, gathering, house, now)
            rendering.compared[site.root, house.slug] = clock.civil_day(now, house.zone)
    rendering.finish(site)
    return done


def _follow(records: Sequence[PublicRecord]) -> None:
    town, root = houses.town(), Path(settings.HOME.board)
    shelve(records, town)
    note_owed(records)
    # Before the first pass lies a crash, perhaps of the whole machine: a twin may be cut off.
    site = rendering.site_of_board(thorough=root not in _followed, prompt=True)
    press = Press(site, town)
    rendering.render(press, touched.by(records))
    if any(record.kind == items.CHARTER for record in records):
        rendering.render_fixed(press)
    else:
        rendering.log_page(press)
        if any(record.kind == seals.KIND for record in records):
            rendering.certificates_page(press)
    rendering.finish(site)
    _followed.add(root)


def witnesses(_now: datetime) -> bool:
    """Render the page about the log where its file of witnesses says something new."""
    root, told = Path(settings.HOME.board), rendering.log_file("witnesses.json")
    if told == rendering.witnesses_shown.get(root):
        return False
    site = rendering.site_of_board()
    rendering.log_page(Press(site, houses.town()))
    rendering.finish(site)
    return True

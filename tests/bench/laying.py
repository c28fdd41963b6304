"""Laying a corpus into the database as if it had been published: rows, places, log, checkpoint.

What is measured begins behind it, so it takes the short way: rows by the thousand, in the order
of the log, with the places that the board would give. Tiles, signature and checkpoint are made by
the keeper's own steps. A million items take some minutes and 6 GB.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from tests import cast
from tests.bench import corpus
from tests.bench.corpus import Written

from gongkai.foundation.ledger import jobs as log
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import AudienceKey, Cursor, Head, PublicRecord
from gongkai.foundation.ledger.queries import head
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.translog.merkle import Frontier, leaf_hash
from gongkai.procedure.catalogue.workflow import apply
from gongkai.surfaces.board import jobs as board
from gongkai.surfaces.board.models import Place, Shelf

AT_ONCE = 5000
VILLAGES = ("石桥村", "柳树湾村", "上河村", "下河村", "松林村", "白果村", "青杠村", "双井村")
RECORDS = (
    "INSERT INTO ledger_publicrecord (id, kind, subject, version, organisation, audience, body, "
    "digest, at, salt, entry, seq) VALUES (%s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s)"
)
KEYS = "INSERT INTO ledger_audiencekey (record_id, key) VALUES (%s, %s)"
PLACES = "INSERT INTO board_place (shelf_id, ordinal, subject, seq, at) VALUES (%s, %s, %s, %s, %s)"


def fill(count: int, villages: int = 0) -> Organisation:
    """Found a township with so many villages and expose ``count`` items with their answers.

    No page is rendered; the board's cursor stands at the beginning. Returns the township.
    """
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    township = cast.township()
    others = [_village(number, name) for number, name in enumerate(VILLAGES[:villages])]
    expose()
    with hasty():
        lay(corpus.written([township, *others], count))
    expose()
    return township


def newest(count: int) -> None:
    """Render the pages that the newest ``count`` records make, as the keeper does."""
    begun = max(0, head().exposed_size - count)
    Cursor.objects.update_or_create(name=board.CURSOR, defaults={"seq": begun})
    board.follow()


def expose() -> None:
    """What the keeper does to the log, until nothing waits."""
    lease = Lease()
    assert lease.acquire()
    while log.order(lease):
        pass
    log.write_tiles()
    log.sign(lease)
    log.expose(lease)
    lease.release()


def lay(records: Iterable[Written]) -> None:
    """The rows of these records behind what is ordered already, and the new head."""
    frontier = Frontier.from_json(head().frontier)
    shelves = _Shelves()
    for portion in _portions(records):
        with transaction.atomic():
            _write(portion, frontier.size, shelves)
        frontier.extend(leaf_hash(each.entry) for each in portion)
    with transaction.atomic():
        shelves.save()
        Head.objects.update(
            size=frontier.size, root=frontier.root().hex(), frontier=frontier.to_json()
        )
        with connection.cursor() as cursor:
            for line in connection.ops.sequence_reset_sql(no_style(), [PublicRecord]):
                cursor.execute(line)


class _Shelves:
    """The lists and how long each is by now."""

    def __init__(self) -> None:
        self.rows = {shelf.name: shelf for shelf in Shelf.objects.all()}

    def place(self, name: str) -> tuple[int, int]:
        """Key and next ordinal of the list ``name``."""
        shelf = self.rows.get(name)
        if shelf is None:
            shelf = self.rows[name] = Shelf.objects.create(name=name)
        shelf.size += 1
        return shelf.pk, shelf.size - 1

    def save(self) -> None:
        Shelf.objects.bulk_update(self.rows.values(), ["size"], batch_size=200)


def _write(portion: Sequence[Written], size: int, shelves: _Shelves) -> None:
    first = (PublicRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    keyed = [
        (each, first + offset, size + offset, connection.ops.adapt_datetimefield_value(each.at))
        for offset, each in enumerate(portion)
    ]
    audience = f'["{PUBLIC}"]'
    with connection.cursor() as cursor:
        cursor.executemany(
            RECORDS,
            [
                (
                    *(pk, each.kind, each.subject, each.organisation, audience, each.body),
                    *(each.digest, at, each.salt, each.entry, seq),
                )
                for each, pk, seq, at in keyed
            ],
        )
        cursor.executemany(KEYS, [(pk, PUBLIC) for _each, pk, _seq, _at in keyed])
        cursor.executemany(
            PLACES,
            [
                (*shelves.place(name), subject, seq, at)
                for each, _pk, seq, at in keyed
                for name, subject in each.places
            ],
        )


@contextmanager
def hasty() -> Iterator[None]:
    """SQLite without a sync for each portion and with room for the indexes; reopened afterwards."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("synchronous=OFF", "cache_size=-1000000", "wal_autocheckpoint=50000"):
                cursor.execute(f"PRAGMA {pragma}")
    yield
    connection.close()
    if connection.vendor == "postgresql":  # which would do so by itself, a minute later
        with connection.cursor() as cursor:
            for model in (PublicRecord, AudienceKey, Place, Shelf):
                cursor.execute(f"ANALYZE {model._meta.db_table}")


def _village(number: int, name: str) -> Organisation:
    """A village under the township, with the village charter and its own name."""
    source = (cast.CHARTERS / "village.toml").read_text("utf-8")
    slug, codes = f"village{number + 1}", (f"V{number + 1}", f"C0{number + 11}")
    changed = (
        ('slug = "shiqiao"', f'slug = "{slug}"\nparent = "qingxi"'),
        ("石桥村", name),
        ('number_code = "SQ"', f'number_code = "{codes[0]}"'),
        ('fonds = "C011"', f'fonds = "{codes[1]}"'),
    )
    for old, new in changed:
        source = source.replace(old, new)
    apply(source=source, by=SYSTEM)
    return Organisation.objects.get(slug=slug)


def _portions(records: Iterable[Written]) -> Iterator[list[Written]]:
    rest = iter(records)
    while portion := list(islice(rest, AT_ONCE)):
        yield portion

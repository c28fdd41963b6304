"""An organisation founded once by the real verbs; later tests begin with the very same rows.

Founding a township takes some two hundred statements, and most tests begin with one. So the first
test of a process founds it, and the others put the rows back that it left.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from tests.emptying import LAID

from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Organisation

Rows = dict[type[Model], list[tuple[Any, ...]]]


@dataclass
class Remembered:
    """What ``found`` makes in an empty database.

    A test that sets the clock gets what was founded in that very second, all of it at once.
    """

    found: Callable[[], Organisation]
    known: dict[datetime | None, Rows] = field(default_factory=dict)

    def __call__(self) -> Organisation:
        if Act.objects.exists():
            return self.found()
        second = _second_set()
        if second in self.known:
            put_back(self.known[second])
            return Organisation.objects.latest("pk")
        with time_machine.travel(second, tick=False) if second else nullcontext():
            before = everything()
            organisation = self.found()
            self.known[second] = new_since(before)
        return organisation


def _second_set() -> datetime | None:
    """The second to which a test has set the clock; nothing when it is the real one's."""
    if time_machine.escape_hatch.is_travelling():
        return datetime.now(UTC).replace(microsecond=0)
    return None


def new_since(before: Rows) -> Rows:
    """The rows that have come since ``before``, and those that have changed."""
    return {
        model: [row for row in rows if row not in before[model]]
        for model, rows in everything().items()
        if rows != before[model]
    }


def put_back(rows: Rows) -> None:
    """Into tables that hold what they held before; a row that had changed is replaced."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, lines in rows.items():
            for some in batched(lines):
                cursor.execute(_insert(model, len(some)), [*chain.from_iterable(some)])
        for statement in connection.ops.sequence_reset_sql(no_style(), list(rows)):
            cursor.execute(statement)


def batched(lines: list[tuple[Any, ...]], size: int = 200) -> Iterator[list[tuple[Any, ...]]]:
    """``lines`` in portions: a statement each, which a database bears, and which asks it once."""
    return (lines[at : at + size] for at in range(0, len(lines), size))


def everything() -> Rows:
    """All rows of all tables, as the database keeps them, in the order of their keys."""
    with connection.cursor() as cursor:
        return {
            model: cursor.execute(_select(model)).fetchall()
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy and model not in LAID
        }


def _select(model: type[Model]) -> str:
    table, key, columns = _names(model)
    return f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key}"


def _insert(model: type[Model], rows: int) -> str:
    table, key, columns = _names(model)
    row = f"({', '.join(['%s'] * len(columns))})"
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"
        f" ON CONFLICT ({key}) DO UPDATE SET {changes}"
    )


def _names(model: type[Model]) -> tuple[str, str, list[str]]:
    """Table, primary key and columns, quoted."""
    quoted, meta = connection.ops.quote_name, model._meta
    columns = [quoted(each.column) for each in meta.local_concrete_fields]
    return quoted(meta.db_table), quoted(meta.pk.column), columns

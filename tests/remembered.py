"""An organisation founded once by the real verbs; later tests begin with the very same rows.

Founding a township takes some two hundred statements, and most tests begin with one. So the first
test of a process founds it, and the others put the rows back that it left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Organisation

Rows = list[tuple[Any, ...]]


@dataclass
class Remembered:
    """What ``found`` makes in an empty database; a test that sets the clock founds anew."""

    found: Callable[[], Organisation]
    rows: dict[type[Model], Rows] = field(default_factory=dict)

    def __call__(self) -> Organisation:
        if time_machine.escape_hatch.is_travelling() or Act.objects.exists():
            return self.found()
        if not self.rows:
            before = _everything()
            organisation = self.found()
            self.rows = {
                model: rows for model, rows in _everything().items() if rows != before[model]
            }
            return organisation
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                cursor.executemany(_insert(model, len(rows[0])), rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                cursor.execute(statement)
        return Organisation.objects.latest("pk")


def _everything() -> dict[type[Model], Rows]:
    with connection.cursor() as cursor:
        return {
            model: cursor.execute(f"SELECT * FROM {_table(model)}").fetchall()
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        }


def _insert(model: type[Model], columns: int) -> str:
    return f"INSERT INTO {_table(model)} VALUES ({', '.join(['%s'] * columns)})"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)

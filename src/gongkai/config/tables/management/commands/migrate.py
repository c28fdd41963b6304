"""Django's own command, which lays the tables of an empty database at once and then goes on."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from gongkai.config.tables import laying

LESS_THAN_ALL = ("app_label", "plan", "check_unapplied", "prune", "fake")
"""Options that ask for something else than every table of this version."""


class Command(migrate.Command):
    """``migrate``: on an empty database without walking through its history (建表)."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Lay what is empty; then Django finds nothing left to do but what follows every run."""
        connection = connections[options["database"]]
        if not any(options.get(name) for name in LESS_THAN_ALL) and laying.is_empty(connection):
            laying.lay(connection)
        super().handle(*args, **options)

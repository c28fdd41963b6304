"""The files that a text came from, and what a machine read in them that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.procedure.imports import queries
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals.models import Disclosure


@dataclass(frozen=True)
class Original:
    """A file read in (原件), with the doubtful lines that still stand in the text as they were."""

    row: Import
    doubts: Sequence[dict[str, Any]]


def of(disclosure: Disclosure, body: str) -> list[Original]:
    """The originals of an item whose text is now ``body``; none whose bytes are destroyed."""
    rows = queries.originals(disclosure)
    return [Original(row, queries.doubts(row, body)) for row in rows if not row.file.erased_at]

"""Tables without a header cell: who hears a table read aloud cannot tell what a figure is."""

from collections.abc import Iterator

from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Hit
from gongkai.procedure.review.checks.reading import Document


def check(document: Document, about: About) -> Iterator[Hit]:
    """Each table of more than one row that has none."""
    for table in document.tables:
        if len(table.rows) > 1 and not any(cell.head for row in table.rows for cell in row):
            yield Hit("tables", table.place, "", str(table.place.number))

"""All checks over one reading, and what they found as findings."""

from collections.abc import Callable, Iterator, Mapping

from gongkai.procedure.review.checks import (
    capitals,
    dates,
    elements,
    links,
    numbers,
    persons,
    pictures,
    printing,
    secrecy,
    sums,
    tables,
    words,
)
from gongkai.procedure.review.checks.about import About
from gongkai.procedure.review.checks.finding import Finding, Hit, made
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.checks.reading import Document

Check = Callable[[Document, About], Iterator[Hit]]

CHECKS: dict[str, Check] = {
    "numbers": numbers.check,
    "persons": persons.check,
    "secrecy": secrecy.check,
    "words": words.check,
    "dates": dates.check,
    "sums": sums.check,
    "capitals": capitals.check,
    "links": links.check,
    "pictures": pictures.check,
    "tables": tables.check,
    "elements": elements.check,
    "printing": printing.check,
}


def findings(document: Document, about: About, blocking: Mapping[str, bool]) -> list[Finding]:
    """Everything found, each thing once with all its places, in the order of the kinds."""
    things: dict[tuple[str, str, str], list[Hit]] = {}
    for check in CHECKS.values():
        for hit in check(document, about):
            things.setdefault((hit.kind, hit.variant, hit.secret), []).append(hit)
    order = list(KINDS)
    found = [made(hits, blocking=blocking[hits[0].kind]) for hits in things.values()]
    return sorted(found, key=lambda each: order.index(each.kind))

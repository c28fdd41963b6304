"""A text with what was found in it marked where it stands; personal numbers under their masks.

Positions are those of :mod:`review.checks.reading`: characters of each block's text. Marks never
cut through a tag, and the text of a masked stretch is not on the page at all.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markupsafe import Markup

from gongkai.procedure.proposals.sanitise import Block, blocks
from gongkai.procedure.review import privacy
from gongkai.procedure.review.checks.finding import Finding, Place
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.procedure.review.checks.reading import Document, Passage, Piece, document, pieces
from gongkai.procedure.review.masks import mask

_ALT = re.compile(r'alt="[^"]*"')
IN_BODY = frozenset(("body", "cell"))


@dataclass(frozen=True)
class Span:
    """A stretch to mark (标出的一段); ``mask`` stands for its text where that is not shown."""

    start: int
    end: int
    mask: str = ""
    anchor: str = ""


def anchor(place: Place) -> str:
    """The name on the page of what stands at ``place``."""
    return f"b{place.number}-{place.start}"


def body(html: str, found: Iterable[Finding] = (), numbered: bool = False) -> Markup:
    """``html`` with every personal number masked and marked, and all that was ``found``.

    ``numbered`` names each block on the page by its number: ``p3``.
    """
    spans = of_document(document((), html), found)
    made = [_block(block, spans.get(n, ())) for n, block in enumerate(blocks(html), 1)]
    if numbered:
        made = [_named(each, f"p{n}") for n, each in enumerate(made, 1)]
    return Markup("\n".join(made))


def _named(block: str, name: str) -> str:
    """A block with its name on the page; what :class:`Block` writes begins with its bare tag."""
    opens, _end, rest = block.partition(">")
    return f'{opens} id="{name}">{rest}'


def of_document(read: Document, found: Iterable[Finding] = ()) -> dict[int, list[Span]]:
    """What to mark in each block: numbers as they are found now, then the findings' places."""
    spans: dict[int, list[Span]] = {}
    for passage in read.passages:
        if passage.place.part in IN_BODY:
            spans.setdefault(passage.place.number, []).extend(_numbers(passage))
    for finding in found:
        for place in finding.places:
            if place.part in IN_BODY and place.length:
                mask = finding.masked if KINDS[finding.kind].exact else ""
                span = Span(place.start, place.start + place.length, mask, anchor(place))
                spans.setdefault(place.number, []).append(span)
    return spans


def line(text: str, spans: Sequence[Span] = ()) -> Markup:
    """One line of text, the same way."""
    numbers = [
        Span(each.start, each.end, mask(each.kind, each.digits)) for each in privacy.found_in(text)
    ]
    return cut(text, 0, len(text), [*numbers, *spans])


def cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Markup:
    """The characters of ``text`` from ``start`` to ``end``, with the spans marked."""
    return Markup(_cut(text[start:end], start, spans, set()))


def _numbers(passage: Passage) -> list[Span]:
    found = []
    for each in privacy.found_in(passage.text, passage.heading):
        place = passage.at(each.start, each.end)
        masked = mask(each.kind, each.digits)
        found.append(Span(place.start, place.start + place.length, masked))
    return found


def _block(block: Block, spans: Sequence[Span]) -> str:
    if not spans:
        return block.html
    done: set[Span] = set()
    parts = [
        _tag(part, spans, done) if part.is_tag else _cut(part.text, part.start, spans, done)
        for part in pieces(block.inner)
    ]
    return Block(block.tag, "".join(parts)).html


def _tag(part: Piece, spans: Sequence[Span], done: set[Span]) -> str:
    """A tag as it is; what a picture's description says is masked, and cannot be marked."""
    if not part.html.startswith("<img") or not part.text:
        return part.html
    words = Markup(_cut(part.text.rstrip("\n"), part.start, spans, done)).striptags()
    return _ALT.sub(lambda _found: f'alt="{escape(words)}"', part.html)


def _cut(text: str, at: int, spans: Sequence[Span], done: set[Span]) -> str:
    """A stretch of text that begins at ``at``; ``done`` are the masks that stand already."""
    end = at + len(text)
    touching = [span for span in spans if span.start < end and span.end > at]
    if not touching:
        return escape(text, quote=False)
    edges = {at, end, *(edge for s in touching for edge in (s.start, s.end) if at < edge < end)}
    points = sorted(edges)
    parts = []
    for first, last in pairwise(points):
        over = [span for span in touching if span.start <= first and span.end >= last]
        words = escape(text[first - at : last - at], quote=False)
        parts.append(_marked(words, over, first, done) if over else words)
    return "".join(parts)


def _marked(words: str, over: Sequence[Span], first: int, done: set[Span]) -> str:
    name = next((span.anchor for span in over if span.anchor and span.start == first), "")
    named = f' id="{name}"' if name else ""
    masked = next((span for span in over if span.mask), None)
    if masked is None:
        return f'<mark class="flag"{named}>{words}</mark>'
    same = {span for span in over if span.mask} | {masked}
    if same & done:
        return f"<span{named}></span>" if named else ""
    done |= same
    return f'<mark class="flag"{named}>{escape(masked.mask, quote=False)}</mark>'

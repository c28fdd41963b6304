"""Personal data in a draft put under its mask in one act 按统一方式遮盖.

Pure until :func:`mask`, which hands the changes over to ``proposals``: the text with its tables
and links, the single fields, the names of attachments. What stands inside an attachment cannot be
changed by a text; it is covered there (``proposals.redacting``).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from html import escape

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.kept import Fields
from gongkai.procedure.proposals.models import Draft, DraftFile
from gongkai.procedure.proposals.rules import Masked
from gongkai.procedure.proposals.sanitise import Block, blocks, joined
from gongkai.procedure.review import checking
from gongkai.procedure.review.checks.finding import Finding, Place
from gongkai.procedure.review.checks.reading import Piece, pieces
from gongkai.procedure.review.masks import MASKS

IN_TEXT = frozenset(("body", "cell", "link", "field", "title"))
"""Where a mask can be put; what stands in the lines of an attachment is covered there."""
LONGEST = 200
"""Characters of a mask that the register keeps: the longest is that of a mailbox."""
_ALT = re.compile(r'alt="[^"]*"')
_EMPTY = re.compile(r"<(strong|em|sup|sub)></\1>")
_A = re.compile(r"<a [^>]*>|</a>")


@dataclass(frozen=True)
class Span:
    """Characters of a block's or a field's text, and the mask for them (遮盖处)."""

    start: int
    end: int
    mask: str


def maskable(finding: Finding) -> list[Place]:
    """The places of ``finding`` that a mask can be put on; none where its kind has no mask."""
    if finding.kind not in MASKS:
        return []
    return [each for each in finding.places if each.part in IN_TEXT]


def covered(body: str, findings: Iterable[Finding]) -> str:
    """``body`` with what was found under its masks; a link that leads to it becomes plain text."""
    spans: dict[int, list[Span]] = {}
    links: set[tuple[int, int]] = set()
    for finding in findings:
        for place in maskable(finding):
            if place.part == "link":
                links.add((place.number, place.row))
            elif place.part in {"body", "cell"}:
                spans.setdefault(place.number, []).append(_span(place, finding.masked))
    return joined(
        _covered(block, _apart(spans.get(n, ())), {row for number, row in links if number == n})
        for n, block in enumerate(blocks(body), 1)
    )


def covered_line(text: str, spans: Iterable[Span]) -> str:
    """A single line with the ``spans`` under their masks."""
    for span in sorted(_apart(spans), key=lambda each: -each.start):
        text = text[: span.start] + span.mask + text[span.end :]
    return text


def mask(
    *,
    draft: Draft,
    officer: Officer,
    edits: int,
    charter: Charter,
    files: Sequence[DraftFile],
    chosen: Sequence[Finding],
    reason: str,
) -> list[Masked]:
    """Mask what was ``chosen`` among the findings, wherever it stands in ``draft``, for ``reason``;
    says what was masked.

    ``files`` are its attachments with their texts, ``edits`` the count of the save the officer saw:
    ``Conflict`` when somebody saved since. ``Refused`` when nothing of it can be masked, or when
    something would still be found.
    """
    told = [each for each in chosen if maskable(each)]
    if not told:
        raise Refused([_("这些内容已经不在稿子里了。请看最新的检查结果。")])
    changes, titles = _changes(draft, told), _titles(files, told)
    then = checking.read(*_as_changed(draft, files, changes, titles), charter).findings
    digests = {each.digest for each in told}
    if left := [each for each in then if maskable(each) and each.digest in digests]:
        where = _("、").join(each.where for each in left)
        raise Refused([_("有的地方遮不全，没有改动。请自己改：%s。") % where])
    masks = [_masked(each, reason) for each in told]
    proposals.mask(draft=draft, officer=officer, edits=edits, titles=titles, masks=masks, **changes)
    return masks


def _masked(finding: Finding, reason: str) -> Masked:
    places = [
        {name: value for name, value in asdict(place).items() if value}
        for place in maskable(finding)
    ]
    return Masked(finding.kind, finding.masked[:LONGEST], finding.digest, places, reason)


def _changes(draft: Draft, told: Sequence[Finding]) -> Fields:
    changes: Fields = {}
    if (body := covered(draft.body, told)) != draft.body:
        changes["body"] = body
    for field, name in checking.FIELDS.items():
        spans = [
            _span(place, finding.masked)
            for finding in told
            for place in maskable(finding)
            if place.part == "field" and place.name == name
        ]
        if spans:
            line = covered_line(getattr(draft, field), spans)
            changes[field] = line  # type: ignore[literal-required]  # FIELDS has them
    return changes


def _titles(files: Sequence[DraftFile], told: Sequence[Finding]) -> dict[int, str]:
    """The names of attachments that change, by the attachment's key."""
    titles = {}
    for number, each in enumerate(files, 1):
        spans = [
            _span(place, finding.masked)
            for finding in told
            for place in maskable(finding)
            if place.part == "title" and place.number == number
        ]
        if spans:
            titles[each.pk] = covered_line(each.title, spans)
    return titles


def _as_changed(
    draft: Draft, files: Iterable[DraftFile], changes: Fields, titles: Mapping[int, str]
) -> tuple[Draft, list[DraftFile]]:
    """Draft and attachments as they will be, to be read once more; never saved."""
    changed, others = copy(draft), [copy(each) for each in files]
    for name, value in changes.items():
        setattr(changed, name, value)
    for each in others:
        each.title = titles.get(each.pk, each.title)
    return changed, others


# -- one block -------------------------------------------------------------------------------------


def _span(place: Place, mask: str) -> Span:
    return Span(place.start, place.start + place.length, mask)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that touch a longer one: a number within an address goes with it."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda each: (each.start - each.end, each.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def _covered(block: Block, spans: Sequence[Span], links: set[int]) -> Block:
    if not spans and not links:
        return block
    done: set[Span] = set()
    inner = "".join(_piece(part, spans, done) for part in pieces(block.inner))
    return Block(block.tag, _EMPTY.sub("", _unlinked(inner, links) if links else inner))


def _piece(part: Piece, spans: Sequence[Span], done: set[Span]) -> str:
    if not part.is_tag:
        return escape(_cut(part.text, part.start, spans, done), quote=False)
    if not part.html.startswith("<img") or not part.text:
        return part.html
    words = _cut(part.text.rstrip("\n"), part.start, spans, done)
    return _ALT.sub(lambda _found: f'alt="{escape(words)}"', part.html)


def _cut(text: str, at: int, spans: Sequence[Span], done: set[Span]) -> str:
    """The stretch ``text`` that begins at ``at``. A mask stands where its first character stood."""
    end = at + len(text)
    for span in sorted(spans, key=lambda each: -each.start):
        if span.start >= end or span.end <= at:
            continue
        first, last = max(span.start, at) - at, min(span.end, end) - at
        mask = "" if span.start < at and span in done else span.mask
        done.add(span)
        text = text[:first] + mask + text[last:]
    return text


def _unlinked(inner: str, rows: set[int]) -> str:
    """Without the links that are the ``rows``-th of their block; their words stay."""
    count = 0
    open_ones: list[int] = []

    def keep(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "</a>":
            return "" if open_ones.pop() in rows else found[0]
        count += 1
        open_ones.append(count)
        return "" if count in rows else found[0]

    return _A.sub(keep, inner)

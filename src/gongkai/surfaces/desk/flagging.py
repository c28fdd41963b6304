"""What the checks found, as the desk shows it: by groups, each with its sentence and what to do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.files.redacting import KINDS as REDACTABLE
from gongkai.foundation.ui.parts import Act
from gongkai.procedure.proposals.models import Draft, DraftFile
from gongkai.procedure.proposals.sanitise import blocks
from gongkai.procedure.review import privacy
from gongkai.procedure.review.checking import FIELDS
from gongkai.procedure.review.checks.finding import Finding, Place
from gongkai.procedure.review.checks.kinds import GROUPS, KINDS
from gongkai.procedure.review.checks.numbers import title_shown
from gongkai.procedure.review.checks.reading import Document, document, sentence_at
from gongkai.procedure.review.masking import maskable
from gongkai.procedure.review.masks import MASKS, mask
from gongkai.procedure.review.queries import Checked
from gongkai.surfaces.desk import marked, sheet
from gongkai.surfaces.desk.marked import Span

QUOTED = 5
"""How many places of one finding are shown with their sentences."""


@dataclass(frozen=True)
class Quote:
    """A place with its sentence (原句); ``href`` leads to it on the page, where it stands there."""

    where: str
    words: Markup
    href: str = ""


@dataclass(frozen=True)
class Covers:
    """What can be done about a finding with its mask (遮盖): ``places`` that one act masks in the
    text; ``attached`` are the attachments in which it has to be covered, by the order they have.
    """

    places: int
    attached: Sequence[DraftFile] = ()


@dataclass(frozen=True)
class Line:
    """A finding on the page (一项发现). ``state``: blocks, only advises, or has been cleared."""

    finding: Finding
    state: str
    words: str
    note: str
    quotes: Sequence[Quote]
    more: int = 0
    act: Act | None = None
    covers: Covers | None = None


@dataclass(frozen=True)
class Section:
    """The findings of one group (一组发现)."""

    name: str
    lines: Sequence[Line]


class Text:
    """A draft's text with its findings marked (标出发现的文稿)."""

    def __init__(self, draft: Draft, files: Iterable[DraftFile], findings: Sequence[Finding]):
        """``files``: with the text found in them, where a finding stands in one."""
        self.draft, self.findings = draft, findings
        lines = [(name, getattr(draft, field)) for field, name in FIELDS.items()]
        self.read: Document = document(lines, draft.body)
        self.attached = list(files)
        self._files = {each.title: each.file.text for each in self.attached}
        self._spans = marked.of_document(self.read, findings)
        self._blocks = {n: block.text for n, block in enumerate(blocks(draft.body), 1)}

    @property
    def body(self) -> Markup:
        """The body with everything marked, each block named by its number."""
        shown = marked.body(self.draft.body, self.findings, numbered=True)
        return Markup(sheet.at_desk(shown))

    def quotes(self, finding: Finding) -> list[Quote]:
        """The first few places with the sentence around each."""
        found = [self._quote(finding, place) for place in finding.places[:QUOTED]]
        return [quote for quote in found if quote]

    def covers(self, finding: Finding) -> Covers:
        """How ``finding`` can be covered, in the text and in attachments."""
        inside = {place.name for place in finding.places if place.part == "line"}
        named = [each for each in self.attached if title_shown(each.title) in inside]
        drawn = [each for each in named if each.file.extension in REDACTABLE]
        return Covers(len(maskable(finding)), drawn if finding.kind in MASKS else ())

    def _quote(self, finding: Finding, place: Place) -> Quote | None:
        if not place.length:
            return None
        if place.part in marked.IN_BODY:
            text, spans = self._blocks.get(place.number, ""), self._spans.get(place.number, [])
            return self._told(text, place, spans, f"#{marked.anchor(place)}")
        if place.part == "field":
            names = {name: getattr(self.draft, field) for field, name in FIELDS.items()}
            return self._told(names.get(place.name, ""), place, self._own(finding, place))
        if place.part == "line":
            rows = self._row(place)
            return self._told(rows, place, self._own(finding, place)) if rows else None
        return None

    def _told(self, text: str, place: Place, spans: Sequence[Span], href: str = "") -> Quote:
        before, it, after = sentence_at(text, place.start, place.length)
        start = place.start - len(before)
        end = start + len(before) + len(it) + len(after)
        numbers = [
            Span(each.start, each.end, mask(each.kind, each.digits))
            for each in privacy.found_in(text)
        ]
        bare = [Span(s.start, s.end, s.mask) for s in spans if _meets(s, place) or s.mask]
        return Quote(place.said, marked.cut(text, start, end, [*numbers, *bare]), href)

    def _own(self, finding: Finding, place: Place) -> list[Span]:
        mask = finding.masked if KINDS[finding.kind].exact else ""
        return [Span(place.start, place.start + place.length, mask)]

    def _row(self, place: Place) -> str:
        """The line of an attachment; a number over two lines is told without its sentence."""
        rows = self._files.get(place.name, "").split("\n")
        row = rows[place.number - 1] if place.number <= len(rows) else ""
        return row if place.start + place.length <= len(row) else ""


def _meets(span: Span, place: Place) -> bool:
    return span.start < place.start + place.length and span.end > place.start


Acts = Callable[[Finding], Act | None]


def sections(text: Text, checked: Iterable[Checked], act: Acts) -> list[Section]:
    """The findings by group, in each those that block first."""
    by_group: Mapping[str, list[Line]] = {group.key: [] for group in GROUPS}
    for each in checked:
        by_group[KINDS[each.finding.kind].group.key].append(_line(text, each, act))
    order = {"bad": 0, "hint": 1, "ok": 2}
    return [
        Section(str(group.name), sorted(by_group[group.key], key=lambda line: order[line.state]))
        for group in GROUPS
        if by_group[group.key]
    ]


def before(text: Text) -> list[Section]:
    """What was found before submitting: nobody has cleared anything yet, nor can."""
    return sections(text, (Checked(each, None) for each in text.findings), lambda finding: None)


def maskings(text: Text) -> list[tuple[str, str, int]]:
    """What one act can mask of a kind: the kind, what it is called, and at how many places."""
    places: dict[str, int] = {}
    for each in text.findings:
        if found := len(maskable(each)):
            places[each.kind] = places.get(each.kind, 0) + found
    return [(kind, str(KINDS[kind].title), n) for kind, n in places.items()]


def _line(text: Text, each: Checked, act: Acts) -> Line:
    finding = each.finding
    kind, quotes = KINDS[finding.kind], text.quotes(finding)
    more = len(finding.places) - QUOTED
    if each.clearance:
        said = {"post": each.clearance.post, "reason": each.clearance.reason}
        note, state = _("%(post)s核对后准予保留：%(reason)s") % said, "ok"
        return Line(finding, state, finding.label, note, quotes, more)
    covers, advice = text.covers(finding), str(kind.advice)
    if not finding.blocking:
        return Line(finding, "hint", finding.label, advice, quotes, more, None, covers)
    return Line(finding, "bad", finding.label, advice, quotes, more, act(finding), covers)

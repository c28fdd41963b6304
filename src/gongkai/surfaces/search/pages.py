"""What a search page shows, as values: rows with their pieces of text, filters, the ways on.

The same for the public and for the members' room: a :class:`Room` says where it stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup, escape

from gongkai.foundation.core import clock
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.audience import Reader, is_public
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.jinja import environment
from gongkai.foundation.ui.parts import Frame, Link
from gongkai.procedure.feedback.states import CaseKind
from gongkai.surfaces.board import words as spelt
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.items import Attachment, Opening
from gongkai.surfaces.board.pages.answers import sort
from gongkai.surfaces.board.wall import Voice
from gongkai.surfaces.search import index
from gongkai.surfaces.search.asking import Answer, Asking, Hit
from gongkai.surfaces.search.choices import choices, standing
from gongkai.surfaces.search.index import FACETS, Unreadable
from gongkai.surfaces.search.questions import BEST, NEWEST, OLDEST, Question, question
from gongkai.surfaces.search.snippets import LOOKED_AT, Text

OFFERED = 8
"""Values of a filter that are offered before the rest is folded away."""


@dataclass(frozen=True)
class Room:
    """Where a search page stands (检索页): its own address, whose keys it reads with, its frame.

    ``item`` gives the address of an item, ``voice`` that of a voice on the wall, ``frame`` what
    stands around for an organisation and a question, the latter as the query of an address.
    """

    address: str
    reader: Reader
    town: Town
    item: Callable[[str], str]
    voice: Callable[[str], str]
    frame: Callable[[str, str], Frame]


@dataclass(frozen=True)
class Row:
    """A line of the results (检索条目)."""

    title: Markup
    href: str
    date: date
    category: Markup
    meta: Sequence[Markup]
    piece: Markup
    inside: str
    inner: bool
    corrected: str


@dataclass(frozen=True)
class Filter:
    """One sort of filter with what can be chosen (筛选)."""

    name: str
    links: Sequence[Link]
    more: Sequence[Link]


class Found:
    """What a page answers (检索答复): where to go at once, or what to show with which status.

    ``part``: only what changes as somebody types. ``slow``: this network has asked too often.
    """

    def __init__(
        self, room: Room, given: Mapping[str, str], *, part: bool = False, slow: bool = False
    ) -> None:
        self._room, self._part = room, part
        self._choices = choices(room.town)
        self.question = question(given, self._choices.known)
        self.status, self.goto = 429 if slow else 200, ""
        self._today = clock.civil_day(clock.now(), room.town.top.zone)
        self._values = {} if slow else self._asked()

    def html(self) -> str:
        """The page, or the part of it that changes as somebody types."""
        house = self.question.chosen.get("organisation", "")
        values = {
            "frame": self._room.frame(house, self.question.parameters(page=self.question.page)),
            "question": self.question,
            "address": self._room.address,
            "hidden": _hidden(self.question),
            "status": self.status,
            "answer": None,
            **self._values,
        }
        name = "found" if self._part else "search"
        return environment().get_template(f"search/{name}.jinja").render(values)

    def _asked(self) -> dict[str, Any]:
        asked = self.question
        if asked.empty or asked.wordless:
            return {}
        try:
            return self._answered(
                Asking(index.reading(), self._room.reader, self._choices, self._today)
            )
        except Unreadable:
            if index.current() is not None:
                index.doubt()
            self.status = 503
            return {}

    def _answered(self, asking: Asking) -> dict[str, Any]:
        asked, meant = self.question, []
        if asked.page == 1 and not asked.chosen:
            meant = asking.numbered(asked.typed)
        if len(meant) == 1 and not self._part:
            self.goto = self._href(meant[0])
            return {}
        answer = asking.answer(asked)
        return {
            "answer": answer,
            "meant": self._rows(meant),
            "rows": self._rows(answer.hits),
            "filters": self._filters(answer),
            "chosen": self._chosen(),
            "sorts": self._sorts(),
            "pager": self._pager(answer),
            "similar": [self._link(words, typed=words) for words in answer.similar],
            "unfiltered": f"?{asked.without().parameters()}",
            "ask": self._ask(),
        }

    # -- rows --------------------------------------------------------------------------------------

    def _rows(self, hits: Sequence[Hit]) -> list[Row]:
        wanted = self.question.marks
        bodies = [Text(hit.text.strip()) for hit in hits]
        pieces = [body.piece(wanted) for body in bodies]
        elsewhere = _texts(
            hit for hit, piece in zip(hits, pieces, strict=True) if piece is None and wanted
        )
        rows = []
        for hit, body, piece in zip(hits, bodies, pieces, strict=True):
            inside = ""
            if piece is None:
                inside, piece = _in_files(hit, elsewhere, wanted)
            shown = _chinese(Markup(" ").join((piece or body.beginning()).split()))
            if hit.voice:
                rows.append(self._heard(hit, hit.voice, shown))
            elif hit.opening:
                rows.append(self._row(hit, hit.opening, shown, inside))
        return rows

    def _href(self, hit: Hit) -> str:
        if hit.voice:
            return self._room.voice(hit.voice.address)
        return self._room.item(hit.subject)

    def _of(self, house: House) -> list[Markup]:
        """Whose it is, where there are several."""
        return [spelt.chinese(house.name)] if len(self._room.town.houses) > 1 else []

    def _row(self, hit: Hit, opening: Opening, piece: Markup, inside: str) -> Row:
        edition, house = opening.edition, self._room.town.house(hit.record.organisation)
        category = house.categories.get(edition.category)
        numbers = [n for n in (edition.document_number, opening.number) if n]
        title = Text(edition.title.strip() or "—").marked(self.question.marks)
        return Row(
            title=_chinese(title),
            href=self._href(hit),
            date=clock.civil_day(opening.at, house.zone),
            category=spelt.label(category) if category else Markup(""),
            meta=[*self._of(house), *map(spelt.chinese, numbers)],
            piece=piece,
            inside=inside,
            inner=not is_public(hit.record.audience),
            corrected=spelt.day(opening.at, house.zone) if opening.note else "",
        )

    def _heard(self, hit: Hit, voice: Voice, piece: Markup) -> Row:
        """A voice on the wall: how it stands, and by when an answer was promised."""
        house = self._room.town.house(hit.record.organisation)
        title = Text(voice.title or "—").marked(self.question.marks)
        stands = Markup(standing(voice.state))
        if voice.open and voice.promised_on:
            told = {"day": marks.day(voice.promised_on)}
            stands += Markup(_("，答应%(day)s以前答复")) % told
        return Row(
            title=_chinese(title),
            href=self._href(hit),
            date=clock.civil_day(voice.received_at or hit.record.at, house.zone),
            category=Markup(escape(sort(voice.kind, voice.ground))),
            meta=[*self._of(house), Markup(_("互动反馈栏")), stands],
            piece=piece,
            inside="",
            inner=not is_public(hit.record.audience),
            corrected="",
        )

    # -- filters, order, pages ---------------------------------------------------------------------

    def _link(self, label: str, **changes: object) -> Link:
        return Link(label, f"?{self.question.parameters(**changes)}")

    def _filters(self, answer: Answer) -> list[Filter]:
        """What can be chosen still, with how many there are of each."""
        found = []
        for name in FACETS:
            counts = answer.facets.get(name, {})
            if name in self.question.chosen or len(counts) < 2:
                continue
            links = [
                Link(
                    self._choices.label(name, value),
                    f"?{self.question.parameters(**{name: value})}",
                    count=count,
                )
                for value, count in counts.items()
            ]
            found.append(Filter(_named(name), links[:OFFERED], links[OFFERED:]))
        return found

    def _chosen(self) -> list[Link]:
        """Each filter that is in force, with the way out of it."""
        return [
            self._link(f"{_named(name)}：{self._choices.label(name, value)}", **{name: None})
            for name, value in self.question.chosen.items()
        ]

    def _sorts(self) -> list[Link]:
        told = ((BEST, _("最相关的在前")), (NEWEST, _("最新的在前")), (OLDEST, _("最早的在前")))
        return [
            Link(
                label,
                f"?{self.question.parameters(sort=sort)}",
                current=sort == self.question.sort,
            )
            for sort, label in told
        ]

    def _pager(self, answer: Answer) -> list[Link]:
        """The pages around this one, the first and the last."""
        page, last = min(self.question.page, answer.pages), answer.pages
        shown = sorted({1, page - 1, page, page + 1, last} & set(range(1, last + 1)))
        if last == 1:
            return []
        return [
            Link(str(n), f"?{self.question.parameters(page=n)}", current=n == page) for n in shown
        ]

    def _ask(self) -> str:
        """Where to ask for what is not there, with the words filled in."""
        said = _("我想看到关于“%(words)s”的公开内容。") % {"words": self.question.typed}
        filled = urlencode({"kind": CaseKind.TOPIC.value, "say": said})
        return f"{settings.OFFICE_URL}/say/?{filled}"


def _hidden(question: Question) -> list[tuple[str, str]]:
    """The filters and the order, as the form carries them along."""
    return parse_qsl(question.parameters(typed="", page=""))


def _named(name: str) -> str:
    return {
        "organisation": pgettext("filter", "单位"),
        "category": pgettext("filter", "类别"),
        "box": pgettext("filter", "盒"),
        "year": pgettext("filter", "年份"),
        "kind": pgettext("filter", "文种"),
        "form": pgettext("filter", "公开形式"),
        "what": pgettext("filter", "在哪里找"),
        "unit": pgettext("filter", "答复的部门"),
        "voice": pgettext("filter", "意见的类别"),
        "state": pgettext("filter", "办到哪一步"),
    }[name]


def _texts(hits: Any) -> dict[str, str]:
    """The beginning of each attachment's text, by digest."""
    digests = {file.digest for hit in hits for file in _attached(hit)}
    if not digests:
        return {}
    rows = StoredFile.objects.filter(digest__in=digests, erased_at__isnull=True).exclude(text="")
    return dict(rows.values_list("digest", Substr("text", 1, LOOKED_AT)))


def _attached(hit: Hit) -> Sequence[Attachment]:
    return hit.opening.edition.attachments if hit.opening else ()


def _in_files(
    hit: Hit, texts: Mapping[str, str], wanted: Sequence[str]
) -> tuple[str, Markup | None]:
    """The attachment in which the words stand, and the piece of its text."""
    for file in _attached(hit):
        if piece := Text(texts.get(file.digest, "")).piece(wanted):
            return file.title, piece
    return "", None


def _chinese(text: Markup) -> Markup:
    """A document's own words: marked as Chinese on an English page."""
    return Markup('<span lang="zh-CN">{}</span>').format(text) if marks.english() else text

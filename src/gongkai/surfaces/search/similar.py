"""What may have been answered already 也许已经有答复, for whoever is still writing.

From public records alone: published items by the index, and among the newest the answers on the
wall and the topics that others may second. Whatever is shown is read anew by the one audience
policy. What was typed goes nowhere else and is kept nowhere.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import ANONYMOUS
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.ui.jinja import environment
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.publication.audience import readable_records
from gongkai.surfaces.board import addresses, answered, houses
from gongkai.surfaces.board import words as spelt
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.search import index, words
from gongkai.surfaces.search.asking import Asking
from gongkai.surfaces.search.choices import ITEMS, choices
from gongkai.surfaces.search.index import Unreadable
from gongkai.surfaces.search.questions import Question
from gongkai.surfaces.search.snippets import Text

MOST = 5
"""Lines that are shown."""
READ = 500
"""Characters of a voice that are looked at, and how many of its words."""
MOST_WORDS = 16
NEWEST = 200
"""Answers, and topics, among which is looked."""
LEAST, SHARE = 2, 0.3
"""Words that a line has in common with the voice, and which part of them at least."""


@dataclass(frozen=True)
class Line:
    """Something like what is being written (相近的): what it is, where it stands, how it reads."""

    sort: str
    title: Markup
    href: str
    piece: Markup
    share: float


def lines(typed: str, root: str = "") -> list[Line]:
    """What is most like the words ``typed``, best first; ``root`` is the board's, by language."""
    wanted = words.asked(typed[:READ])[:MOST_WORDS]
    if not wanted:
        return []
    town = houses.town()
    found = [
        *_answers(wanted, town, root),
        *_topics(wanted, town),
        *_items(wanted, town, root),
    ]
    return sorted(found, key=lambda line: -line.share)[:MOST]


def html(found: Sequence[Line]) -> str:
    """The lines as a part of a page; empty without any."""
    if not found:
        return ""
    return environment().get_template("search/similar.jinja").render(lines=found)


def _share(wanted: Sequence[str], *texts: str) -> float:
    """Which part of the words stands in these texts; 0 when it is too little to be alike."""
    letters = " ".join(map(words.letters, texts))
    there = sum(any(each in letters for each in words.meant(word)) for word in wanted)
    share = there / len(wanted)
    return share if there >= min(LEAST, len(wanted)) and share >= SHARE else 0.0


# -- items -----------------------------------------------------------------------------------------


def _items(wanted: list[str], town: Town, root: str) -> Iterable[Line]:
    """Published items that hold enough of the words; none while the index cannot be read."""
    today = clock.civil_day(clock.now(), town.top.zone)
    try:
        asking = Asking(index.reading(), ANONYMOUS, choices(town), today)
        hits = asking.any_of(
            Question(typed=" ".join(wanted), wanted=tuple(wanted), chosen={"what": ITEMS})
        )
    except Unreadable:
        return
    for hit in hits:
        if share := _share(wanted, hit.title, hit.text):
            text = Text(hit.text.strip())
            yield Line(
                _("已经公开"),
                Text(hit.title.strip() or "—").marked(wanted),
                f"{settings.BOARD_URL}{root}{addresses.item(hit.subject)}",
                text.piece(wanted) or text.beginning(),
                share,
            )


# -- answers ---------------------------------------------------------------------------------------


class _Answers:
    """The newest answers, parsed once in this process; each line of the wall is read but once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, answered.Answer] = {}

    def newest(self, organisation: str) -> list[answered.Answer]:
        """Those that anybody may read now, the newest first: 1 query, 2 when there are new ones."""
        open_now = readable_records(ANONYMOUS).filter(kind="answer", organisation=organisation)
        keys = list(open_now.order_by("-seq").values_list("pk", flat=True)[:NEWEST])
        with self._lock:
            missing = [key for key in keys if key not in self._known]
            if missing:
                kept = {key: self._known[key] for key in keys if key in self._known}
                read = PublicRecord.objects.filter(pk__in=missing).defer("entry")
                self._known = kept | {record.pk: answered.answer(record) for record in read}
            return [self._known[key] for key in keys if key in self._known]


_newest = _Answers()


def _answers(wanted: list[str], town: Town, root: str) -> Iterable[Line]:
    """Answers on the wall to voices like this one."""
    for answer in _newest.newest(town.top.slug):
        if share := _share(wanted, answer.voice, answer.title):
            hung = addresses.voice(answer.hung) if answer.hung else "/wall"
            where = addresses.item(answer.item) if answer.item else hung
            outcome = spelt.day(answer.answered_at, town.top.zone) if answer.answered_at else ""
            yield Line(
                _("%(day)s答复") % {"day": outcome} if outcome else _("已经答复"),
                Text(answer.voice).piece(wanted) or Text(answer.voice).beginning(),
                f"{settings.BOARD_URL}{root}{where}",
                Text(answer.answer).beginning(),
                share,
            )


# -- topics ----------------------------------------------------------------------------------------


def _topics(wanted: list[str], town: Town) -> Iterable[Line]:
    """Topics that wait for others to second them."""
    organisation = Organisation.objects.filter(slug=town.top.slug).first()
    if organisation is None:
        return
    for topic in feedback.listed_topics(organisation)[:NEWEST]:
        if share := _share(wanted, topic.wording):
            yield Line(
                _("点题，可以附议"),
                Text(topic.wording).marked(wanted),
                reverse("say:topics"),
                Markup(""),
                share,
            )

"""What is not out yet, what must come down, what hangs: as a list that goes on 张贴与播出."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.publication.models import Posting
from gongkai.procedure.publication.posting_rules import WEBSITE
from gongkai.procedure.publication.states import OUT, WAITING, PostingState
from gongkai.surfaces.board.words import named

PAGE = 50
SECOND = timedelta(seconds=1)
DOWN = "down"
"""The view of what has to come down by the end of today."""


class PostingsForm(forms.Form):
    """Ways to narrow the postings."""

    state = forms.ChoiceField(label=gettext_lazy("情况"), required=False)
    channel = forms.ChoiceField(label=pgettext_lazy("heading", "公开渠道"), required=False)

    def __init__(self, *args: Any, charter: Charter, **more: Any) -> None:
        """The channels are the charter's."""
        super().__init__(*args, **more)
        states = [
            ("", PostingState.PLANNED.label),
            (DOWN, _("今天该取下的")),
            *((each.value, each.label) for each in (*OUT, PostingState.TAKEN_DOWN)),
        ]
        offer(self, "state", states)
        channels = [(each.key, named(each)) for each in charter.channels]
        offer(self, "channel", [("", _("全部渠道")), *channels])


class ToldForm(forms.Form):
    """What is said of the postings that are marked."""

    day = day_field(gettext_lazy("哪一天"), required=False)
    said = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=LONGEST_NOTE, strip=True
    )

    def at(self, today: date, zone: str) -> datetime | None:
        """The instant that the day stands for: its end, or just now when it is today's."""
        day = self.cleaned_data.get("day")
        if day is None or day == today:
            return None
        return clock.end_of(day, zone) - SECOND


@dataclass(frozen=True)
class Row:
    """A posting in the list (一行), with the civil days of its opening, its state and its end."""

    posting: Posting
    channel: str
    late: bool
    planned: date
    at: date | None
    until: date | None


@dataclass(frozen=True)
class Page:
    """A page of the list; ``older`` is the place after which the next one begins."""

    rows: Sequence[Row]
    older: str
    state: str
    channel: str


def page(
    organisation: Organisation, charter: Charter, form: PostingsForm, after: str, now: datetime
) -> Page:
    """The postings that are asked for: what waits in its order, what must come down by its day, all
    else the newest first, on one channel. One query, a range of one index, however far down.
    """
    asked = form.cleaned_data if form.is_valid() else {}
    state, channel = asked.get("state") or "", asked.get("channel") or ""
    if state not in ("", DOWN) and not channel:
        channel = next((each.key for each in charter.channels if each.key != WEBSITE), WEBSITE)
    found = Posting.objects.filter(organisation=organisation)
    found = found.filter(channel=channel) if channel else found
    found = _ordered(found, state, after, now, organisation.zone)
    if form.errors:
        found = found.none()
    related = found.select_related("release__disclosure", "release__edition", "organisation")
    got = list(related.defer("release__edition__data")[: PAGE + 1])
    shown = got[:PAGE]
    names = {each.key: named(each) for each in charter.channels}
    return Page(
        rows=[row(each, names, now) for each in shown],
        older=_place(shown[-1], state) if len(got) > PAGE else "",
        state=state,
        channel=channel,
    )


def how_many_down(organisation: Organisation, now: datetime) -> int:
    """How much has to come down by the end of today: 1 query."""
    found = Posting.objects.filter(organisation=organisation)
    return _ordered(found, DOWN, "", now, organisation.zone).count()


def row(posting: Posting, names: dict[str, str], now: datetime) -> Row:
    """A posting as a list shows it."""
    zone, end = posting.organisation.zone, posting.comes_down
    return Row(
        posting=posting,
        channel=names.get(posting.channel, posting.channel),
        late=end is not None and end <= now,
        planned=clock.civil_day(posting.planned_at, zone),
        at=clock.civil_day(posting.at, zone) if posting.at else None,
        until=clock.civil_day(end - SECOND, zone) if end else None,
    )


def _ordered(
    found: QuerySet[Posting], state: str, after: str, now: datetime, zone: str
) -> QuerySet[Posting]:
    if state == DOWN:
        tonight = clock.end_of(clock.civil_day(now, zone), zone)
        found = found.filter(comes_down__lte=tonight).exclude(state=PostingState.TAKEN_DOWN)
        unseen = Q(state__in=WAITING, comes_down__gt=now)
        found = found.exclude(unseen).order_by("comes_down", "pk")
        return found.filter(_beyond(after)) if after else found
    if not state:
        waits = Q(comes_down=None) | Q(comes_down__gt=now)
        found = found.filter(waits, state__in=WAITING).order_by("pk")
        return found.filter(pk__gt=_key(after)) if after else found
    found = found.filter(state=state).order_by("-pk")
    return found.filter(pk__lt=_key(after)) if after else found


def _place(posting: Posting, state: str) -> str:
    if state == DOWN and posting.comes_down:
        return f"{posting.comes_down.isoformat()}_{posting.pk}"
    return str(posting.pk)


def _key(after: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", after):
        raise Http404
    return int(after)


def _beyond(after: str) -> Q:
    """What follows the place ``after``; 404 for what is no place."""
    stamp, _bar, key = after.partition("_")
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        raise Http404 from None
    if at.tzinfo is None:
        raise Http404
    return Q(comes_down__gt=at) | Q(comes_down=at, pk__gt=_key(key))

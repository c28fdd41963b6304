"""What the office fills in for an issue of the brief, and what its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.queries import posts
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.charter import Charter, Scope
from gongkai.surfaces.board import items
from gongkai.surfaces.board.items import Opening
from gongkai.surfaces.board.words import named
from gongkai.surfaces.channels.briefs import queries, rules
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.queries import Facts
from gongkai.surfaces.channels.briefs.states import Share
from gongkai.surfaces.channels.briefs.workflow import Choice

MOST_PLACE = 999


@dataclass(frozen=True)
class Shown:
    """An item of the issue as its page lists it (一篇): ``state`` empty, ``gone`` or ``wrong``."""

    title: str
    href: str
    number: str
    day: str
    share: str
    state: str = ""
    sentences: Sequence[str] = ()


def title(brief: Brief, charter: Charter) -> str:
    """What the issue is called; before it has a number, by its days."""
    matter = charter.organisation.matter
    if brief.number:
        told = {"matter": matter, "year": brief.year, "number": brief.number}
        return _("%(matter)s简报%(year)s年第%(number)s期") % told
    told = {"matter": matter, "first": marks.day(brief.first), "last": marks.day(brief.last)}
    return _("%(matter)s简报（%(first)s至%(last)s）") % told


def in_hand(brief: Brief) -> list[Shown]:
    """The items of a brief that is not sealed, with what is wrong with each."""
    zone = brief.organisation.zone
    found = []
    for piece in queries.pieces(brief):
        sentences, opening = rules.piece_obstacles(piece), piece.opening
        found.append(
            Shown(
                title=piece.title or piece.address,
                href=reverse("desk:item", args=[piece.address]),
                number=opening.number if opening else piece.address,
                day=_day(opening, zone) if opening else "",
                share=str(Share(piece.share).label),
                state="wrong" if sentences else "",
                sentences=sentences,
            )
        )
    return found


def sealed(brief: Brief, facts: Facts, gone: frozenset[str]) -> list[Shown]:
    """The items of a sealed brief, with the mark of what its readers may not read any more."""
    zone = brief.organisation.zone
    return [
        Shown(
            title=items.edition(part["edition"]).title.strip(),
            href=reverse("desk:item", args=[part["address"]]),
            number=part["number"] or part["address"],
            day=marks.day(clock.civil_day(clock.unstamp(part["opened_at"]), zone)),
            share=str(Share(part["share"]).label),
            state="gone" if part["address"] in gone else "",
        )
        for part in facts["items"]
    ]


def _day(opening: Opening, zone: str) -> str:
    return marks.day(clock.civil_day(opening.at, zone))


# -- forms -----------------------------------------------------------------------------------------


class NewForm(forms.Form):
    """For whom, and of which days."""

    scope = forms.ChoiceField(label=gettext_lazy("发给谁看"), widget=forms.RadioSelect)
    first = day_field(gettext_lazy("第一天"), help_text=gettext_lazy("从这一天起公开的"))
    last = day_field(gettext_lazy("最后一天"), help_text=gettext_lazy("到这一天为止，包括这一天"))

    def __init__(self, *args: Any, scopes: Sequence[Scope], today: date, **more: Any) -> None:
        """``scopes``: for whom a brief may be; this month is offered."""
        super().__init__(*args, **more)
        self.initial = {"first": today.replace(day=1), "last": today}
        self.initial |= {"scope": scopes[0].code} if scopes else {}
        offer(self, "scope", [(each.code, named(each)) for each in scopes])


@dataclass(frozen=True)
class Row:
    """A line of the form (一行): an item with its three fields."""

    title: str
    number: str
    day: str
    note: str
    pick: forms.BoundField
    place: forms.BoundField
    share: forms.BoundField


class ContentsForm(forms.Form):
    """The lead; of each item whether, where and how much."""

    lead = forms.CharField(
        label=gettext_lazy("编者的话（导语）"),
        help_text=gettext_lazy("每一行是一段，送签以前要写好。签发的人会像审正文一样审它。"),
        max_length=rules.MOST_LEAD,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(self, *args: Any, brief: Brief, **more: Any) -> None:
        """What stands in ``brief``, then what else opened in its days."""
        super().__init__(*args, **more)
        self.initial = {"lead": brief.lead}
        self._rows: list[tuple[str, str, str, str, str]] = []
        zone = brief.organisation.zone
        standing = queries.pieces(brief)
        for place, piece in enumerate(standing, 1):
            opening = piece.opening
            note = " ".join(rules.piece_obstacles(piece))
            known = (_day(opening, zone), opening.number) if opening else ("", piece.address)
            self._add(piece.address, piece.title, known, note, place, Share(piece.share))
        have = {piece.address for piece in standing}
        more_found = queries.offered(brief.organisation, brief.audience, brief.first, brief.last)
        for opening in more_found:
            address, heading = queries.address_of(opening), opening.edition.title.strip()
            if address not in have:
                length = queries.characters(opening.edition.body)
                share = Share.WHOLE if length <= rules.MOST_WHOLE else Share.EXCERPT
                known = (_day(opening, zone), opening.number)
                self._add(address, heading, known, "", None, share)

    def _add(
        self,
        address: str,
        heading: str,
        known: tuple[str, str],
        note: str,
        place: int | None,
        share: Share,
    ) -> None:
        day, number = known
        self._rows.append((address, heading or address, number, day, note))
        self.fields[f"pick-{address}"] = forms.BooleanField(
            label=_("登这一件：%(title)s") % {"title": heading},
            required=False,
            initial=place is not None,
        )
        self.fields[f"place-{address}"] = forms.IntegerField(
            label=_("次序：%(title)s") % {"title": heading},
            required=False,
            min_value=1,
            max_value=MOST_PLACE,
            initial=place,
        )
        self.fields[f"share-{address}"] = forms.ChoiceField(
            label=_("登多少：%(title)s") % {"title": heading},
            choices=[(each.value, each.label) for each in (Share.WHOLE, Share.EXCERPT)],
            initial=share.value,
        )

    @property
    def rows(self) -> list[Row]:
        """The items with their fields, to be drawn as a table."""
        return [
            Row(
                heading,
                number,
                day,
                note,
                self[f"pick-{address}"],
                self[f"place-{address}"],
                self[f"share-{address}"],
            )
            for address, heading, number, day, note in self._rows
        ]

    @property
    def chosen(self) -> list[Choice]:
        """What was picked, in its order; without a place at the end."""
        given = self.cleaned_data
        picked = [address for address, *_rest in self._rows if given[f"pick-{address}"]]
        order = sorted(picked, key=lambda each: given[f"place-{each}"] or MOST_PLACE + 1)
        return [(each, Share(given[f"share-{each}"])) for each in order]


class CirculateForm(forms.Form):
    """To whom it is sent round."""

    posts = forms.MultipleChoiceField(
        label=gettext_lazy("只寄给这些岗位"),
        help_text=gettext_lazy("都不选，就寄给这一期的全部读者。没有登记邮箱的成员登录后能看。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    addresses = forms.CharField(
        label=gettext_lazy("另外寄给"),
        help_text=gettext_lazy("每行一个邮箱。信里有标题和网页地址，没有附件。"),
        required=False,
        max_length=rules.MOST_ADDRESSES * 100,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, brief: Brief, **more: Any) -> None:
        """Addresses are asked for only where anybody may read the brief."""
        super().__init__(*args, **more)
        offer(self, "posts", [(each.key, each.name) for each in posts(brief.organisation)])
        if not is_public(brief.audience):
            del self.fields["addresses"]

    def clean_addresses(self) -> list[str]:
        """The addresses, each once."""
        check, found, wrong = forms.EmailField().run_validators, [], []
        for line in self.cleaned_data["addresses"].split():
            try:
                check(line)
                found.append(line)
            except forms.ValidationError:
                wrong.append(line)
        if wrong:
            told = {"lines": _("、").join(wrong[:5])}
            raise forms.ValidationError(_("这些不是邮箱：%(lines)s。请改好，每行一个。") % told)
        return list(dict.fromkeys(found))


class SealForm(forms.Form):
    """The last word on an issue; a reason where the checks found something in the lead."""

    sure = forms.BooleanField(
        label=gettext_lazy("我已看过全文，确认签发"),
        error_messages={"required": gettext_lazy("要勾选这一项")},
    )

    def __init__(self, *args: Any, blocking: Sequence[str], **more: Any) -> None:
        """``blocking``: what was found, in words."""
        super().__init__(*args, **more)
        if blocking:
            self.fields["clearance"] = forms.CharField(
                label=_("检查发现的为什么可以留着"),
                help_text=_("发现：%(found)s") % {"found": _("；").join(blocking)},
                max_length=500,
                widget=forms.Textarea({"rows": 3}),
                error_messages={"required": _("请写明理由，或者退回修改")},
            )

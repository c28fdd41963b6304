"""What is due, as the desk says it: whose it is, for which period, and what it has to say.

Reads only. The rules of ``duties`` decide, its engine counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties import letters, queries
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.reminding import responsible
from gongkai.procedure.duties.states import DutyKind
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication.models import Erasure, Withdrawal
from gongkai.procedure.review.checking import elements as wanted
from gongkai.procedure.review.checks.elements import divided, missing
from gongkai.surfaces.desk import entries

ASKS = (DutyKind.FIRST, DutyKind.PERIOD, DutyKind.MILESTONE, DutyKind.EVENT)
"""What asks for something new; a change or a review may be met by a correction or a word."""


def departments(officer: Officer, charter: Charter) -> list[str]:
    """The departments for whose entries a post of the officer answers."""
    return [
        each.name
        for each in charter.departments
        if any(officer.holds(key) for key in responsible(charter, each.name))
    ]


def proposed(officer: Officer, charter: Charter) -> QuerySet[Duty]:
    """What the officer should see to: due within the reminders' lead or overdue, and nobody has
    begun it; 1 query.
    """
    day = today(officer.organisation)
    lead = timedelta(days=max(charter.reminders.before, default=0))
    rows = queries.open_duties(officer.organisation).filter(
        due_on__lte=day + lead,
        from_on__lte=day,
        entry__organisation=officer.organisation,  # or PostgreSQL reads the entries of everybody
        entry__department__in=departments(officer, charter),
    )
    return rows.exclude(Exists(_begun().filter(disclosure__duty=OuterRef("pk"))))


def begun(duty: Duty) -> Disclosure | None:
    """What somebody is writing for ``duty``, or has sealed for it and not taken back."""
    found = _begun().filter(disclosure__duty=duty).select_related("disclosure").first()
    return found.disclosure if found else None


def _begun() -> QuerySet[Draft]:
    gone = Withdrawal.objects.filter(disclosure=OuterRef("disclosure"))
    destroyed = Erasure.objects.filter(
        disclosure=OuterRef("disclosure"), confirmed_at__isnull=False
    )
    live = Draft.objects.exclude(state=DraftState.DROPPED)
    return live.filter(~Exists(gone), ~Exists(destroyed))


def choices(entry: Entry, asked: str) -> list[Duty]:
    """The open duties that something new under ``entry`` may answer, the oldest first; with the
    one that was ``asked`` for, even when its period has not begun.
    """
    day = today(entry.organisation)
    wanted = Q(from_on__lte=day)
    if asked.isascii() and asked.isdecimal() and len(asked) < 19:
        wanted |= Q(pk=int(asked))
    return list(queries.open_of(entry, date.max).filter(wanted))


def of_item(disclosure: Disclosure) -> list[Duty]:
    """The duties that an item was begun for, or has met; 1 query."""
    found = Q(item=disclosure.address)
    if disclosure.duty_id:
        found |= Q(pk=disclosure.duty_id)
    rows = Duty.objects.filter(found, organisation=disclosure.organisation)
    return list(rows.select_related("entry").order_by("due_on", "pk"))


# -- words -----------------------------------------------------------------------------------------


def period(duty: Duty) -> str:
    """What of the entry is due, in words."""
    return letters.what(duty)


def titled(rule: EntryRule | None, duty: Duty) -> str:
    """A duty in one line: 三务公开（2026年11月）."""
    name = entries.titled(rule) if rule else duty.entry.title
    return _("%(entry)s（%(period)s）") % {"entry": name, "period": period(duty)}


def first_title(rule: EntryRule, duty: Duty) -> str:
    """The title a draft for ``duty`` begins with, in the language of what is published."""
    with override(settings.LANGUAGE_CODE):
        return _("%(entry)s（%(period)s）") % {"entry": rule.title, "period": period(duty)}


# -- what it has to say ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """One thing that the text has to say (内容要素); ``found`` when its words stand in it."""

    words: str
    found: bool


def elements(rule: EntryRule, *texts: str, kind: str = "") -> Sequence[Element]:
    """The content elements of ``rule``, then what a document of ``kind`` asks for, looked for word
    for word in ``texts``.

    A reader decides whether the text says them; this only points to where to look.
    """
    said = [strip_tags(" ".join(texts))]
    shown = divided(entries.content(rule))
    asked = wanted(rule, kind)
    own, more = asked[: len(divided(rule.content))], asked[len(divided(rule.content)) :]
    if len(shown) != len(own):  # a translation that divides otherwise: look for nothing
        found = [Element(words, found=False) for words in shown]
    else:
        pairs = zip(shown, own, strict=True)
        found = [Element(words, found=not missing([sought], said)) for words, sought in pairs]
    return [*found, *(Element(each[0], found=not missing([each], said)) for each in more)]

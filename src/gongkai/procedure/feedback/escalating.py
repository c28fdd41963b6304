"""Who is to hear today that a voice is overdue 催办. Reads, never writes.

The charter's reminders say after how many days its post hears of it, then the leading group, then
the supervising group. Each case remembers how many of these went out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.foundation.organisations.models import Member, Organisation, Post, Seat
from gongkai.foundation.organisations.queries import (
    belongs,
    holder,
    posts_with_right,
    tenures_on,
    today,
)
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.pacing import Reminders
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import queries
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import UNANSWERED

STEPS = 3
OWN = "post"
"""Stands for the post that answers the case, or, while it has none, for those that assign."""


@dataclass(frozen=True)
class Round:
    """What goes out today (一轮催办): the cases of each reader, and how far each case has come."""

    letters: Mapping[Member, Sequence[Case]]
    told: Mapping[int, int]


def steps(reminders: Reminders, promised_on: date) -> list[tuple[date, str]]:
    """The days on which a case promised for that day is told of, each with who hears of it."""
    return sorted(
        [
            (promised_on + timedelta(days=reminders.head_after), OWN),
            (promised_on + timedelta(days=reminders.leaders_after), reminders.leaders),
            (promised_on + timedelta(days=reminders.supervisors_after), reminders.supervisors),
        ]
    )


def round_of(organisation: Organisation, today: date, at_once: int) -> Round:
    """What has come due since the last round, the longest overdue first: 4 queries at most."""
    reminders = charter_of(organisation)[1].reminders
    late = queries.cases(organisation).filter(
        state__in=UNANSWERED, promised_on__lt=today, told__lt=STEPS
    )
    told, asked = {}, []
    for case in late[:at_once]:
        come = [group for day, group in steps(reminders, case.promised_on) if day <= today]
        if len(come) > case.told:
            told[case.pk] = len(come)
            asked += [(case, group) for group in come[case.told :]]
    if not told:
        return Round({}, {})
    return Round(_letters(organisation, asked, today), told)


def dealing(case: Case) -> list[Member]:
    """Who is to hear of ``case`` alone: the holder of its post, else those who assign; only those
    whose account has an address.
    """
    day = today(case.organisation)
    own = holder(case.post, day) if case.post else None
    heard = [own] if own else [holder(each, day) for each in _assigning(case.organisation)]
    return [each for each in heard if each and each.account and each.account.email]


def _assigning(organisation: Organisation) -> Sequence[Post]:
    return posts_with_right(organisation, Right.ASSIGN)


def _letters(
    organisation: Organisation, asked: Iterable[tuple[Case, str]], today: date
) -> Mapping[Member, Sequence[Case]]:
    """Each reader with the cases to hear of; a group that the charter leaves empty is not told."""
    held = tenures_on(today).filter(post__organisation=organisation, post__retired=False)
    holders = {
        tenure.post_id: tenure.member
        for tenure in held.select_related("member__account").order_by("since")
        if belongs(tenure.member, today)
    }
    seats = defaultdict(set)
    rows = Seat.objects.filter(group__organisation=organisation)
    for group, post in rows.values_list("group__key", "post_id"):
        seats[group].add(post)
    assigning = {post.pk for post in _assigning(organisation)}
    letters: dict[Member, dict[int, Case]] = defaultdict(dict)
    for case, group in asked:
        own = {case.post_id} if case.post_id in holders else assigning
        for post in own if group == OWN else seats[group]:
            if post in holders:
                letters[holders[post]][case.pk] = case
    return {member: list(cases.values()) for member, cases in letters.items()}

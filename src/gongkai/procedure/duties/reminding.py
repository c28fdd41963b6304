"""Who is to hear of which duty today 提醒和督办. Reads, never writes.

The charter says how many days before and after the last day; each duty remembers how many of these
reminders went out, so none goes out twice and after downtime the latest does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.foundation.organisations.models import Member, Organisation, Seat
from gongkai.foundation.organisations.queries import belongs, tenures_on
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.pacing import Reminders
from gongkai.procedure.duties import queries
from gongkai.procedure.duties.models import Duty


@dataclass(frozen=True)
class Step:
    """One reminder (提醒): on or after which day, to the responsible or to a group."""

    on: date
    group: str = ""


@dataclass(frozen=True)
class Round:
    """What goes out today (一轮提醒): the duties of each reader, and how far each duty has come.

    ``told`` holds the number of reminders by duty; a duty whose reader has no mail is told too,
    since the desk shows it.
    """

    letters: Mapping[Member, Sequence[Duty]]
    told: Mapping[int, int]


def steps(reminders: Reminders, due_on: date) -> list[Step]:
    """The reminders of a duty due on that day, in their order."""
    before = [Step(due_on - timedelta(days=days)) for days in sorted(reminders.before)[::-1]]
    after = [
        Step(due_on + timedelta(days=reminders.head_after)),
        Step(due_on + timedelta(days=reminders.leaders_after), reminders.leaders),
        Step(due_on + timedelta(days=reminders.supervisors_after), reminders.supervisors),
    ]
    return before + sorted(after, key=lambda step: step.on)


def round_of(organisation: Organisation, charter: Charter, today: date) -> Round:
    """The reminders that have come due for ``organisation`` and not gone out: 4 queries at most."""
    reminders = charter.reminders
    nearest = today + timedelta(days=max(reminders.before, default=0))
    told, asked = {}, []
    for duty in queries.open_duties(organisation).filter(due_on__lte=nearest):
        come = [step for step in steps(reminders, duty.due_on) if step.on <= today]
        if len(come) > duty.told:
            told[duty.pk] = len(come)
            asked += [(duty, step.group) for step in come[duty.told :]]
    if not told:
        return Round({}, {})
    return Round(_letters(organisation, charter, asked, today), told)


def _letters(
    organisation: Organisation, charter: Charter, asked: Iterable[tuple[Duty, str]], today: date
) -> Mapping[Member, Sequence[Duty]]:
    holders = _holders(organisation, today)
    seats = defaultdict(set)
    for group, post in Seat.objects.filter(group__organisation=organisation).values_list(
        "group__key", "post__key"
    ):
        seats[group].add(post)
    letters: dict[Member, dict[int, Duty]] = defaultdict(dict)
    for duty, group in asked:
        posts = seats[group] if group else set(responsible(charter, duty.entry.department))
        for member in {holders[post] for post in posts if post in holders}:
            letters[member][duty.pk] = duty
    return {member: list(duties.values()) for member, duties in letters.items()}


def responsible(charter: Charter, department: str) -> Iterator[str]:
    """The keys of the posts that answer for what ``department`` has to disclose: its head, and
    those of it that propose.
    """
    yield from (each.head for each in charter.departments if each.name == department)
    for post in charter.posts:
        if post.department == department and Right.PROPOSE in post.rights:
            yield post.key


def _holders(organisation: Organisation, today: date) -> Mapping[str, Member]:
    held = tenures_on(today).filter(post__organisation=organisation, post__retired=False)
    return {
        tenure.post.key: tenure.member
        for tenure in held.select_related("post", "member__account").order_by("since")
        if belongs(tenure.member, today)
    }

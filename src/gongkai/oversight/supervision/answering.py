"""What the monthly report on answers says 办理情况月报的事实: figures, counted from the cases.

Nothing in it was said by a voice: kinds, departments, days, outcomes and counts, and of topics the
words that a second person passed for everybody. Kinds and departments stand beside each other and
are never crossed. A median and what voices thought of their answers are left out below ``FEW``:
one verdict among two would tell whose it was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.models import Post
from gongkai.oversight.supervision.counting import Asked
from gongkai.procedure.feedback.models import Answer, Case, Survey, Topic, Turn
from gongkai.procedure.feedback.states import ELSEWHERE, UNANSWERED, CaseKind, Moment, Verdict

FORMAT = "gongkai-answer-report/1"
FEW = 5
"""Below so many, neither a median nor a verdict is told."""
SPANS = (1, 3, 7, 15, 30, 60)
"""The answers are sorted by how many days they took: up to each of these, and beyond the last."""
MOST_TOPICS = 10


@dataclass(frozen=True)
class _Given:
    """An answer that was given in the month, and how long it was waited for (一次答复)."""

    kind: str
    post: int | None
    outcome: str
    again: bool
    days: int
    late: bool


def count(asked: Asked) -> dict[str, Any]:
    """All figures of the month, as canonical JSON can hold them: 7 queries, whatever there is.

    What came and what was answered is counted over the month; what waits, as of ``asked.today``.
    """
    came, given, waiting = _came(asked), list(_given(asked)), _waiting(asked)
    return {
        "format": FORMAT,
        "organisation": asked.organisation.name,
        "first": asked.period.first.isoformat(),
        "last": asked.period.last.isoformat(),
        "counted_on": asked.today.isoformat(),
        "received": came.total(),
        "elsewhere": sum(many for (_k, _p, state), many in came.items() if state in ELSEWHERE),
        **_told(given),
        "waiting": sum(waiting.values()),
        "overdue": sum(many for (_post, late), many in waiting.items() if late),
        "reopened": _reopened(asked),
        "kinds": _kinds(came, given),
        "departments": _departments(asked, came, given, waiting),
        "outcomes": _ranked(each.outcome for each in given),
        "spans": _spans(given),
        "satisfaction": _satisfaction(asked),
        "topics": _topics(asked),
        "few": FEW,
    }


def median(days: Sequence[int]) -> int | None:
    """The middle of ``days``, the lower of two; none for few."""
    return median_low(days) if len(days) >= FEW else None


# -- what was asked of the database ----------------------------------------------------------------


def _came(asked: Asked) -> Counter[tuple[str, int | None, str]]:
    """How many came in the month, by kind, post and state."""
    since, until = asked.between
    found = Case.objects.filter(
        organisation=asked.organisation, received_at__gte=since, received_at__lt=until
    )
    rows = found.order_by().values_list("kind", "post", "state").annotate(many=Count("pk"))
    return Counter({(kind, post, state): many for kind, post, state, many in rows})


def _given(asked: Asked) -> Iterator[_Given]:
    """Each answer that counts from a day of the month. Of a second answer no days are told."""
    since, until = asked.between
    earlier = Answer.objects.filter(case=OuterRef("case"), settled_at__lt=OuterRef("settled_at"))
    rows = (
        Answer.objects.filter(
            case__organisation=asked.organisation, settled_at__gte=since, settled_at__lt=until
        )
        .annotate(again=Exists(earlier))
        .order_by("settled_at", "pk")
        .values_list(
            *("case__kind", "case__post", "outcome", "again", "case__received_at"),
            *("settled_at", "due_on", "case__promised_on"),
        )
    )
    zone = asked.organisation.zone
    for kind, post, outcome, again, received, settled, due, promised in rows.iterator():
        on = civil_day(settled, zone)
        days = (on - civil_day(received, zone)).days
        yield _Given(kind, post, outcome, again, days, on > (due or promised))


def _waiting(asked: Asked) -> Counter[tuple[int | None, bool]]:
    """How many wait for an answer now, by post, and of these how many longer than promised."""
    found = Case.objects.filter(organisation=asked.organisation, state__in=UNANSWERED)
    late = Q(promised_on__lt=asked.today)
    rows = found.order_by().values_list("post").annotate(many=Count("pk"), late=Count("pk", late))
    counts: Counter[tuple[int | None, bool]] = Counter()
    for post, many, overdue in rows:
        counts[post, True], counts[post, False] = overdue, many - overdue
    return counts


def _reopened(asked: Asked) -> int:
    since, until = asked.between
    return Turn.objects.filter(
        case__organisation=asked.organisation, at__gte=since, at__lt=until
    ).count()


def _satisfaction(asked: Asked) -> list[dict[str, Any]]:
    """What voices thought of their answers, at closing and later; of few only how many."""
    since, until = asked.between
    found = Survey.objects.filter(
        case__organisation=asked.organisation, at__gte=since, at__lt=until
    )
    rows = (
        found.order_by()
        .values_list("moment")
        .annotate(many=Count("pk"), yes=Count("pk", Q(verdict=Verdict.YES)))
    )
    said = {moment: (many, yes) for moment, many, yes in rows}
    return [
        {"moment": moment.value, "n": many, "yes": yes if many >= FEW else None}
        for moment in Moment
        for many, yes in [said.get(moment.value, (0, 0))]
    ]


def _topics(asked: Asked) -> list[dict[str, Any]]:
    """The topics under way in the month that most seconded, in the words that all may read."""
    since, until = asked.between
    answered = Answer.objects.filter(case=OuterRef("case"), settled_at__gte=since)
    found = Topic.objects.filter(
        Q(case__state__in=UNANSWERED) | Exists(answered),
        case__organisation=asked.organisation,
        listed_at__lt=until,
    )
    rows = found.order_by("-seconds", "pk").values_list("wording", "seconds", "case__state")
    return [
        {"wording": wording, "seconds": seconds, "answered": state not in UNANSWERED}
        for wording, seconds, state in rows[:MOST_TOPICS]
    ]


# -- what it comes to ------------------------------------------------------------------------------


def _told(given: Iterable[_Given]) -> dict[str, Any]:
    """How many answers these were, how many in time, how many a second time, the middle wait."""
    rows = list(given)
    days = [each.days for each in rows if not each.again]
    late = sum(each.late for each in rows)
    return {
        "answered": len(rows),
        "in_time": len(rows) - late,
        "late": late,
        "again": sum(each.again for each in rows),
        "median": median(days),
    }


def _kinds(
    came: Mapping[tuple[str, int | None, str], int], given: Sequence[_Given]
) -> list[dict[str, Any]]:
    of: Counter[str] = Counter()
    for (kind, _post, _state), many in came.items():
        of[kind] += many
    return [
        {"kind": kind.value, "received": of[kind.value], **_told(answers)}
        for kind in CaseKind
        for answers in [[each for each in given if each.kind == kind]]
        if of[kind.value] or answers
    ]


def _departments(
    asked: Asked,
    came: Mapping[tuple[str, int | None, str], int],
    given: Sequence[_Given],
    waiting: Mapping[tuple[int | None, bool], int],
) -> list[dict[str, Any]]:
    """Each department, or post of none, in the charter's order; last what nobody was given yet."""
    posts = Post.objects.filter(organisation=asked.organisation).order_by("place", "pk")
    names: dict[int | None, str] = {each.pk: each.department or each.name for each in posts}
    names[None] = ""
    rows: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(names.values()):
        theirs = {post for post, called in names.items() if called == name}
        counted = {
            "received": sum(many for (_k, post, _s), many in came.items() if post in theirs),
            **_told(each for each in given if each.post in theirs),
            "waiting": sum(many for (post, _late), many in waiting.items() if post in theirs),
            "overdue": sum(
                many for (post, late), many in waiting.items() if post in theirs and late
            ),
        }
        if any(counted[part] for part in ("received", "answered", "waiting")):
            rows[name] = {"name": name, **counted}
    return list(rows.values())


def _ranked(outcomes: Iterable[str]) -> list[dict[str, Any]]:
    """The outcomes, the most frequent first."""
    found = Counter(outcomes)
    return [
        {"outcome": outcome, "many": many}
        for outcome, many in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    ]


def _spans(given: Iterable[_Given]) -> list[dict[str, Any]]:
    """How many first answers took up to so many days; the last has no end."""
    days = [each.days for each in given if not each.again]
    ends: list[int | None] = [*SPANS, None]
    counts, begun = [], 0
    for end in ends:
        within = sum(1 for each in days if begun <= each and (end is None or each <= end))
        counts.append({"from": begun, "to": end, "many": within})
        begun = (end or 0) + 1
    return counts

"""Who may plan, announce, book, and receive, and when. Reads, never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer, holder, today, vacancy
from gongkai.foundation.organisations.rules import not_theirs, sentence_obstacles
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.participation.meetings import queries
from gongkai.participation.meetings.booking_rules import group_obstacles
from gongkai.participation.meetings.models import Booking, Notice, ReceptionDay
from gongkai.participation.meetings.series import LONGEST, Series
from gongkai.participation.meetings.states import (
    MOVES,
    BookingState,
    DayState,
    NoticeKind,
)
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.feedback import masking

MOST_PLACE = 100
MOST_PROMISE = 300
FURTHEST = timedelta(days=400)
"""How far ahead a day can be planned."""


@dataclass(frozen=True)
class Arrangement:
    """What can be said and changed of a day (接访安排)."""

    post: Post
    starts: time
    minutes: int
    slots: int
    place: str
    subject: str = ""

    @property
    def facts(self) -> dict[str, str | int]:
        """The same as plain values; the post by its key."""
        return {
            "post": self.post.key,
            "starts": self.starts.strftime("%H:%M"),
            "minutes": self.minutes,
            "slots": self.slots,
            "place": self.place,
            "subject": self.subject,
        }


# -- planning --------------------------------------------------------------------------------------


def charter_obstacles(organisation: Organisation) -> list[str]:
    """Why the organisation keeps no rota: its charter says nothing of receptions."""
    if queries.rule_of(organisation):
        return []
    return [_("实施办法里没有“领导接访日”（reception）这一部分。请先在实施办法里写明，再来安排。")]


def keep_obstacles(organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not keep the rota of ``organisation``."""
    return charter_obstacles(organisation) or not_theirs(officer, organisation, Right.ASSIGN)


def plan_obstacles(
    organisation: Organisation, officer: Officer, on: Sequence[date], wanted: Arrangement
) -> list[str]:
    """Why these days cannot be planned like this; every reason at once."""
    if obstacles := keep_obstacles(organisation, officer):
        return obstacles
    now, day = clock.now(), today(organisation)
    if not on:
        return [_("这样排不出一天。请看日期和星期。")]
    if min(on) < day or (min(on) == day and _begun(organisation, day, wanted.starts, now)):
        return [
            _("%(day)s这一天已经过去或者已经开始。请选以后的日期。") % {"day": marks.day(min(on))}
        ]
    if max(on) > day + FURTHEST:
        return [_("%(day)s太远了。最多安排到一年以后。") % {"day": marks.day(max(on))}]
    return [*arrangement_obstacles(organisation, wanted, on), *_clashes(organisation, on, wanted)]


def arrangement_obstacles(
    organisation: Organisation, wanted: Arrangement, on: Sequence[date]
) -> list[str]:
    """What is wrong with the arrangement itself: post, hours, words."""
    obstacles = []
    if wanted.post.organisation_id != organisation.pk or wanted.post.retired:
        obstacles.append(_("本单位现在没有这个岗位。请另选一个。"))
    elif any(holder(wanted.post, day) is None for day in (min(on), max(on))):
        obstacles.append(vacancy(wanted.post))
    if not 1 <= wanted.slots <= 40 or not 5 <= wanted.minutes <= 240:
        obstacles.append(_("时段要在1和40个之间，每段5到240分钟。"))
    elif _ends(wanted) > timedelta(hours=24):
        obstacles.append(_("这样排要到第二天才结束。请少排几段，或者早一点开始。"))
    if not wanted.place.strip():
        obstacles.append(_("还没有写在哪里接访。"))
    for words in (wanted.place, wanted.subject):
        obstacles += public_obstacles(words, MOST_PLACE)
    return obstacles


def public_obstacles(words: str, most: int) -> list[str]:
    """Why these words cannot stand on the board: too long, unprintable, or with a number in them
    that looks like a person's.
    """
    if len(words) > most:
        said = {"most": most, "now": len(words)}
        return [_("最多%(most)s个字，现在有%(now)s个。请写短一些。") % said]
    if not words.isprintable():
        return [_("里面有换行或者看不见的控制字符。请重新输入，不要粘贴。")]
    if masking.masked(words) != words:
        return [_("里面像是有个人的号码，要公开的话不能写。请去掉。")]
    return []


def series_obstacles(series: Series) -> list[str]:
    """Why no days can be drawn from ``series``."""
    if series.last < series.first:
        return [_("第一天不能在最后一天以后。")]
    if series.last - series.first > LONGEST:
        return [_("一次最多排一年。请分几次排。")]
    return []


def change_obstacles(
    day: ReceptionDay, officer: Officer, wanted: Arrangement, reason: str
) -> list[str]:
    """Why ``officer`` may not change the announced day to ``wanted``, or plan a draft anew."""
    if obstacles := may_change_obstacles(day, officer):
        return obstacles
    obstacles = arrangement_obstacles(day.organisation, wanted, [day.date])
    others = queries.days(day.organisation).exclude(pk=day.pk)
    obstacles += _clashing(others, [day.date], wanted)
    if day.state == DayState.OPEN:
        obstacles += sentence_obstacles(reason, _("请写明为什么更改，要公开。"))
        obstacles += public_obstacles(reason.strip(), 500) if reason.strip() else []
        obstacles += _losing(day, wanted.slots)
    return obstacles


def may_change_obstacles(day: ReceptionDay, officer: Officer) -> list[str]:
    """Why ``officer`` may not change ``day`` at all."""
    obstacles = keep_obstacles(day.organisation, officer)
    if day.state not in (DayState.DRAFT, DayState.OPEN):
        return [*obstacles, _not_now(day)]
    if day.state == DayState.OPEN and day.at(1) <= clock.now():
        obstacles.append(_("接访已经开始，不能再改安排。"))
    if queries.in_hand(day):
        obstacles.append(_("前一次的公告还在等审定。请等审定或者退回以后再改。"))
    return obstacles


def approve_obstacles(notice: Notice, officer: Officer) -> list[str]:
    """Why ``officer`` may not announce this: it takes a second person, and a day still to come."""
    day = notice.day
    obstacles = not_theirs(officer, day.organisation, Right.APPROVE)
    if notice.member_id == officer.member.pk:
        obstacles.append(_("这是您写的，请另一位有审定权的人审定。"))
    if notice.settled_at or notice.returned_reason or day.state == DayState.DROPPED:
        obstacles.append(_("这条公告已经审定或者退回了。请看最新的情况。"))
    elif notice.kind in (NoticeKind.PLAN, NoticeKind.CHANGE):
        obstacles += _too_late(day)
        post = wanted_of(notice).post
        if holder(post, day.date) is None:
            obstacles.append(vacancy(post))
        if notice.kind == NoticeKind.CHANGE:
            obstacles += _losing(day, int(notice.facts["slots"]))
    return obstacles


def return_obstacles(notice: Notice, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send the announcement back."""
    obstacles = not_theirs(officer, notice.day.organisation, Right.APPROVE)
    if notice.settled_at or notice.returned_reason:
        obstacles.append(_("这条公告已经审定或者退回了。请看最新的情况。"))
    return obstacles + sentence_obstacles(reason, _("请写明哪里要改。"))


def drop_obstacles(day: ReceptionDay, officer: Officer) -> list[str]:
    """Why ``officer`` may not give up a day that was never announced."""
    obstacles = keep_obstacles(day.organisation, officer)
    if day.state != DayState.DRAFT:
        obstacles.append(_("这一天已经公布，不能放弃。可以取消，写明理由。"))
    return obstacles


def cancel_obstacles(day: ReceptionDay, officer: Officer, reason: str | None = None) -> list[str]:
    """Why ``officer`` may not let the announced day fall out."""
    obstacles = charter_obstacles(day.organisation)
    if not officer.may(Right.APPROVE) or officer.organisation != day.organisation:
        obstacles += not_theirs(officer, day.organisation, Right.ASSIGN)
    if day.state != DayState.OPEN:
        obstacles.append(_not_now(day))
    elif clock.now() >= day.ends_at:
        obstacles.append(_("接访时间已经过去，不能再取消。没有接访的，请登记结果，写明原因。"))
    if reason is not None:
        obstacles += sentence_obstacles(reason, _("请写明为什么取消，要公开。"))
        obstacles += public_obstacles(reason.strip(), 500) if reason.strip() else []
    return obstacles


def wanted_of(notice: Notice) -> Arrangement:
    """The arrangement that a plan or a change announces."""
    told: Mapping[str, object] = notice.facts
    organisation = notice.day.organisation
    post = Post.objects.get(organisation=organisation, key=told["post"])
    return Arrangement(
        post=post,
        starts=time.fromisoformat(str(told["starts"])),
        minutes=int(str(told["minutes"])),
        slots=int(str(told["slots"])),
        place=str(told["place"]),
        subject=str(told["subject"]),
    )


# -- the day itself --------------------------------------------------------------------------------


def may_receive(day: ReceptionDay, officer: Officer) -> bool:
    """Whether ``officer`` sees who comes: who keeps the rota, and who receives."""
    if officer.organisation != day.organisation:
        return False
    return officer.may(Right.ASSIGN) or officer.holds(day.post.key)


def desk_obstacles(day: ReceptionDay, officer: Officer) -> list[str]:
    """Why ``officer`` may not note who comes: not theirs, not the day, or already over."""
    if not may_receive(day, officer):
        return not_theirs(officer, day.organisation, Right.ASSIGN)
    if day.state != DayState.OPEN:
        return [_not_now(day)]
    if today(day.organisation) < day.date:
        return [_("%(day)s才接访。到那一天再登记谁来了。") % {"day": marks.day(day.date)}]
    pending = queries.in_hand(day)
    if pending and pending.kind == NoticeKind.RESULT:
        return [_("结果已经交去审定，不能再登记。要改，请审定的人先退回。")]
    return []


def arrival_obstacles(booking: Booking, officer: Officer, to: BookingState) -> list[str]:
    """Why it cannot be noted that this party came, or stayed away."""
    obstacles = desk_obstacles(booking.day, officer)
    if to not in MOVES[booking.state]:
        state = BookingState(booking.state).label
        obstacles.append(_("这一位现在是“%(state)s”，不能这样登记。") % {"state": state})
    if booking.case_id:
        obstacles.append(_("这一位说的事已经登记成办件，不能再改。"))
    return obstacles


def walk_in_obstacles(
    day: ReceptionDay, officer: Officer, persons: int, rule: Reception
) -> list[str]:
    """Why who came without a booking cannot be added."""
    return desk_obstacles(day, officer) + group_obstacles(persons, rule)


def hear_obstacles(
    booking: Booking,
    officer: Officer,
    charter: Charter,
    category: str,
    promise: str,
    promise_by: date | None,
) -> list[str]:
    """Why what was said cannot be taken down; the words themselves are asked about by feedback."""
    obstacles = desk_obstacles(booking.day, officer)
    if booking.state != BookingState.ARRIVED:
        obstacles.append(_("请先登记这一位到了。"))
    if booking.case_id:
        obstacles.append(_("这一位说的事已经登记过了。"))
    if category not in {each.code for each in charter.categories}:
        obstacles.append(_("还没有选是哪一类的事。"))
    if len(promise) > MOST_PROMISE:
        said = {"most": MOST_PROMISE, "now": len(promise)}
        obstacles.append(_("答应的事最多%(most)s个字，现在有%(now)s个。") % said)
    if bool(promise.strip()) != bool(promise_by):
        obstacles.append(_("答应了什么、哪一天以前办，要一起写；没有答应就都空着。"))
    elif promise_by and promise_by < booking.day.date:
        obstacles.append(_("答应的日期不能早于接访那一天。"))
    return obstacles


def conclude_obstacles(
    day: ReceptionDay, officer: Officer, *, held: bool, reason: str | None = None
) -> list[str]:
    """Why the result of the day cannot be written down yet, or not like this."""
    obstacles = keep_obstacles(day.organisation, officer)
    if day.state != DayState.OPEN:
        return [*obstacles, _not_now(day)]
    if clock.now() < day.at(1):
        obstacles.append(_("接访还没有开始。开始以后才能登记结果。"))
    if queries.in_hand(day):
        obstacles.append(_("前一次的公告还在等审定。"))
    found = queries.bookings(day)
    came = [each for each in found if each.state == BookingState.ARRIVED]
    if held:
        open_ = sum(each.state == BookingState.BOOKED for each in found)
        if open_:
            obstacles.append(_("还有%(n)s位没有登记到没到。请先在接访台登记。") % {"n": open_})
        unheard = sum(not each.case_id for each in came)
        if unheard:
            obstacles.append(_("还有%(n)s位来了，说的事还没有登记。") % {"n": unheard})
    else:
        if came:
            obstacles.append(_("已经登记有人到了，不能写“没有接访”。"))
        if reason is not None:
            obstacles += sentence_obstacles(reason, _("请写明为什么没有接访，要公开。"))
            obstacles += public_obstacles(reason.strip(), 500) if reason.strip() else []
    return obstacles


def record_obstacles(day: ReceptionDay, officer: Officer, rule: Reception | None) -> list[str]:
    """Why ``officer`` may not begin the draft of the day's record."""
    obstacles = charter_obstacles(day.organisation)
    obstacles += not_theirs(officer, day.organisation, Right.PROPOSE)
    if day.state != DayState.HELD:
        obstacles.append(_("先公布这一天的接访结果，再起草记录。"))
    if day.disclosure_id:
        obstacles.append(_("这一天的记录已经在起草了。"))
    if rule and not rule.entry:
        obstacles.append(_("实施办法没有写接访记录公布在哪个目录事项下。请先补上“entry”。"))
    return obstacles


# -- small parts -----------------------------------------------------------------------------------


def _begun(organisation: Organisation, day: date, starts: time, now: datetime) -> bool:
    begins = clock.start_of(day, organisation.zone)
    return now >= begins + timedelta(hours=starts.hour, minutes=starts.minute)


def _ends(wanted: Arrangement) -> timedelta:
    begins = timedelta(hours=wanted.starts.hour, minutes=wanted.starts.minute)
    return begins + timedelta(minutes=wanted.minutes * wanted.slots)


def _clashes(organisation: Organisation, on: Sequence[date], wanted: Arrangement) -> list[str]:
    return _clashing(queries.days(organisation), on, wanted)


def _clashing(among: QuerySet[ReceptionDay], on: Sequence[date], wanted: Arrangement) -> list[str]:
    """The days on which the post already receives at that hour."""
    same = among.filter(post=wanted.post, date__in=list(on), starts=wanted.starts)
    found = same.exclude(state=DayState.CANCELLED)
    wording = _("%(post)s在%(day)s同一时间已经有接访安排。")
    return [wording % {"post": wanted.post, "day": marks.day(each.date)} for each in found]


def _losing(day: ReceptionDay, slots: int) -> list[str]:
    lost = [slot for slot in queries.taken(day) if slot > slots]
    if not lost:
        return []
    return [_("第%(slot)s个时段已经有人约了，不能去掉。") % {"slot": max(lost)}]


def _too_late(day: ReceptionDay) -> list[str]:
    if clock.now() < day.at(1):
        return []
    return [_("接访时间已经到了，来不及公布。请退回或者放弃。")]


def _not_now(day: ReceptionDay) -> str:
    state = DayState(day.state).label
    return _("这一天现在是“%(state)s”，不能这样办。请看最新的情况。") % {"state": state}

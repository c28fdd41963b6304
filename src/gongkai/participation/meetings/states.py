"""The life of a reception day, of what is announced about it, and of a booking."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayState(models.TextChoices):
    """Where a reception day stands (接访日状态)."""

    DRAFT = "draft", _("还没有公布")
    OPEN = "open", _("已经公布")
    CANCELLED = "cancelled", _("已取消")
    HELD = "held", _("已接访")
    MISSED = "missed", _("没有接访")
    DROPPED = "dropped", _("已放弃")


class NoticeKind(models.TextChoices):
    """What an announcement says of a day (公告种类)."""

    PLAN = "plan", _("安排")
    CHANGE = "change", _("更改")
    CANCEL = "cancel", _("取消")
    RESULT = "result", _("结果")


class BookingState(models.TextChoices):
    """Where a booking stands (预约状态)."""

    BOOKED = "booked", _("约上了")
    WAITING = "waiting", _("候补")
    GIVEN_UP = "given_up", _("已退")
    ARRIVED = "arrived", _("到了")
    ABSENT = "absent", _("没有来")


SEATED = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.ABSENT)
"""States in which a booking holds its time: nobody else gets it."""

COMING = (BookingState.BOOKED, BookingState.WAITING)
"""States in which somebody still means to come."""

MOVES: dict[str, tuple[BookingState, ...]] = {
    BookingState.BOOKED: (
        BookingState.BOOKED,
        BookingState.WAITING,
        BookingState.GIVEN_UP,
        BookingState.ARRIVED,
        BookingState.ABSENT,
    ),
    BookingState.WAITING: (
        BookingState.BOOKED,
        BookingState.WAITING,
        BookingState.GIVEN_UP,
        BookingState.ARRIVED,
    ),
    BookingState.GIVEN_UP: (),
    BookingState.ARRIVED: (BookingState.ABSENT,),
    BookingState.ABSENT: (BookingState.ARRIVED,),
}

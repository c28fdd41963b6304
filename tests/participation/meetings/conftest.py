"""A township that receives visitors, and days on which it does."""

from datetime import date, time

import pytest
from tests.procedure.editions import MONDAY, log, township, who

from gongkai.foundation.organisations.queries import post
from gongkai.participation.meetings import workflow
from gongkai.participation.meetings.rules import Arrangement

__all__ = ["log", "township", "who"]

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    """9:40 in 青溪镇 on Monday, 23 November 2026."""
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def wanted(township, log):
    """``wanted(slots=2)``: how a day is arranged, but for what is named."""

    def arrangement(**changes):
        given = {
            "post": post(township, changes.pop("key", "deputy")),
            "starts": time(9),
            "minutes": 20,
            "slots": 3,
            "place": "镇政府一楼接访室",
            **changes,
        }
        return Arrangement(**given)

    return arrangement


@pytest.fixture
def planned(township, who, wanted):
    """``planned(date, …, slots=2)``: days that 党政办主任 has planned."""

    def plan(*on, **changes):
        return workflow.plan(
            officer=who("党政办主任"),
            organisation=township,
            on=on or (WEDNESDAY,),
            wanted=wanted(**changes),
        )

    return plan


@pytest.fixture
def announced(planned, who):
    """``announced(date, slots=2)``: a day that 纪委副书记 has announced."""

    def announce(*on, **changes):
        (day,) = planned(*on, **changes)
        approved(day, who)
        return day

    return announce


def approved(day, who):
    """Whatever is in hand for the day is announced."""
    from gongkai.participation.meetings import queries

    notice = workflow.approve(notice=queries.in_hand(day), officer=who("纪委副书记"))
    day.refresh_from_db()
    return notice

"""``gongkai reception``: the rota by command line, as the holders of posts."""

from datetime import date, datetime, time

import click
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.participation.meetings import queries, rules, workflow
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.participation.meetings.rules import Arrangement
from gongkai.participation.meetings.series import Series, spread

AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
ORG = click.option("--org", required=True, help="The organisation's slug.")
KEY = click.argument("key")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def reception() -> None:
    """Days on which leaders receive visitors: list, plan, approve, return, cancel."""


@reception.command(name="list")
@ORG
def list_(org: str) -> None:
    """The days ahead, those of the last weeks, and what has no result yet."""
    organisation = organisations.organisation(org)
    for day in queries.recent(organisation, organisations.today(organisation)):
        _told(day)


@reception.command()
@ORG
@AS
@click.option("--who", required=True, help="The key of the post that receives.")
@click.option("--on", required=True, type=DAY, help="The day, or the first of a series.")
@click.option("--every", type=click.IntRange(1, 8), help="Every so many weeks, with --until.")
@click.option("--until", type=DAY, help="The last day of the series; days of rest are left out.")
@click.option("--starts", required=True, type=click.DateTime(["%H:%M"]), help="As 09:00.")
@click.option("--slots", type=int, help="How many times; else the charter's.")
@click.option("--minutes", type=int, help="Minutes of a time; else the charter's.")
@click.option("--place", required=True, help="Where.")
@click.option("--subject", default="", help="What it is about, if only that.")
def plan(
    org: str,
    post: str,
    who: str,
    on: datetime,
    every: int | None,
    until: datetime | None,
    starts: datetime,
    slots: int | None,
    minutes: int | None,
    place: str,
    subject: str,
) -> None:
    """Plan a day or a series; another person announces it."""
    organisation, officer = _officer(org, post)
    rule = queries.rule_of(organisation)
    if rule is None:
        raise Refused(rules.charter_obstacles(organisation))
    wanted = Arrangement(
        post=organisations.post(organisation, who),
        starts=time(starts.hour, starts.minute),
        minutes=minutes or rule.minutes,
        slots=slots or rule.slots,
        place=place,
        subject=subject,
    )
    days = _days(on.date(), every, until.date() if until else None)
    for day in workflow.plan(officer=officer, organisation=organisation, on=days, wanted=wanted):
        _told(day)


@reception.command()
@KEY
@ORG
@AS
def approve(key: str, org: str, post: str) -> None:
    """Announce what waits for the day KEY, as the second person."""
    organisation, officer = _officer(org, post)
    _told(workflow.approve(notice=_in_hand(organisation, key), officer=officer).day)


@reception.command(name="return")
@KEY
@ORG
@AS
@click.option("--reason", required=True, help="What to change.")
def return_(key: str, org: str, post: str, reason: str) -> None:
    """Send what waits for the day KEY back."""
    organisation, officer = _officer(org, post)
    notice = _in_hand(organisation, key)
    _told(workflow.send_back(notice=notice, officer=officer, text=reason).day)


@reception.command()
@KEY
@ORG
@AS
@click.option("--reason", required=True, help="Why; it is public at once.")
def cancel(key: str, org: str, post: str, reason: str) -> None:
    """Let the announced day KEY fall out; who booked is told."""
    organisation, officer = _officer(org, post)
    _told(workflow.cancel(day=_day(organisation, key), officer=officer, text=reason))


def _days(first: date, every: int | None, until: date | None) -> tuple[date, ...]:
    if every is None and until is None:
        return (first,)
    if every is None or until is None:
        raise Refused([_("重复的，请写到哪天为止")])
    series = Series(first.weekday(), every, first, until)
    if obstacles := rules.series_obstacles(series):
        raise Refused(obstacles)
    return spread(series).days


def _officer(org: str, post: str) -> tuple[Organisation, Officer]:
    organisation = organisations.organisation(org)
    day = organisations.today(organisation)
    return organisation, organisations.officer_of_post(organisation, post, day)


def _day(organisation: Organisation, key: str) -> ReceptionDay:
    found = queries.day(organisation, key)
    if found is None:
        raise Refused([_("没有接访日“%s”。") % key[:40]])
    return found


def _in_hand(organisation: Organisation, key: str) -> Notice:
    day = _day(organisation, key)
    notice = queries.in_hand(day)
    if notice is None:
        raise Refused([_("这条公告已经审定或者退回了。请看最新的情况。")])
    notice.day = day
    return notice


def _told(day: ReceptionDay) -> None:
    said = f"{marks.day(day.date)} {day.starts:%H:%M}  {day.post.name}  {day.place}"
    click.echo(f"{day.key}  {said}  {day.get_state_display()}")

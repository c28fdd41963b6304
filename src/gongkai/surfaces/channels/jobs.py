"""The follower of the log that tells subscribers, in the worker; the keeper only wakes it.

Three steps, each repeated until done: *match* notes whom each publication concerns, up to where
the board has its pages; *post* writes the letters that are due, some at a time; the mail queue
sends them. What is told is what the public may read: members-only records are never looked at.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from django.core.mail import EmailMessage
from django_tasks import task

from gongkai.foundation.core import clock
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.notices import queries as letters_queue
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.jobs import LOW
from gongkai.surfaces.board import houses, items, stamps
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.channels import letters, matching, queries, workflow
from gongkai.surfaces.channels.lists import queries as lists
from gongkai.surfaces.channels.lists import workflow as listed
from gongkai.surfaces.channels.models import Alert, Subscription
from gongkai.surfaces.search import documents

RECORDS_AT_ONCE = 50
LETTERS_AT_ONCE = 25
"""Letters of one task: if the mail server lets each wait for its longest, it still ends in time."""
ALERTS_AT_ONCE = 500


def wake() -> None:
    """Have the worker look at what has been published since: two small questions."""
    matched, shown = queries.position()
    if matched >= shown:
        return
    if not queries.active().exists():
        workflow.advance(start=matched, stop=shown)
    elif not letters_queue.waits(match.module_path):
        match.enqueue()


def upkeep(now: datetime) -> None:
    """What is due by the minute: letters of digests, refusals, rows that nobody confirmed."""
    wake()
    for letter in letters_queue.given_up(workflow.ORIGIN)[:200]:
        workflow.settle(letter=letter, now=now)
    for origin in (workflow.ASKING, listed.TRIAL):
        notices.take_back(letters_queue.given_up(origin))
    workflow.sweep(now)
    _post_what_is_due(now)


@task
def match() -> None:
    """Note whom each publication since the cursor concerns. *A crash repeats the last portion.*"""
    matched, shown = queries.position()
    begun, town = matched, houses.town()
    while matched < shown:
        stop = min(matched + RECORDS_AT_ONCE, shown)
        for record in told(matched, stop):
            if news := _news(record, begun):
                seq, zone = stamps.seq(record), town.house(record.organisation).zone
                news = replace(news, kept=lists.concerned(news.organisation, news.category))
                workflow.concern(news, subject=record.subject, seq=seq, zone=zone)
        if not workflow.advance(start=matched, stop=stop):
            return  # another worker is at it
        matched = stop
    _post_what_is_due(clock.now())


def told(start: int, stop: int) -> Sequence[PublicRecord]:
    """The openings and withdrawals of this portion that anybody may read now, as the one policy
    decides. Of an erasure nobody is told: that would point at what is to be forgotten.
    """
    kinds = (items.RELEASE, items.WITHDRAWAL)
    records = board.open_records().filter(kind__in=kinds, seq__gte=start, seq__lt=stop)
    return list(records.order_by("seq"))


def _news(record: PublicRecord, begun: int) -> matching.News | None:
    """What ``record`` tells; nothing where an item went before anybody could be told of it, which
    is so when all its openings lie at or after ``begun``.
    """
    if record.kind == items.RELEASE:
        opening = items.opening(record)
        texts = documents.texts_of({file.digest for file in opening.edition.attachments})
        return matching.published(record.organisation, opening, texts.values())
    gone = items.item(record.subject, record.at, [record]).gone
    assert gone is not None, "a withdrawal's record is its tombstone"
    openings = PublicRecord.objects.filter(subject=record.subject, kind=items.RELEASE)
    known = openings.filter(seq__lt=begun).exists()
    return matching.withdrawn(record.organisation, gone) if known else None


@task(priority=LOW)
def post() -> None:
    """Write some of the letters that are due; the rest in a task of its own, behind them."""
    now = clock.now()
    matched, _shown = queries.position()
    due = list(queries.due(now, matched)[:ALERTS_AT_ONCE].values_list("subscription", flat=True))
    pks = list(dict.fromkeys(due))[:LETTERS_AT_ONCE]
    if pks:
        workflow.hand_over(_written(pks, now, matched))
        _post_what_is_due(now)


def _written(
    pks: Sequence[int], now: datetime, matched: int
) -> list[tuple[list[Alert], EmailMessage | None]]:
    """The alerts of each of these subscribers that are due, with their letter."""
    rows = Subscription.objects.in_bulk(pks)
    due = queries.due(now, matched).filter(subscription__in=pks).order_by("subscription", "seq")
    town = houses.town()
    alerts = [list(own) for _pk, own in groupby(due, key=lambda each: each.subscription_id)]
    subjects = {each.subject for own in alerts for each in own}
    found = board.items_of(subjects, items.LISTED)
    return [
        (own, letters.alert(town, rows[own[0].subscription_id], own, found))
        for own in alerts
        if own[0].subscription_id in rows
    ]


def _post_what_is_due(now: datetime) -> None:
    matched, _shown = queries.position()
    if queries.due(now, matched).exists() and not letters_queue.waits(post.module_path):
        post.enqueue()

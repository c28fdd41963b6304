"""The verbs of following: ask, confirm, leave; match, hand over, mind refusals, sweep.

What a subscriber does is no act of the office and stands in no log: it would tell who follows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F, QuerySet

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import queries as log
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.durability import repeatable
from gongkai.foundation.ledger.models import Cursor
from gongkai.foundation.notices import jobs as mail
from gongkai.foundation.notices import links
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import PERMANENT
from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.channels import letters, mailbox, matching, queries, rules, tokens
from gongkai.surfaces.channels.models import Alert, Subscription
from gongkai.surfaces.channels.states import Pace

ORIGIN, ASKING = "alert", "follow"
"""Whose letters ours are: alerts, and those that ask for a confirmation."""
AT_ONCE = 20_000
"""Rows of one statement: the other processes wait for SQLite's one lock meanwhile."""

_CONCERNED = """
INSERT INTO channels_alert (subscription_id, seq, subject, due_at)
SELECT id, %s, %s, CASE pace WHEN 'day' THEN %s WHEN 'week' THEN %s ELSE %s END
FROM channels_subscription
WHERE what IN (@lists) AND anchor = '' AND confirmed_at IS NOT NULL
  AND paused_at IS NULL AND since <= %s AND id > %s AND id <= %s
ON CONFLICT DO NOTHING
"""


# -- what a subscriber does ------------------------------------------------------------------------


def ask(*, town: Town, address: str, what: str, words: str, pace: str, language: str) -> None:
    """Write to the tidied ``address`` and ask whether it wants to follow. 申请跟进

    Nobody is told whether a letter went out: one address gets a few a day, whoever asks.
    """
    now, key = clock.now(), mailbox.key_of(address)
    if not rules.may_ask(key, now):
        return
    wanted = matching.terms(words)
    row = _row(address, what, pace, language, now)
    row.words, row.terms = words, " ".join(wanted)
    row.anchor = matching.anchor(wanted, queries.rows_with) if wanted else ""
    message = letters.confirmation(town, row)
    with transaction.atomic():
        row.save()
        mail.queue(message, ASKING)


def invite(
    *, town: Town, address: str, what: str, pace: str, language: str, confirmed: bool
) -> None:
    """Let the tidied ``address`` follow a list that the office keeps: from now on if it is
    ``confirmed``, an office's own mailbox; else it is asked, as :func:`ask` does. 请人跟进
    """
    now = clock.now()
    row = _row(address, what, pace, language, now)
    if confirmed:
        row.confirmed_at, row.since = now, log.head().exposed_size
        row.save()
    elif rules.may_ask(row.key, now):
        row.save()
        mail.queue(letters.confirmation(town, row), ASKING)


def _row(address: str, what: str, pace: str, language: str, now: datetime) -> Subscription:
    return Subscription(
        handle=links.new_handle(),
        key=mailbox.key_of(address),
        sealed=mailbox.seal(address),
        what=what,
        pace=pace,
        language=language,
        asked_at=now,
    )


@transaction.atomic
def confirm(*, token: str) -> Subscription | None:
    """Begin to tell; again, the same answer. None when the link is forged or too old. 确认跟进

    Who follows the same thing already goes on with this row, perhaps at another pace.
    """
    handle = tokens.handle_in(tokens.CONFIRM, token)
    row = Subscription.objects.select_for_update().filter(handle=handle).first()
    if row is None or row.confirmed_at:
        return row
    now = clock.now()
    if row.asked_at < now - rules.UNCONFIRMED:
        return None
    same = Subscription.objects.filter(
        key=row.key, what=row.what, terms=row.terms, confirmed_at__isnull=False
    )
    _forget(list(same.values_list("pk", flat=True)))
    row.confirmed_at, row.since = now, log.head().exposed_size
    row.save(update_fields=["confirmed_at", "since"])
    return row


@transaction.atomic
def leave(*, token: str) -> None:
    """Destroy the row, the address with it, and what waits to be sent. 退订

    A forged link and one that was used already change nothing, and are told nothing else.
    """
    handle = tokens.handle_in(tokens.LEAVE, token)
    _forget(list(Subscription.objects.filter(handle=handle).values_list("pk", flat=True)))


@transaction.atomic
def remove(*, address: str, officer: Officer) -> None:
    """Destroy all that follows from this tidied address, since its holder asked. 代为退订

    The act tells that it was done, not for whom, and not whether there was anything.
    """
    key = mailbox.key_of(address)
    _forget(list(Subscription.objects.filter(key=key).values_list("pk", flat=True)))
    ledger.record(
        verb="follow.remove",
        actor=officer.actor,
        organisation=officer.organisation.slug,
        subject="followers",
        label="",
        facts={"post": officer.post_names},
    )


def sweep(now: datetime) -> int:
    """Destroy what nobody confirmed, and what was paused for long. Returns how many."""
    never = Subscription.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=now - rules.UNCONFIRMED
    )
    dead = Subscription.objects.filter(paused_at__lt=now - rules.FORGIVEN)
    pks = [*never.values_list("pk", flat=True)[:500], *dead.values_list("pk", flat=True)[:500]]
    if pks:
        with transaction.atomic():
            _forget(pks)
    return len(pks)


def forget(rows: QuerySet[Subscription]) -> int:
    """Destroy these rows, and what waits to be sent to them; within a verb. Returns how many."""
    pks = list(rows.values_list("pk", flat=True))
    _forget(pks)
    return len(pks)


def _forget(pks: Sequence[int]) -> None:
    """Rows, alerts, and letters that have not gone out yet."""
    waiting = Alert.objects.filter(subscription__in=pks, letter__isnull=False)
    letters_of = list(waiting.values_list("letter", flat=True).distinct())
    if letters_of:
        notices.take_back(Letter.objects.filter(pk__in=letters_of))
    Subscription.objects.filter(pk__in=pks).delete()


# -- from a publication to letters -----------------------------------------------------------------


def concern(news: matching.News, *, subject: str, seq: int, zone: str) -> None:
    """Note for each subscriber whom this publication concerns that it waits to be told.

    In portions, each its own transaction. *Repeated after a crash it finds the same rows; none of
    them goes out before the whole publication has been matched.*
    """
    now = clock.now()
    due = {pace.value: rules.due_at(pace, now, zone) for pace in Pace}
    _concern_followers(news.lists, subject, seq, due)
    waiting: list[Alert] = []
    for pk, pace, terms in queries.asking(news.lists, news.anchors, seq):
        if news.holds(terms):
            waiting.append(Alert(subscription_id=pk, seq=seq, subject=subject, due_at=due[pace]))
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        Alert.objects.bulk_create(part, ignore_conflicts=True, batch_size=1000)


def _concern_followers(
    lists: Sequence[str], subject: str, seq: int, due: Mapping[str, datetime]
) -> None:
    """Those who follow a whole list, found and noted by the database itself."""
    last = Subscription.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    statement = _CONCERNED.replace("@lists", ", ".join(["%s"] * len(lists)))
    times = [connection.ops.adapt_datetimefield_value(due[p]) for p in ("day", "week", "now")]
    for start in range(0, last, AT_ONCE):
        span = (seq, start, min(start + AT_ONCE, last))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [seq, subject, *times, *lists, *span])


def advance(*, start: int, stop: int) -> bool:
    """Everything below ``stop`` is matched; says whether nobody else went on from ``start``."""
    with repeatable():
        Cursor.objects.get_or_create(name=queries.CURSOR)
        return bool(Cursor.objects.filter(name=queries.CURSOR, seq=start).update(seq=stop))


@transaction.atomic
def hand_over(written: Sequence[tuple[Sequence[Alert], EmailMessage | None]]) -> int:
    """Put these letters into the queue, and tie the alerts to them; returns how many.

    Each pair is the alerts of one subscriber and the letter, or None when nothing of it stands any
    more. Whoever left meanwhile, and what another worker took, is left out.
    """
    made = []
    for alerts, message in written:
        pks = [each.pk for each in alerts]
        rows = Alert.objects.select_for_update().filter(pk__in=pks, letter__isnull=True)
        if len(rows) != len(pks):
            continue
        if message is None:
            rows.delete()
            continue
        letter = notices.accept(message, ORIGIN)
        Alert.objects.filter(pk__in=pks).update(letter=letter)
        made.append(letter.pk)
    if made:
        mail.send_many.enqueue(made)
    return len(made)


# -- refusals --------------------------------------------------------------------------------------


@transaction.atomic
def settle(*, letter: Letter, now: datetime) -> None:
    """A letter of ours was given up: blame the mailbox if it was refused, else try again later.

    After some refusals the subscription is paused and nobody is told.
    """
    alerts = Alert.objects.filter(letter=letter)
    row = Subscription.objects.filter(pk__in=alerts.values("subscription")).first()
    if letter.trouble in PERMANENT:
        if row:
            refuse(row, now)
    else:
        alerts.update(letter=None, due_at=now + mail.LEASE)
    notices.take_back(Letter.objects.filter(pk=letter.pk))


@transaction.atomic
def bounced(*, token: str) -> bool:
    """A mail server sent an alert back for good; says whether the link in it was ours. 退信"""
    handle = tokens.handle_in(tokens.LEAVE, token)
    row = Subscription.objects.select_for_update().filter(handle=handle).first()
    if row:
        refuse(row, clock.now())
    return bool(handle)


def refuse(row: Subscription, now: datetime) -> None:
    """Count a refusal; after some the subscription is paused, and what waited is dropped."""
    fresh = row.refused_at is not None and row.refused_at > now - rules.FORGIVEN
    count = F("refusals") + 1 if fresh else 1
    Subscription.objects.filter(pk=row.pk).update(refusals=count, refused_at=now)
    row.refresh_from_db()
    if row.refusals >= rules.REFUSALS and row.paused_at is None:
        Subscription.objects.filter(pk=row.pk).update(paused_at=now)
        Alert.objects.filter(subscription=row, letter__isnull=True).delete()

"""The verbs of topics 点题: let others read one, second it, begin a disclosure from it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.html import escape

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.feedback import (
    acts,
    handling_rules,
    masking,
    queries,
    receipts,
    routing,
    rules,
)
from gongkai.procedure.feedback.models import Case, Second, Topic
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DocumentKind


@transaction.atomic
def show(*, case: Case, officer: Officer, wording: str) -> Topic:
    """Let others read the topic in these words and second it; again, in others. 请大家附议"""
    case = acts.locked(case)
    wording = " ".join(masking.tidied(wording).split())
    if obstacles := handling_rules.list_obstacles(case, officer, wording):
        raise Refused(obstacles)
    topic, _made = Topic.objects.get_or_create(case=case)
    topic.wording, topic.listed_at = wording, topic.listed_at or clock.now()
    topic.save(update_fields=["wording", "listed_at"])
    acts.record("topic.show", case, officer, {})
    return topic


@transaction.atomic
def second(*, topic: Topic, network: str, receipt: str = "") -> bool:
    """Second the topic, once for a network and day or for a receipt; says whether it counted. 附议

    ``network`` is a keyed hash already. Once so many have seconded it that the charter owes them an
    answer, the clock begins that day.
    """
    case = acts.locked(topic.case)
    topic = Topic.objects.get(pk=topic.pk)
    topic.case = case
    if obstacles := handling_rules.second_obstacles(topic):
        raise Refused(obstacles)
    day = today(case.organisation)
    own = queries.by_receipt(receipt) if receipt else None
    if receipt and (obstacles := rules.code_obstacles(own)):
        raise Refused(obstacles)
    if own is not None and case.pk in (own.pk, own.head_id):
        return False  # whoever asked, in whatever words, has been counted by asking
    by = _digest(topic, f"receipt:{receipts.hashed(receipt)}" if receipt else f"{day}:{network}")
    try:
        with transaction.atomic():
            Second.objects.create(topic=topic, by=by)
    except IntegrityError:
        return False
    Topic.objects.filter(pk=topic.pk).update(seconds=F("seconds") + 1)
    topic.refresh_from_db(fields=["seconds"])
    if topic.owed_on is None and topic.seconds >= queries.seconds_wanted(case.organisation):
        _owe(topic, case, day)
    return True


def become(*, case: Case, officer: Officer, entry: Entry, title: str) -> Draft:
    """Begin a disclosure from the topic; its sender is told of it. 转为公开件

    The draft holds the topic's words with every number masked, for the officer to write on.
    """
    with transaction.atomic():
        case = acts.locked(case)
        topic = queries.topic(case)
        if obstacles := handling_rules.become_obstacles(case, topic, officer):
            raise Refused(obstacles)
        assert topic is not None, "the rule refuses what is no topic"
        draft = proposals.begin(
            organisation=case.organisation,
            entry=entry,
            officer=officer,
            title=title,
            body=_paragraphs(masking.masked(topic.wording or case.text)),
            kind=DocumentKind.MATERIAL,
        )
        topic.became = draft.disclosure
        topic.save()
        acts.record("topic.become", case, officer, {"item": draft.disclosure.address})
    return draft


def _owe(topic: Topic, case: Case, day: date) -> None:
    """So many want to know it that an answer is owed, from this day on."""
    topic.owed_on = day
    topic.save(update_fields=["owed_on"])
    if case.promised is not None:
        return
    routing.begin(case, day)
    case.save()
    told = {"seconds": topic.seconds, "promised_on": acts.iso(case.promised)}
    acts.record("topic.owe", case, SYSTEM, told)


def _digest(topic: Topic, by: str) -> str:
    return salted_hmac(f"gongkai.second.{topic.pk}", by, algorithm="sha256").hexdigest()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())

"""The verbs of the block list and of what it holds: list, strike, hold, let through, refuse, take
back, destroy. A held voice has its receipt from the first; let through, it becomes a case with the
same code, whose clock has run since the day it came.
"""

from datetime import date
from typing import Any

from django.db import transaction

from gongkai.foundation.core import clock, deadlines
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.feedback import (
    contacts,
    hanging,
    holding_rules,
    masking,
    phrases,
    promises,
    receipts,
    rules,
    workflow,
)
from gongkai.procedure.feedback.acts import READER
from gongkai.procedure.feedback.models import Case, Held, Phrase
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import CaseKind, HeldState


@transaction.atomic
def list_phrase(
    *, organisation: Organisation, officer: Officer, phrase: str, why: str
) -> tuple[Phrase, bool]:
    """Put a phrase on the block list 写上拦截词. Returns it, and whether it is new: one that is
    spelt alike stays as it is.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    phrase, why = (" ".join(masking.tidied(each).split()) for each in (phrase, why))
    spelt = phrases.written(phrase)
    if there := Phrase.objects.filter(organisation=organisation, spelt=spelt).first():
        return there, False
    if obstacles := holding_rules.phrase_obstacles(organisation, officer, phrase, why):
        raise Refused(obstacles)
    listed = Phrase.objects.create(
        organisation=organisation,
        phrase=phrase,
        spelt=spelt,
        why=why,
        listed_by=officer.member,
        listed_post=officer.post_names,
        listed_on=today(organisation),
    )
    _record_list("phrase.list", listed, officer)
    return listed, True


@transaction.atomic
def strike_phrase(*, phrase: Phrase, officer: Officer) -> bool:
    """Take a phrase off the list; says whether it was still there. 去掉拦截词

    What it holds already waits on for whoever reads it.
    """
    if obstacles := holding_rules.list_obstacles(phrase.organisation, officer):
        raise Refused(obstacles)
    gone, _rows = Phrase.objects.filter(pk=phrase.pk).delete()
    if gone:
        _record_list("phrase.strike", phrase, officer)
    return bool(gone)


@transaction.atomic
def hold(*, spoken: Spoken, contact: dict[str, str], token: str, phrase: Phrase) -> Held:
    """Keep a voice for a supervisor to read first. ``Refused`` as when it is taken down. 先看"""
    if obstacles := rules.spoken_obstacles(spoken):
        raise Refused(obstacles)
    organisation, now = spoken.organisation, clock.now()
    day = clock.civil_day(now, organisation.zone)
    due = promises.promise(organisation, spoken.kind, day, spoken.ground)
    answered = day if due.suspended else due.due
    held = Held.objects.create(
        organisation=organisation,
        disclosure=spoken.disclosure,
        kind=spoken.kind,
        ground=spoken.ground,
        asked=spoken.asked,
        text=spoken.text,
        show=spoken.show,
        sealed=contacts.seal(contact) if contact else None,
        destroy_on=promises.contact_end(organisation, answered),
        receipt=receipts.hashed(receipts.code_for(token)),
        token=token,
        came_at=now,
        look_by=deadlines.deadline(day, holding_rules.LOOKED_AT).due,
        phrase=phrase.phrase,
        listed_by=phrase.listed_by,
    )
    _record(
        "voice.hold", held, READER, {"phrase": held.phrase, "look_by": held.look_by.isoformat()}
    )
    return held


@transaction.atomic
def let_through(*, held: Held, officer: Officer) -> Case:
    """Make a case of it, with its receipt and the clock of the day it came. 放行

    A question whose post may not be questioned any more comes as an opinion.
    """
    held = _locked(held)
    if obstacles := holding_rules.read_obstacles(held, officer):
        raise Refused(obstacles)
    kind, asked = CaseKind(held.kind), held.asked
    if rules.asked_obstacles(held.organisation, kind, asked):
        kind, asked = CaseKind.OPINION, None
    case, _code = workflow.receive(
        organisation=held.organisation,
        disclosure=held.disclosure,
        text=held.text,
        show=held.show,
        contact=contacts.unseal(bytes(held.sealed)) if held.sealed else None,
        token=held.token or "",
        kind=kind,
        ground=held.ground,
        asked=asked,
        came_at=held.came_at,
    )
    held.case, held.text, held.sealed = case, "", None
    _decide(held, HeldState.PASSED, officer)
    _record("voice.pass", held, officer, {"case": case.number})
    return case


@transaction.atomic
def refuse(*, held: Held, officer: Officer, reason: str, why: str) -> Held:
    """Confirm that it is abuse; its sender reads why. Contact data goes at once. 不受理

    What was meant for everybody is counted in the public register by its ``reason``.
    """
    held, why = _locked(held), masking.tidied(why)
    if obstacles := holding_rules.refuse_obstacles(held, officer, reason, why):
        raise Refused(obstacles)
    held.why, held.sealed = why, None  # nobody will call back
    _decide(held, HeldState.REFUSED, officer)
    told = hanging.refused(reason, clock.now()) if held.show else None
    _record("voice.refuse", held, officer, {"reason": reason, "text": why}, told)
    return held


@transaction.atomic
def take_back(*, held: Held) -> Held:
    """Let whoever sent it take it back: words and contact data go at once. 本人撤回

    ``held`` was found by its receipt code, which only its sender has.
    """
    held = _locked(held)
    if obstacles := holding_rules.take_back_obstacles(held):
        raise Refused(obstacles)
    held.state, held.text, held.sealed = HeldState.WITHDRAWN, "", None
    held.save()
    _record("voice.withdraw", held, READER, {})
    return held


@transaction.atomic
def destroy(*, held: Held) -> bool:
    """Destroy what has an end: contact data, and the words that were refused. 销毁

    Says whether there was anything left to destroy. What still waits keeps its words.
    """
    held = _locked(held)
    refused = held.state == HeldState.REFUSED
    if held.sealed is None and not (refused and held.text):
        return False
    held.sealed, held.text = None, "" if refused else held.text
    held.save(update_fields=["sealed", "text"])
    _record("voice.destroy", held, ledger.SYSTEM, {"due": held.destroy_on.isoformat()})
    return True


def to_destroy(day: date) -> list[Held]:
    """What may have come to its end by ``day``, the oldest first."""
    near = Held.objects.filter(destroy_on__lte=day).select_related("organisation")
    kept = near.exclude(sealed=None) | near.filter(state=HeldState.REFUSED).exclude(text="")
    return list(kept.order_by("destroy_on", "pk"))


def _decide(held: Held, state: HeldState, officer: Officer) -> None:
    held.state, held.decided_by = state, officer.member
    held.decided_post, held.decided_at = officer.post_names, clock.now()
    held.save()


def _locked(held: Held) -> Held:
    rows = Held.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "disclosure", "asked").get(pk=held.pk)


def _record(
    verb: str,
    held: Held,
    by: Officer | ledger.Actor,
    facts: dict[str, Any],
    opens: ledger.Opening | None = None,
) -> None:
    post = {"post": by.post_names} if isinstance(by, Officer) else {}
    ledger.record(
        verb=verb,
        actor=by.actor if isinstance(by, Officer) else by,
        organisation=held.organisation.slug,
        subject=f"held:{held.organisation.slug}:{held.pk}",
        label=held.phrase,
        facts={**facts, **post},
        opens=opens,
    )


def _record_list(verb: str, phrase: Phrase, officer: Officer) -> None:
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=phrase.organisation.slug,
        subject=f"phrases:{phrase.organisation.slug}",
        label=phrase.phrase,
        facts={"text": phrase.why, "post": officer.post_names},
    )

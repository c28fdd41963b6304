"""A voice at the public door 收下或先看: the same words once a day, what the block list holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.feedback import holding, holding_rules, paces, phrases, receipts, workflow
from gongkai.procedure.feedback.models import Case, Heard, Held
from gongkai.procedure.feedback.spoken import Spoken


@dataclass(frozen=True)
class Taken:
    """What became of a voice (收下的结果): a case, something held, ``earlier``, when the same words
    had come already, or how long it has to ``wait``. ``code`` is its receipt, for the first two.
    """

    code: str = ""
    case: Case | None = None
    held: Held | None = None
    earlier: datetime | None = None
    wait: timedelta | None = None


@dataclass(frozen=True)
class Sender:
    """What is known of who sent a voice (来处): the number of their confirmation page, their
    network as :func:`guards.network` names it, and whether their page did its work.
    """

    token: str
    network: str
    worked: bool = False


def take(*, spoken: Spoken, contact: dict[str, str], sender: Sender) -> Taken:
    """Take down a voice. ``Refused`` when a rule forbids it.

    The same confirmation page, sent twice, gives the same answer. The same words
    about the same thing, on one day and from one network, make one case, whoever sent them.
    """
    try:
        with transaction.atomic():
            return _taken(spoken, contact, sender)
    except IntegrityError:  # the same words, or the same page, twice at the same moment
        with transaction.atomic():
            return _taken(spoken, contact, sender)


def counted(organisation: Organisation, network: str) -> str:
    """The name under which a network is counted today."""
    return paces.today(network, _day(organisation))


def forget(before: datetime) -> int:
    """Let go of the words that came before then; returns how many rows went. 忘掉来过的话"""
    gone, _rows = Heard.objects.filter(at__lt=before).delete()
    return gone


def _taken(spoken: Spoken, contact: dict[str, str], sender: Sender) -> Taken:
    token, organisation = sender.token, spoken.organisation
    words, network = _digest(spoken, sender.network), counted(organisation, sender.network)
    if heard := Heard.objects.filter(words=words).first():
        return _known(token) or Taken(earlier=heard.at)
    if wait := paces.wait(network, worked=sender.worked):
        return _known(token) or Taken(wait=wait)
    Heard.objects.create(network=network, words=words, at=clock.now())
    if phrase := holding_rules.holding(organisation, spoken.text):
        if known := _known(token):  # sent once more, from another network or on another day
            return known
        held = holding.hold(spoken=spoken, contact=contact, token=token, phrase=phrase)
        return Taken(receipts.code_for(token), held=held)
    case, code = workflow.receive(
        organisation=organisation,
        disclosure=spoken.disclosure,
        text=spoken.text,
        show=spoken.show,
        contact=contact,
        token=token,
        kind=spoken.kind,
        ground=spoken.ground,
        asked=spoken.asked,
    )
    return Taken(code, case=case)


def _known(token: str) -> Taken | None:
    """What the page ``token`` was given when it was sent before; none when it was not."""
    code = receipts.code_for(token)
    if case := Case.objects.filter(token=token).first():
        return Taken(code, case=case)
    held = Held.objects.filter(token=token).first()
    return Taken(code, held=held) if held else None


def _digest(spoken: Spoken, network: str) -> str:
    """A keyed digest of day, network, words and what they are about; blanks and marks aside."""
    about = spoken.disclosure.address if spoken.disclosure else ""
    asked = spoken.asked.key if spoken.asked else ""
    letters = phrases.spelt(spoken.text) or spoken.text
    told = (_day(spoken.organisation), network, about, spoken.kind, spoken.ground, asked, letters)
    return salted_hmac("gongkai.words", "\n".join(told), algorithm="sha256").hexdigest()


def _day(organisation: Organisation) -> str:
    return clock.civil_day(clock.now(), organisation.zone).isoformat()

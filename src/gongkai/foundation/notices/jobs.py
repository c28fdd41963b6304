"""Handing letters to mail server or gateway, in the worker, and what a dead worker dropped."""

import logging
import smtplib
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core.clock import now
from gongkai.foundation.notices import gateway, workflow
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import Carrier, Trouble

log = logging.getLogger(__name__)


LEASE = timedelta(minutes=15)
"""No task runs longer; one that has is a dead worker's."""
KEPT = timedelta(days=30)
"""How long a finished task can be looked up."""


class GivenUp(Exception):
    """A letter will not be tried again. Says which, never to whom or what."""


LOW = -10
"""Before these letters go those that somebody is waiting for."""


def queue(message: EmailMessage, origin: str = "", about: str = "") -> Letter:
    """Keep ``message`` and leave it to the worker; within a transaction, if that succeeds.

    ``origin`` is for a later step that looks after what becomes of its letters, ``about`` what it
    knows the letter by.
    """
    letter = workflow.accept(message, origin, about)
    send.enqueue(letter.pk)
    return letter


@task
def send(letter_id: int) -> None:
    """Send one letter, or try again later. May run twice: whoever gets a letter twice can tell.

    Log and error name the letter by number only.
    """
    letter = Letter.objects.filter(pk=letter_id, given_up_at=None).first()
    if letter is None:
        return
    if letter.carrier == Carrier.TEXT:
        trouble = _by_gateway(letter)
    else:
        trouble = _hand_over(letter, get_connection(settings.MAIL_BACKEND))
    if trouble is None:
        return workflow.sent(letter)
    if not _put_off(letter, trouble):
        raise GivenUp(f"letter {letter_id}: {trouble.value}")


@task(priority=LOW)
def send_many(letter_ids: list[int]) -> None:
    """Send these letters over one connection; each that does not go out is tried again by itself.

    While the server is away none of the others is tried: they would all wait for it in turn.
    """
    server, away = get_connection(settings.MAIL_BACKEND), None
    with suppress(OSError, smtplib.SMTPException):
        server.open()  # kept open from letter to letter; what is wrong shows at the first
    for letter in Letter.objects.filter(pk__in=letter_ids, given_up_at=None).order_by("pk"):
        trouble = away or _hand_over(letter, server)
        if trouble is None:
            workflow.sent(letter)
            continue
        _put_off(letter, trouble)
        away = trouble if trouble in AWAY else None
        _close(server)
    _close(server)


AWAY = frozenset((Trouble.UNREACHABLE, Trouble.LOCKED_OUT, Trouble.SENDER))
"""What the next letter would meet as well."""


def _close(server: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def _put_off(letter: Letter, trouble: Trouble) -> bool:
    """Note the failure and try again later; says whether, or the letter is given up."""
    with transaction.atomic():
        pause = workflow.failed(letter, trouble)
        if pause is not None:
            send.using(run_after=now() + pause).enqueue(letter.pk)
    if pause is not None:
        log.warning("Letter %s did not go out (%s); it waits.", letter.pk, trouble.value)
        return True
    log.error("Letter %s did not go out (%s); it is given up.", letter.pk, trouble.value)
    return False


def _hand_over(letter: Letter, server: BaseEmailBackend) -> Trouble | None:
    """What the mail server had against the letter; none when it took it."""
    try:
        server.send_messages([workflow.message(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        return _about_recipients(error)
    except smtplib.SMTPSenderRefused:
        return Trouble.SENDER
    except smtplib.SMTPAuthenticationError:
        return Trouble.LOCKED_OUT
    except smtplib.SMTPServerDisconnected:
        return Trouble.UNREACHABLE
    except smtplib.SMTPException:
        return Trouble.OTHER
    except OSError:
        return Trouble.UNREACHABLE
    return None


def _by_gateway(letter: Letter) -> Trouble | None:
    """What the gateway had against it. Each is told apart by its number and the day it was made."""
    number, text = workflow.short_message(letter)
    return gateway.hand_over(number, text, f"text-{letter.pk}-{letter.made_at:%Y%m%d%H%M%S}")


def _about_recipients(error: smtplib.SMTPRecipientsRefused) -> Trouble:
    """5xx is meant for good; 4xx is greylisting or a full mailbox, which passes."""
    codes = [code for code, _reply in error.recipients.values()]
    return Trouble.RECIPIENT if all(code >= 500 for code in codes) else Trouble.OTHER


def requeue(now: datetime) -> int:
    """Let another worker do what one that died had begun; the library does not. Returns how many.

    For the tick. Every task may run twice. Tasks long finished are forgotten on the way.
    """
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT)
    if old.exists():  # the tick comes every second: look before taking SQLite's only lock
        old.delete()
    lost = DBTaskResult.objects.running().filter(started_at__lt=now - LEASE)
    return lost.update(status=TaskResultStatus.READY, started_at=None) if lost.exists() else 0

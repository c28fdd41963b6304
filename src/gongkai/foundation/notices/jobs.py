"""Handing letters to the mail server, in the worker; and picking up what a dead worker dropped."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.core.clock import now
from gongkai.foundation.notices import workflow
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import Trouble

log = logging.getLogger(__name__)


LEASE = timedelta(minutes=15)
"""No task runs longer; one that has is a dead worker's."""
KEPT = timedelta(days=30)
"""How long a finished task can be looked up."""


class GivenUp(Exception):
    """A letter will not be tried again. Says which, never to whom or what."""


@task
def send(letter_id: int) -> None:
    """Send one letter, or try again later. May run twice: whoever gets a letter twice can tell.

    Log and error name the letter by number only.
    """
    letter = Letter.objects.filter(pk=letter_id, given_up_at=None).first()
    if letter is None:
        return
    trouble = _hand_over(letter)
    if trouble is None:
        return workflow.sent(letter)
    with transaction.atomic():
        pause = workflow.failed(letter, trouble)
        if pause is not None:
            send.using(run_after=now() + pause).enqueue(letter_id)
    if pause is not None:
        return log.warning("Letter %s did not go out (%s); it waits.", letter_id, trouble.value)
    log.error("Letter %s did not go out (%s); it is given up.", letter_id, trouble.value)
    raise GivenUp(f"letter {letter_id}: {trouble.value}")


def _hand_over(letter: Letter) -> Trouble | None:
    """What the mail server had against the letter; none when it took it."""
    try:
        get_connection(settings.MAIL_BACKEND).send_messages([workflow.message(letter)])
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

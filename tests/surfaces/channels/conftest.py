"""A township whose board stands, mail at the far edge, and the worker's hands."""

import smtplib
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django_tasks_db.models import DBTaskResult
from tests.surfaces.board.office import Office, forget
from tests.surfaces.board.remembered import RememberedHome

from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.notices.jobs import GivenUp
from gongkai.surfaces.channels import jobs as alerts

MONDAY_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Server(BaseEmailBackend):
    """The mail server at the network's far edge: away, or refusing some addresses for good."""

    away = False
    refused: frozenset[str] = frozenset()

    def send_messages(self, messages) -> int:
        if self.away:
            raise ConnectionRefusedError
        for message in messages:
            if bad := self.refused & set(message.to):
                raise smtplib.SMTPRecipientsRefused(dict.fromkeys(bad, (550, b"unknown")))
            mail.outbox.append(message)
        return len(messages)


@pytest.fixture(autouse=True)
def _mail(settings, time_machine):
    settings.EMAIL_HOST = "mail.invalid"
    settings.DEFAULT_FROM_EMAIL = "board@qingxi.example"
    settings.MAIL_BACKEND = f"{Server.__module__}.{Server.__qualname__}"
    Server.away, Server.refused = False, frozenset()
    time_machine.move_to(MONDAY_NOON, tick=False)


@pytest.fixture
def office(home, settings, qingxi):
    """A township whose charter is published and followed."""
    make_keys(home, settings.LOG_ORIGIN)
    forget()
    lease = Lease()
    assert lease.acquire()
    office = Office(home, lease)
    render(home, office)
    yield office
    lease.release()


@RememberedHome
def render(_home, office: Office) -> None:
    """The charter's own pages, before anything is published under it."""
    go(office)


@pytest.fixture
def reader():
    """A browser that checks for forged forms as Django does, without a session."""
    return Client(enforce_csrf_checks=True)


def go(office) -> None:
    """A pass of the keeper."""
    office.go()
    alerts.wake()


def work() -> None:
    """What the worker does with everything that is due."""
    while (row := DBTaskResult.objects.ready().first()) is not None:
        DBTaskResult.objects.filter(pk=row.pk).delete()
        with suppress(GivenUp):
            row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])

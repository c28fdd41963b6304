"""Letters: through the worker, tried again, given up where people see it, and never kept."""

import logging
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from gongkai.foundation.notices import jobs, queries, workflow
from gongkai.foundation.notices.models import Letter

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECRET = "https://gongkai.example/accounts/password/reset/key/1-abc/"


class Server(BaseEmailBackend):
    """The mail server at the network's far edge, in the mood that a test puts it into."""

    mood: list[Exception | None] = []

    def send_messages(self, messages) -> int:
        answer = self.mood.pop(0) if len(self.mood) > 1 else self.mood[0]
        if answer is not None:
            raise answer
        mail.outbox.extend(messages)
        return len(messages)


@pytest.fixture(autouse=True)
def through_the_queue(settings, transactional_db):
    settings.EMAIL_BACKEND = "gongkai.foundation.notices.queue.QueuedMail"
    settings.MAIL_BACKEND = f"{Server.__module__}.{Server.__qualname__}"
    Server.mood = [None]


def write(to="zhang@example.org") -> None:
    mail.send_mail("改密码的链接", SECRET, None, [to], html_message=f"<p>{SECRET}</p>")


def work() -> None:
    """What the worker does with everything that is due."""
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
    ).run()


def test_a_letter_reaches_the_server_and_is_forgotten(settings):
    write()
    assert mail.outbox == []
    work()
    (message,) = mail.outbox
    assert (message.subject, message.body) == ("改密码的链接", SECRET)
    assert (message.from_email, message.to) == (settings.DEFAULT_FROM_EMAIL, ["zhang@example.org"])
    assert [tuple(part) for part in message.alternatives] == [(f"<p>{SECRET}</p>", "text/html")]
    assert Letter.objects.count() == 0
    assert SECRET not in str(DBTaskResult.objects.values())


def test_a_letter_follows_its_transaction():
    class Undone(Exception):
        pass

    def undo():
        with transaction.atomic():
            write()
            raise Undone

    with pytest.raises(Undone):
        undo()
    work()
    assert mail.outbox == []


def test_a_server_that_comes_back_gets_the_letter():
    Server.mood = [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), None]
    with time_machine.travel(START, tick=False) as clock:
        write()
        work()
        work()
        assert mail.outbox == []
        clock.shift(timedelta(seconds=61))
        work()
        assert mail.outbox == []
        clock.shift(timedelta(seconds=301))
        work()
    assert len(mail.outbox) == 1
    assert Letter.objects.count() == 0


def test_a_letter_is_given_up_in_sight_and_without_its_text(caplog):
    Server.mood = [smtplib.SMTPAuthenticationError(535, b"zhang@example.org")]
    with time_machine.travel(START, tick=False) as clock, caplog.at_level(logging.INFO):
        write()
        work()
        for pause in workflow.PAUSES:
            assert queries.undelivered().count() == 0
            clock.shift(pause + timedelta(seconds=1))
            work()
    (letter,) = queries.undelivered()
    assert (letter.attempts, letter.trouble, letter.shown) == (7, "locked-out", "z…@example.org")
    assert (letter.recipients, letter.content) == ([], {})
    said = caplog.text + str(DBTaskResult.objects.values())
    assert "locked-out" in said
    assert SECRET not in said
    assert "zhang" not in said
    workflow.set_aside(letter.pk)
    assert queries.undelivered().count() == 0


def test_a_refused_recipient_is_final_and_a_busy_one_is_not():
    refused = smtplib.SMTPRecipientsRefused({"zhang@example.org": (550, b"unknown")})
    busy = smtplib.SMTPRecipientsRefused({"zhang@example.org": (451, b"later")})
    Server.mood = [refused, busy]
    write()
    write()
    work()
    assert [letter.trouble for letter in queries.undelivered()] == ["recipient"]
    assert [letter.trouble for letter in Letter.objects.filter(given_up_at=None)] == ["other"]


def test_a_letter_done_by_another_worker_is_left_alone():
    write()
    Letter.objects.all().delete()
    work()
    assert mail.outbox == []


def test_attachments_are_refused():
    message = mail.EmailMessage("x", "y", None, ["zhang@example.org"])
    message.attach("名单.txt", "字", "text/plain")
    with pytest.raises(ValueError, match="no attachments"):
        message.send()


def test_what_a_dead_worker_dropped_is_done_by_another():
    write()
    DBTaskResult.objects.get().claim("dead")
    begun = DBTaskResult.objects.get().started_at
    work()
    assert mail.outbox == []
    assert jobs.requeue(begun + timedelta(minutes=14)) == 0
    assert jobs.requeue(begun + timedelta(minutes=16)) == 1
    work()
    assert len(mail.outbox) == 1
    assert jobs.requeue(begun + timedelta(days=29)) == 0
    assert DBTaskResult.objects.count() == 1
    jobs.requeue(begun + timedelta(days=31))
    assert DBTaskResult.objects.count() == 0


def test_a_batch_goes_over_one_connection_and_each_failure_is_its_own():
    refused = smtplib.SMTPRecipientsRefused({"zhang@example.org": (550, b"unknown")})
    Server.mood = [None, refused, None]
    for to in ("a@example.org", "zhang@example.org", "b@example.org"):
        workflow.accept(mail.EmailMessage("s", "b", None, [to]), "alert")
    jobs.send_many.call([letter.pk for letter in Letter.objects.all()])
    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert [letter.trouble for letter in queries.given_up("alert")] == ["recipient"]
    assert [letter.shown for letter in Letter.objects.all()] == [""]
    assert queries.undelivered().count() == 0  # its own step looks after it


def test_while_the_server_is_away_a_batch_tries_once():
    Server.mood = [ConnectionRefusedError(), AssertionError("tried again")]
    for to in ("a@example.org", "b@example.org"):
        workflow.accept(mail.EmailMessage("s", "b", None, [to]), "alert")
    jobs.send_many.call([letter.pk for letter in Letter.objects.all()])
    assert [letter.trouble for letter in Letter.objects.all()] == ["unreachable"] * 2
    assert DBTaskResult.objects.ready().count() == 0  # each waits for its hour
    assert DBTaskResult.objects.filter(run_after__isnull=False).count() == 2


def test_a_waiting_letter_is_sealed():
    write()
    (letter,) = Letter.objects.all()
    assert SECRET not in str(letter.content)
    assert "zhang" not in f"{letter.content}{letter.recipients}"
    assert workflow.message(letter).to == ["zhang@example.org"]

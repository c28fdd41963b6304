"""The worker makes pages, the tick sees that it does, and followers hear of it in order."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from gongkai.config import doctor
from gongkai.foundation.files import intake, jobs, queries, storage, workflow
from gongkai.foundation.files.models import Reading, StoredFile
from gongkai.foundation.files.pages import limited
from gongkai.foundation.files.pages.store import Rendition

from . import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

TEXT = made.pages(["13912345678 is the number"])
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def keep(data):
    return intake.keep(io.BytesIO(data), "材料")


def waiting():
    return [task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()]


def test_an_upload_is_read_once_and_gives_its_text_to_the_checks():
    stored = keep(TEXT)
    assert keep(TEXT) == stored
    assert set(waiting()) == {stored.digest}
    assert not stored.readable
    jobs.read.call(stored.digest)
    jobs.read.call(stored.digest)
    reading = queries.reading(stored.digest)
    assert (reading.state, reading.pages, reading.trouble) == ("ready", 1, "")
    assert queries.texts([stored.digest]) == {stored.digest: "13912345678 is the number\n"}
    keep(TEXT)
    assert waiting().count(stored.digest) <= 2


def test_a_person_has_to_look_at_a_scan():
    stored = keep(made.scan(1, (60, 80)))
    jobs.read.call(stored.digest)
    assert queries.reading(stored.digest).state == "ready"
    assert queries.texts([stored.digest]) == {}
    assert not StoredFile.objects.get().readable


def test_what_cannot_be_shown_is_refused_with_a_sentence():
    stored = keep(made.pdf())
    jobs.read.call(stored.digest)
    reading = queries.reading(stored.digest)
    assert (reading.state, reading.get_trouble_display()) == (
        "refused",
        "这个文件已经损坏或者不合规范，画不出来，不能在线看。",
    )


def test_the_tick_asks_for_what_nobody_goes_on_with(time_machine, monkeypatch):
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(jobs, "PORTION", 0)
    monkeypatch.setattr("gongkai.foundation.files.pages.preparing.PORTION", 1)
    stored = keep(made.scan(2, (60, 80)))
    DBTaskResult.objects.all().delete()  # a worker took the task and died
    assert jobs.requeue(NOW) == 1
    assert jobs.requeue(NOW + timedelta(hours=1)) == 0  # the task waits for its worker
    DBTaskResult.objects.all().delete()
    assert jobs.requeue(NOW + timedelta(minutes=4)) == 0
    jobs.read.call(stored.digest)
    assert queries.reading(stored.digest).state == "waiting"
    assert waiting() == [stored.digest]
    DBTaskResult.objects.all().delete()
    assert jobs.requeue(NOW + timedelta(minutes=6)) == 1
    jobs.read.call(stored.digest)
    assert queries.reading(stored.digest).state == "ready"
    assert jobs.requeue(NOW + timedelta(days=1)) == 0


def test_followers_see_each_finished_reading_once_and_one_read_again_anew():
    stored = [keep(made.docx(name)) for name in ("甲", "乙")]
    for each in stored:
        jobs.read.call(each.digest)
    first, second = (each.digest for each in stored)
    assert queries.finished_from(0, 10) == []
    assert jobs.number(NOW) == 2
    assert jobs.number(NOW) == 0
    assert queries.finished_from(0, 10) == [(0, first), (1, second)]
    Rendition(second).destroy()
    assert jobs.read_lost() == 1
    assert queries.finished_from(0, 10) == [(0, first)]
    jobs.read.call(second)
    jobs.number(NOW)
    assert queries.finished_from(1, 10) == [(2, second)]


def test_an_erasure_takes_the_pages_too_even_while_they_are_made():
    stored = keep(TEXT)
    jobs.read.call(stored.digest)
    workflow.forget(digest=stored.digest, at=NOW)
    assert storage.destroy(stored.digest)
    assert not Rendition(stored.digest).folder.exists()
    late = keep(made.pages(["another"]))
    assert Rendition(late.digest).work.is_dir()  # begun
    workflow.forget(digest=late.digest, at=NOW)
    jobs.read.call(late.digest)
    assert not Rendition(late.digest).folder.exists()
    assert Reading.objects.get(file__digest=late.digest).state == "waiting"
    assert jobs.requeue(NOW + timedelta(days=900)) == 0


def test_what_waits_for_libreoffice_is_named_and_read_once_it_is_there(monkeypatch):
    monkeypatch.setattr(limited, "office", lambda: "")
    stored = keep(made.compound("Root Entry", "WordDocument"))
    jobs.read.call(stored.digest)
    assert queries.reading(stored.digest).trouble == "no-office"
    assert doctor.converter().startswith("1个附件要装了 LibreOffice 才能在线看")
    assert jobs.read_by_office(NOW) == 0
    monkeypatch.setattr(limited, "office", lambda: "/bin/false")  # it is there, and fails
    assert doctor.converter() == ""
    assert jobs.read_by_office(NOW) == 1
    jobs.read.call(stored.digest)
    assert queries.reading(stored.digest).trouble == "broken"
    assert jobs.read_by_office(NOW) == 0

"""Readiness and the doctor, each finding provoked for real."""

import os
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner

from gongkai.config import doctor, health, installed
from gongkai.foundation.core.clock import now
from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger.models import Act, Cursor, Head, PublicRecord
from gongkai.foundation.translog.note import Signer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def well(home):
    """A home in which nothing is wrong."""
    installed.write(home)
    (home.run / "keeper.alive").write_text("1")
    return home


def waiting_record(age: timedelta, **changes) -> None:
    PublicRecord.objects.create(
        kind="item",
        subject="7K3QX0M2ZD",
        version=1,
        organisation="qingxi",
        audience=["public"],
        body="{}",
        digest="0" * 64,
        at=now() - age,
        salt=b"",
        entry=b"",
        **changes,
    )


def test_ready_when_nothing_waits(client, well):
    response = client.get("/readyz")
    assert response.status_code == 200
    state = response.json()
    assert state.pop("free_bytes") > 0
    assert state == {
        "database": True,
        "disk": True,
        "keeper": True,
        "lag": {"waiting_seconds": 0, "unexposed": 0, "size": 0},
        "office_log": {"waiting_seconds": 0},
        "damaged": 0,
        "search": {"waiting_seconds": None},
    }


def test_not_ready_when_the_keeper_lags(client, home):
    Head.objects.create(size=5, root="", frontier=[], signed_size=4, exposed_size=3)
    waiting_record(timedelta(minutes=10))
    response = client.get("/readyz")
    lag = response.json()["lag"]
    assert response.status_code == 503
    assert 600 <= lag.pop("waiting_seconds") < 660
    assert lag == {"unexposed": 2, "size": 5}


@pytest.mark.parametrize(
    ("exposed", "followed", "record"),
    [
        (3, 3, {"seq": None}),
        (2, 2, {"seq": 2}),
        (3, 2, {"seq": 2}),
        (3, 3, {"seq": 2, "closed_at": now() - timedelta(minutes=10)}),
    ],
    ids=["not ordered", "not exposed", "without its page", "not taken away"],
)
def test_not_ready_while_something_waits(client, well, exposed, followed, record):
    Head.objects.create(size=3, root="", frontier=[], signed_size=3, exposed_size=exposed)
    Cursor.objects.create(name="board", seq=followed)
    waiting_record(timedelta(minutes=10), **record)
    state = client.get("/readyz").json()
    assert state["lag"]["waiting_seconds"] >= 600
    assert not state["keeper"]


def test_not_ready_without_a_keeper(client, home):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["keeper"]) == (503, False)


def test_not_ready_without_room(client, home, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["disk"]) == (503, False)


@pytest.mark.parametrize(
    "name",
    ["python", "packages", "home", "keys", "keeper", "clock", "disk", "address", "migrations"],
)
def test_a_well_installation(name, well):
    assert getattr(doctor, name)() == ""


def test_a_key_that_others_can_read(well):
    (well.keys / "log.key").touch(0o644)
    assert doctor.keys() == f"别人能看到密钥。请运行：chmod 600 {well.keys}/log.key"


def test_a_folder_that_others_can_read(well):
    well.files.chmod(0o755)
    assert doctor.home() == f"别人能看到里面。请运行：chmod go-rwx {well.files}"


def test_a_keeper_that_fell_silent(well):
    hour_ago = time.time() - 3600
    os.utime(well.run / "keeper.alive", (hour_ago, hour_ago))
    assert "keeper 没有在运行" in doctor.keeper()


def test_a_home_of_another_version(well):
    installed.mark(well).write_text("0.0.1")
    assert "gongkai upgrade" in doctor.migrations()


def test_a_clock_that_went_back(well):
    Act.objects.create(at=now() + timedelta(hours=1), verb="seal", actor="", subject="")
    assert "请校准本机时钟" in doctor.clock()


def test_a_database_that_was_rolled_back(well, monkeypatch):
    def check_head(_log):
        raise jobs.RolledBack(36, 31)

    monkeypatch.setattr(jobs, "check_head", check_head)
    assert doctor.log() == (
        "数据库是旧的：日志已公布36条，数据库只记到31条。再签就会分叉，所以已经停签。"
        "请停下来，换回最新的数据库。"
    )


def test_a_log_that_readers_cannot_find(well):
    (well.keys / "log.key").write_text(Signer.generate("gongkai.invalid/log").skey)
    Head.objects.create(size=5, root="", frontier=[], signed_size=5, exposed_size=5)
    assert "公布过的日志有5条不在了" in doctor.log()


def test_an_office_log_that_lags_is_told_and_stops_no_reader(well):
    Act.objects.create(at=now() - timedelta(minutes=5), verb="seal", actor="", subject="")
    assert health.office_lag() == 300
    assert "办公日志落后 300 秒" in doctor.office()
    ready, state = health.readiness()
    assert (ready, state["office_log"]) == (True, {"waiting_seconds": 300})


def test_an_office_log_whose_files_are_gone(well):
    (well.keys / "audit.key").write_text(Signer.generate("gongkai.invalid/log/office").skey)
    Head.objects.create(name="office", size=5, root="", frontier=[], signed_size=5, exposed_size=5)
    assert "公布过的日志有5条不在了" in doctor.office()


def test_a_mail_server_that_does_not_answer(well, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "请核对 MAIL_URL" in doctor.mail()


def test_mail_that_was_never_set_up(well, settings):
    assert "没有设置 MAIL_URL" in doctor.mail()


def test_plain_http_that_was_allowed(settings):
    settings.SECURE, settings.ON_LOOPBACK = False, False
    assert "明文 http" in doctor.address()


def test_the_database_of_the_suite(well):
    assert doctor.database() == ""


def test_the_doctor_prints_every_line_and_says_whether_all_is_well(well):
    result = CliRunner().invoke(doctor.doctor)
    lines = result.output.splitlines()
    notes = [line for line in lines if line.startswith("留意 ")]
    assert len(lines) - len(notes) == len(doctor.CHECKS)
    ill = [line for line in lines if line.startswith("不好 ")]
    assert {line.partition(" ")[0] for line in lines} <= {"好", "不好", "留意"}
    assert result.exit_code == (1 if ill else 0)

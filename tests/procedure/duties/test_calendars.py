"""A year's holidays arrive: all processes notice, provisional days settle."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.config import doctor
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.workdays import NATIONAL, Calendar
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.procedure.duties import calendars, jobs, workflow
from gongkai.procedure.duties.commands import calendar
from gongkai.procedure.duties.models import Duty
from gongkai.surfaces.desk import inbox

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""Midnight of 1 December in 青溪镇."""


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    """What a test loads is not known to the next one."""
    for name, value in (("_overrides", {}), ("_learned", {}), ("_years", {}), ("_seen", None)):
        monkeypatch.setattr(NATIONAL, name, value)


def days(*off: str, made_up: tuple[str, ...] = (), year: int = 2027) -> str:
    told = [{"name": "放假", "date": day, "isOffDay": True} for day in off]
    told += [{"name": "补班", "date": day, "isOffDay": False} for day in made_up]
    return json.dumps({"year": year, "days": told})


@pytest.fixture
def file(tmp_path) -> Path:
    """2027: New Year, and the first of February with a Saturday worked for it; invented."""
    path = tmp_path / "2027.json"
    path.write_text(days("2027-01-01", "2027-02-01", made_up=("2027-02-06",)), "utf-8")
    return path


@pytest.mark.django_db
def test_a_loaded_year_settles_what_was_provisional(file, home, qingxi, time_machine):
    time_machine.move_to(NOW, tick=False)
    jobs.follow(NOW)
    jobs.plan(NOW)
    duty = Duty.objects.get(organisation=qingxi, entry__code="QT-03")
    assert (duty.due_on, duty.provisional) == (date(2027, 2, 1), True)
    said = CliRunner().invoke(calendar, ["load", str(file)])
    assert said.output == "2027年：放假2天，补班1天。暂定的日期一分钟以内会重新算。\n"
    jobs.recount(NOW)
    duty.refresh_from_db()
    assert (duty.due_on, duty.provisional) == (date(2027, 2, 2), False)
    act = Act.objects.get(verb="calendar.load")
    assert (act.subject, act.facts["year"], act.facts["off"]) == ("calendar:2027", 2027, 2)
    shown = CliRunner().invoke(calendar, ["show", "2027"])
    assert shown.output.splitlines() == [
        "2027-01-01 星期五 放假",
        "2027-02-01 星期一 放假",
        "2027-02-06 星期六 补班",
    ]
    assert (home.path / "calendars" / "2027.json").stat().st_mode & 0o777 == 0o600


def test_another_process_notices_without_a_restart(tmp_path, file):
    folder, other = tmp_path / "calendars", Calendar()
    assert other.refresh(folder) is False
    folder.mkdir()
    file.rename(folder / "2027.json")
    assert (other.refresh(folder), other.refresh(folder)) == (True, False)
    assert other.is_provisional(2027) is False
    assert other.is_workday(date(2027, 2, 6)) is True


@pytest.mark.django_db
def test_a_year_that_is_loaded_again_forgets_what_the_earlier_file_alone_named(
    file, home, qingxi, time_machine
):
    time_machine.move_to(NOW, tick=False)
    jobs.follow(NOW)
    jobs.plan(NOW)
    workflow.load_calendar(calendars.read(file), by=SYSTEM)
    jobs.recount(NOW)
    corrected = file.with_name("corrected.json")
    corrected.write_text(days("2027-01-01"), "utf-8")
    workflow.load_calendar(calendars.read(corrected), by=SYSTEM)
    assert (NATIONAL.is_workday(date(2027, 2, 1)), NATIONAL.is_workday(date(2027, 2, 6))) == (
        True,
        False,
    )
    jobs.recount(NOW)
    duty = Duty.objects.get(organisation=qingxi, entry__code="QT-03")
    assert (duty.due_on, duty.provisional) == (date(2027, 2, 1), False)


def test_a_file_damaged_in_the_home_leaves_its_year_provisional(tmp_path, caplog):
    folder, other = tmp_path / "calendars", Calendar()
    folder.mkdir()
    (folder / "2027.json").write_text("{", "utf-8")
    assert other.refresh(folder) is True
    assert other.is_provisional(2027) is True
    assert "not a calendar" in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "不是放假安排"),
        ("[]", "不是放假安排"),
        ('{"year": 2027}', "不是放假安排"),
        (days("2027-02-30"), "不是放假安排"),
        (days("2027-01-01").replace("true", '"no"'), "不是放假安排"),
        ("\ufeff" + days("2027-01-01"), ""),
        (days("0206-01-01", year=206), "没有206年的放假日子"),
        (days("2026-01-01"), "没有2027年的放假日子"),
        (days(), "没有2027年的放假日子"),
        (days("2027-01-01", "2037-01-02"), "却有2037-01-02"),
        (" " * 1_000_001, "太大"),
    ],
)
def test_a_bad_file_is_explained(tmp_path, text, said):
    path = tmp_path / "file.json"
    path.write_text(text, "utf-8")
    if not said:
        assert calendars.read(path).year == 2027
        return
    with pytest.raises(Refused) as refusal:
        calendars.read(path)
    assert said in refusal.value.obstacles[0]


@pytest.mark.django_db
def test_before_there_is_an_organisation_nothing_is_loaded(file, home):
    with pytest.raises(Refused):
        workflow.load_calendar(calendars.read(file), by=SYSTEM)
    assert calendars.missing(date(2026, 12, 1)) == 2027
    assert list(home.path.glob("calendars/*.json")) == []


@pytest.mark.django_db
def test_a_missing_year_is_told_from_december(file, home, qingxi, officer, time_machine):
    title = "还没有2027年的放假安排"

    def titles(post):
        return [task.title for task in inbox.tasks(officer(post))]

    time_machine.move_to(NOW, tick=False)
    assert (doctor.holidays(), title in titles("党政办信息员")) == ("", False)
    time_machine.move_to(DECEMBER, tick=False)
    assert doctor.holidays() == (
        "还没有2027年的放假安排，日期按周末推算。请装入：gongkai calendar load 文件"
    )
    assert (title in titles("党政办信息员"), title in titles("党政办主任")) == (True, False)
    workflow.load_calendar(calendars.read(file), by=SYSTEM)
    assert (doctor.holidays(), title in titles("党政办信息员")) == ("", False)

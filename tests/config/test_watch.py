"""The integrity watch: each damage is found within its days, told once, and noticed when mended."""

import shutil
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from tests.config.backups.conftest import Station, needs_pg_dump
from tests.procedure.editions import stored
from tests.surfaces.board.remembered import RememberedHome

from gongkai.config import doctor, keeper, watch
from gongkai.config.backups import sealing
from gongkai.config.backups.commands import backup
from gongkai.config.keys import make_keys
from gongkai.foundation.core import clock
from gongkai.foundation.files import queries, storage
from gongkai.foundation.files.models import Damage, StoredFile
from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC
from gongkai.foundation.ledger.models import Act, Cursor, PublicRecord
from gongkai.foundation.organisations.models import Account, Member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def station(home, settings, tmp_path, transactional_db, monkeypatch):
    """A township with an item on the board, and an administrator who has an address."""
    monkeypatch.setattr(jobs, "GATHERED", timedelta(0))
    make_keys(home, settings.LOG_ORIGIN)
    monkeypatch.setattr(sealing, "COST", 2**4)
    made = Station(home, tmp_path / "backups", tmp_path / "words")
    made.count = published(home, made)
    holder = Member.objects.get(pk=made.officer("党政办信息员").member.pk)
    if holder.account is None:
        holder.account = Account.objects.create(username="watch")
        holder.save()
    Account.objects.filter(pk=holder.account.pk).update(email="watch@example.org")
    return made


@RememberedHome
def published(_home, made: Station) -> int:
    """The item; returns how many there are."""
    made.publish(attach=True)
    return made.count


def found() -> set[str]:
    return set(queries.damages().values_list("path", flat=True))


def letters() -> list[str]:
    return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox]


def test_sound_as_it_is_nothing_is_said(station):
    watch.whole()
    assert (found(), doctor.kept(), letters()) == (set(), "", [])


def test_each_kind_of_damage_is_found_told_once_and_noticed_when_mended(station):
    file = next(station.home.files.glob("??/??/*"))
    tile = next((PUBLIC.folder / "tile/0").rglob("*.p/*"))
    office = next((OFFICE.folder / "tile/entries").rglob("*.p/*"))
    act = Act.objects.filter(seq__isnull=False).first()
    record = PublicRecord.objects.get(kind="release")
    whole = {path: path.read_bytes() for path in (file, tile, office)}
    file.write_bytes(b"other bytes")
    tile.write_bytes(bytes(len(whole[tile])))
    Act.objects.filter(pk=act.pk).update(actor_label="别人")
    PublicRecord.objects.filter(pk=record.pk).update(body="{}")
    watch.whole()
    assert found() == {
        file.relative_to(station.home.path).as_posix(),
        "board/log/checkpoint",
        f"act:{act.seq}",
    }
    tile.write_bytes(whole[tile])
    office.write_bytes(whole[office][:-1])
    watch.whole()
    assert found() == {
        file.relative_to(station.home.path).as_posix(),
        f"record:{record.seq}",
        f"act:{act.seq}",
        office.relative_to(station.home.path).as_posix(),
    }
    before = len(letters())
    assert file.name in letters()[0]
    watch.whole()
    assert len(letters()) == before
    assert "请停下来，运行 gongkai log verify" in doctor.kept()
    file.write_bytes(whole[file])
    office.write_bytes(whole[office])
    Act.objects.filter(pk=act.pk).update(actor_label=act.actor_label)
    PublicRecord.objects.filter(pk=record.pk).update(body=record.body)
    watch.whole()
    assert (found(), doctor.kept()) == (set(), "")
    assert "已经修好" in letters()[-1]
    file.unlink()
    watch.whole()
    damage = Damage.objects.get(mended_at=None)
    assert (damage.what, storage.path(file.name)) == ("missing", file)
    assert "gongkai backup mend" in doctor.kept()


def test_an_act_slipped_in_and_one_taken_out_are_found(station):
    act = Act.objects.filter(seq__isnull=False).order_by("seq").first()
    Act.objects.filter(pk=act.pk).update(seq=10**9)
    watch.whole()
    assert found() == {f"act:{act.seq}", f"unlogged:{act.pk}"}


def test_a_filing_that_was_tampered_with_is_found(station, settings):
    folder = station.home.archive / "2026" / "x"
    folder.mkdir(parents=True)
    assert [path.name for path, _what in watch.folders.faults(folder)] == ["manifest.json"]


def test_all_is_seen_within_the_days_whatever_the_share(station, settings, monkeypatch):
    settings.WATCH_DAYS = 1
    monkeypatch.setattr(watch, "_last", lambda model: model.objects.count())
    files = [stored(station.home, b"%%PDF-1.7 more %d" % number) for number in range(60)]
    storage.path(files[-1].digest).unlink()
    seen = []
    for _hour in range(24):
        watch.look.func(1)
        seen.append(Cursor.objects.get(name="watch:files").seq)
    assert len(found()) == 1
    first = StoredFile.objects.order_by("pk").first()
    assert seen[0] == first.pk + 2  # a share of 61, not all of it
    Damage.objects.all().delete()
    Cursor.objects.filter(name="watch:files").update(seq=0)
    watch.look.func(24)  # what a worker makes up that slept a day
    assert len(found()) == 1


def test_a_share_asks_no_more_of_a_larger_store(station):
    counts = []
    for more in (1, 3):
        for number in range(more):
            stored(station.home, b"%%PDF-1.7 %d of %d" % (number, more))
        Cursor.objects.filter(name__startswith="watch:").delete()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            watch.look.func(1)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_tick_asks_the_worker_once_an_hour_and_hashes_nothing(station, monkeypatch):
    DBTaskResult.objects.all().delete()
    Cursor.objects.filter(name=watch.LAST).delete()
    monkeypatch.setattr(storage, "fault", None)
    now = clock.now()
    assert [watch.due(now), watch.due(now)] == [1, 0]
    assert watch.due(now + timedelta(hours=5)) == 5
    assert watch.due(now + timedelta(days=400)) == 30 * 24
    assert DBTaskResult.objects.filter(task_path="gongkai.config.watch.look").count() == 3
    keeper.run_once()


@needs_pg_dump
def test_a_file_is_put_back_from_a_backup(station):
    station.words.write_text("一个只有值班员知道的备份口令")
    assert station.backup().exit_code == 0
    file = next(station.home.files.glob("??/??/*"))
    tile = next((PUBLIC.folder / "tile/entries").rglob("*.p/*"))
    whole = {path: path.read_bytes() for path in (file, tile)}
    file.unlink()
    tile.write_bytes(b"")
    watch.whole()
    assert len(found()) == 2
    done = CliRunner().invoke(backup, ["mend", str(station.dest)])
    assert (done.exit_code, done.output.count("取回了：")) == (0, 2), done.output
    assert {path: path.read_bytes() for path in whole} == whole
    assert found() == set()
    file.unlink()
    watch.whole()
    station.pool.blob(file.name).write_bytes(b"damaged as well")
    done = CliRunner().invoke(backup, ["mend", str(station.dest)])
    assert (done.exit_code, f"备份里没有完好的：files/{file.name[:2]}" in done.output) == (1, True)


def test_the_administrator_s_desk_names_the_damage(station, signed_in):
    file = next(station.home.files.glob("??/??/*"))
    file.unlink()
    watch.whole()
    client = signed_in(station.officer("党政办信息员"))
    assert file.name in client.get("/desk/").content.decode()
    shown = client.get("/desk/damages/")
    assert (shown.status_code, file.name in shown.content.decode()) == (200, True)
    assert signed_in(station.officer("党委书记")).get("/desk/damages/").status_code == 403


def test_what_was_erased_is_not_missed(station):
    file = next(station.home.files.glob("??/??/*"))
    file.unlink()
    StoredFile.objects.filter(digest=file.name).update(erased_at=clock.now())
    watch.whole()
    assert found() == set()


def test_a_log_that_lost_its_folder_is_found(station):
    shutil.rmtree(OFFICE.folder / "tile")
    watch.whole()
    assert found() == {"audit/checkpoint"}

"""From committed records to the exposed log, and what happens when a step was cut off."""

import json
import shutil

import pytest
import time_machine
from django.db import connection, transaction

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.ledger import jobs, queries
from gongkai.foundation.ledger.models import Head, PublicRecord
from gongkai.foundation.translog.checkpoint import open_checkpoint
from gongkai.foundation.translog.note import Signer, Verifier
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import verify_log

pytestmark = pytest.mark.django_db(transaction=True)


def exposed(home):
    verifier = Verifier.parse((home.log / "vkey").read_text().strip())
    return open_checkpoint((home.log / "checkpoint").read_text(), verifier)


def files(home):
    return {
        path.relative_to(home.log): path.read_bytes()
        for path in sorted(home.log.rglob("*"))
        if path.is_file()
    }


def test_records_become_entries_in_order(log_home, publish, log_pass):
    made = publish(3)
    log_pass()
    assert [record.seq for record in PublicRecord.objects.order_by("id")] == [0, 1, 2]
    store = TileStore(log_home.log)
    assert [store.entry(place) for place in range(3)] == [bytes(record.entry) for record in made]
    assert exposed(log_home).size == 3
    assert verify_log(log_home.log, (log_home.log / "vkey").read_text().strip()).ok


def test_a_clock_set_back_changes_no_order_and_no_time_that_was_told(log_home, publish, log_pass):
    with time_machine.travel("2026-11-23T04:00:00Z", tick=False):
        publish(2)
        log_pass()
    with time_machine.travel("2026-11-22T04:00:00Z", tick=False):
        publish(2)
        log_pass()
    store = TileStore(log_home.log)
    times = [json.loads(store.entry(place))["time"] for place in range(4)]
    assert [each[:10] for each in times] == ["2026-11-23", "2026-11-23", "2026-11-22", "2026-11-22"]
    assert exposed(log_home).size == 4
    assert verify_log(log_home.log, (log_home.log / "vkey").read_text().strip()).ok


def test_an_idle_pass_changes_nothing(log_home, publish, log_pass):
    publish()
    log_pass()
    before = files(log_home)
    log_pass()
    assert files(log_home) == before


@pytest.mark.parametrize("done", [1, 2, 3])
def test_a_pass_cut_off_after_any_step_is_completed(log_home, publish, lease, log_pass, done):
    publish(2)
    log_pass()
    publish(300)
    steps = (
        lambda: jobs.order(lease),
        jobs.write_tiles,
        lambda: jobs.sign(lease),
    )
    for step in steps[:done]:
        step()
    assert exposed(log_home).size == 2
    publish()
    log_pass()
    log_pass()
    assert exposed(log_home).size == 303
    assert verify_log(log_home.log, (log_home.log / "vkey").read_text().strip()).ok


def test_the_same_records_give_the_same_bytes(log_home, publish, log_pass):
    publish(5)
    log_pass()
    before = files(log_home)
    shutil.rmtree(log_home.log)
    Head.objects.update(exposed_size=0, signed_size=0, note="")
    log_pass()
    assert files(log_home) == before


def test_a_database_set_back_is_not_signed(log_home, publish, log_pass):
    publish(3)
    log_pass()
    before = Head.objects.values().get()
    publish(2)
    log_pass()
    PublicRecord.objects.filter(seq__gte=3).delete()
    Head.objects.update(**before)
    with pytest.raises(Broken, match="rolled back"):
        jobs.check_head()
    publish()
    with pytest.raises(Broken, match="rolled back"):
        log_pass()
    assert exposed(log_home).size == 5


def test_an_entry_changed_in_the_database_is_not_signed(log_home, publish, log_pass):
    publish(2)
    log_pass()
    PublicRecord.objects.filter(seq=1).update(entry=b'{"kind":"release"}')
    shutil.rmtree(log_home.log / "tile")
    publish()
    with pytest.raises(Broken):
        log_pass()
    assert exposed(log_home).size == 2


def test_another_key_is_not_used_on_this_log(log_home, publish, log_pass, settings):
    publish()
    log_pass()
    (log_home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    with pytest.raises(Broken, match="not ours"):
        jobs.check_head()


def test_an_uncommitted_record_waits(log_home, publish, log_pass):
    publish()
    with transaction.atomic():
        pass
    log_pass()
    assert queries.exposed_records().count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_ordering_costs_the_same(publish, lease, count, django_assert_num_queries):
    queries.head()
    publish(count)
    fence = connection.vendor == "postgresql"  # SQLite's lease is a file lock: no row to read
    with django_assert_num_queries(7 + fence):
        jobs.order(lease)


def test_a_proof_holds_for_a_stranger(log_home, publish, log_pass):
    record = publish(4)[2]
    assert queries.proof(record) is None
    log_pass()
    record.refresh_from_db()
    proof = queries.proof(record)
    verifier = Verifier.parse((log_home.log / "vkey").read_text().strip())
    assert proof.verify(bytes(record.entry), verifier).size == 4


def test_a_second_keeper_waits(lease):
    from gongkai.foundation.ledger.lease import Lease

    second = Lease()
    assert second.acquire() is False
    lease.release()
    assert second.acquire() is True
    second.release()


@pytest.mark.parametrize("lost", ["checkpoint", "vkey", "tile"])
def test_what_was_lost_of_the_log_is_laid_out_again(log_home, publish, log_pass, lost):
    publish(3)
    log_pass()
    before = files(log_home)
    gone = log_home.log / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    if lost == "tile":
        (log_home.log / "checkpoint").unlink()
    assert jobs.hidden() == (0 if lost == "vkey" else 3)
    log_pass()
    assert files(log_home) == before
    assert jobs.hidden() == 0


def test_a_lost_log_is_not_laid_out_from_altered_entries(log_home, publish, log_pass):
    publish(3)
    log_pass()
    PublicRecord.objects.filter(seq=1).update(entry=b'{"kind":"release"}')
    shutil.rmtree(log_home.log)
    with pytest.raises(Broken, match="root that was signed"):
        log_pass()
    assert not (log_home.log / "checkpoint").exists()


@pytest.mark.parametrize("bytes_", [b"\xff\xfe\x00", b"", b"no note"])
def test_a_checkpoint_that_is_none_stops_the_log(log_home, publish, log_pass, bytes_):
    publish()
    log_pass()
    (log_home.log / "checkpoint").write_bytes(bytes_)
    with pytest.raises(Broken, match="not ours"):
        jobs.check_head()

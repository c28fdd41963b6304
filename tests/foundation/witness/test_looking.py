"""As a witness: what is cosigned, what never is, and what is remembered first."""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from tests.foundation.witness.neighbours import Neighbour, answering

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import cosignatures
from gongkai.foundation.translog.cosigned import witness_place
from gongkai.foundation.translog.keylist import COMPROMISED, LIST
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.witness import asking, jobs, queries, workflow
from gongkai.foundation.witness.models import WatchedLog
from gongkai.foundation.witness.states import Trouble


@pytest.fixture
def watched(ours, neighbour):
    """The neighbour's log, witnessed by us and not looked at yet."""
    return workflow.watch(url=neighbour.url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")


def given(home, log):
    """What stands on our board for that log."""
    place = home.log / witness_place(log.origin)
    return place.read_text() if place.exists() else None


def test_a_log_that_grows_is_cosigned_and_the_result_stands_on_our_board(home, watched, neighbour):
    log = asking.look(watched)
    assert (log.size, log.trouble, log.root) == (3, "", neighbour.store.root(3).hex())
    assert given(home, log) is None
    jobs.publish()
    neighbour.grow(*(b"%d" % number for number in range(300)))
    log = asking.look(log)
    jobs.publish()
    note, key = given(home, log), queries.cosigner().witness
    assert note.startswith((neighbour.store.folder / "checkpoint").read_text())
    (cosignature,) = cosignatures(note, [key])
    assert cosignature.at == int(log.cosigned_at.timestamp())
    assert (log.size, key.name) == (303, "test.invalid/log/witness")


def test_signatures_of_others_are_not_passed_on(home, watched, neighbour):
    note = (neighbour.store.folder / "checkpoint").read_text()
    signed = neighbour.cosigns(note)
    (neighbour.store.folder / "checkpoint").write_text(signed)
    assert asking.look(watched).note.startswith(note + "— test.invalid/log/witness ")


def swap(neighbour):
    other = Neighbour(neighbour.folder.parent / "fork")
    other.grow(b"a", b"B", b"c", b"d", b"e")
    neighbour.store.folder.rename(neighbour.folder / "before")
    other.store.folder.rename(neighbour.store.folder)


def same_size(neighbour):
    neighbour.expose(3, root=bytes(32))


def shorter(neighbour):
    neighbour.expose(2)


def other_key(neighbour):
    neighbour.expose(3, signer=Signer.generate("other.test/log"))


def changed(neighbour):
    file = neighbour.store.folder / "checkpoint"
    file.write_text(file.read_text().replace("\n3\n", "\n4\n"))


def cut_off(neighbour):
    neighbour.grow(b"d")
    tile = neighbour.store.folder / "tile/0/000.p/4"
    tile.write_bytes(tile.read_bytes()[:-1])


def without_tile(neighbour):
    neighbour.grow(b"d")
    (neighbour.store.folder / "tile/0/000.p/4").unlink()


def other_origin(neighbour):
    text = Checkpoint("third.test/log", 3, neighbour.store.root(3)).text()
    (neighbour.store.folder / "checkpoint").write_text(neighbour.signer.sign(text))


def no_text(neighbour):
    (neighbour.store.folder / "checkpoint").write_bytes(b"\xff\xfe<html>")


def away(neighbour):
    (neighbour.store.folder / "checkpoint").unlink()


@pytest.mark.parametrize(
    ("happens", "trouble"),
    [
        (swap, Trouble.FORKED),
        (same_size, Trouble.FORKED),
        (shorter, Trouble.WENT_BACK),
        (other_key, Trouble.UNSIGNED),
        (changed, Trouble.BAD_SIGNATURE),
        (cut_off, Trouble.TILES),
        (without_tile, Trouble.TILES),
        (other_origin, Trouble.OTHER_LOG),
        (no_text, Trouble.NOTHING),
        (away, Trouble.NOTHING),
    ],
)
def test_what_is_wrong_is_named_and_never_cosigned(home, watched, neighbour, happens, trouble):
    before = asking.look(watched)
    happens(neighbour)
    log = asking.look(before)
    assert log.trouble == trouble
    assert (log.size, log.root, log.note) == (before.size, before.root, before.note)
    assert bool(log.evidence) == (trouble == Trouble.FORKED)


def test_a_key_that_the_log_announced_is_followed_and_the_one_before_no_more(watched, neighbour):
    asking.look(watched)
    before = neighbour.changes_key()
    log = asking.look(WatchedLog.objects.get())
    assert (log.size, log.trouble, log.vkey) == (4, "", neighbour.vkey)
    (followed,) = Act.objects.filter(verb="witness.follow")
    assert (followed.actor, followed.facts["old"], followed.facts["vkey"]) == (
        "system",
        before.verifier.vkey,
        neighbour.vkey,
    )
    neighbour.grow(b"d")
    neighbour.expose(5, signer=before)
    assert asking.look(log).trouble == Trouble.UNSIGNED


def test_a_key_that_was_announced_beside_the_log_is_not_followed(watched, neighbour):
    asking.look(watched)
    neighbour.changes_key()
    told, thief = (neighbour.store.folder / LIST).read_bytes(), neighbour.signer
    swap(neighbour)  # another history, in which nobody reads of the other key
    (neighbour.store.folder / LIST).write_bytes(told)
    neighbour.expose(5, signer=thief)
    log = asking.look(WatchedLog.objects.get())
    assert (log.size, log.trouble) == (3, Trouble.UNSIGNED)


def test_a_key_that_was_declared_stolen_is_refused_until_a_person_names_another(watched, neighbour):
    asking.look(watched)
    thief = neighbour.changes_key(COMPROMISED)
    stolen = asking.look(WatchedLog.objects.get())
    assert (stolen.size, stolen.trouble) == (3, Trouble.STOLEN)
    neighbour.grow(b"d")
    neighbour.expose(5, signer=thief)
    (neighbour.store.folder / LIST).unlink()  # a thief who answers in the board's place
    assert asking.look(stolen).trouble == Trouble.STOLEN
    again = workflow.watch(url=neighbour.url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")
    neighbour.expose(5)
    assert (asking.look(again).size, asking.look(again).trouble) == (5, "")


def test_what_a_thief_signs_beyond_the_declared_size_is_refused(watched, neighbour):
    asking.look(watched)
    neighbour.expose(4, signer=neighbour.changes_key(COMPROMISED))
    assert asking.look(WatchedLog.objects.get()).trouble == Trouble.STOLEN


def test_evidence_of_a_fork_stays_until_a_person_names_the_log_again(watched, neighbour):
    before = asking.look(watched)
    same_size(neighbour)
    forked = asking.look(before)
    neighbour.expose(3)
    healed = asking.look(forked)
    assert (healed.trouble, healed.evidence) == (Trouble.FORKED, forked.evidence)
    (complaint,) = queries.complaints(clock.now())
    assert complaint.grave
    assert "有两段不同的历史" in complaint.say
    again = workflow.watch(url=neighbour.url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")
    assert (again.evidence, again.size) == ("", 3)


def test_a_witness_forgets_nothing_when_it_stops_and_begins_again(home, watched, neighbour):
    workflow.unwatch(log=asking.look(watched), by=SYSTEM, organisation="qingxi")
    jobs.publish()
    assert given(home, watched) is None
    same_size(neighbour)
    again = workflow.watch(url=neighbour.url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")
    assert asking.look(again).trouble == Trouble.FORKED


def test_of_two_runs_at_once_one_cosigns_and_the_other_compares_again(watched, neighbour):
    early = asking.look(watched)
    neighbour.grow(b"d")
    late = asking.look(early)
    neighbour.expose(3)
    # The slower process still holds what it read before the other one had cosigned.
    unmoved = asking.look(early)
    assert (unmoved.size, unmoved.note) == (late.size, late.note)
    assert WatchedLog.objects.get().size == 4


def test_a_clock_that_was_set_back_cosigns_nothing(watched, neighbour, time_machine):
    log = asking.look(watched)
    time_machine.move_to(clock.now() - timedelta(hours=1))
    held = asking.look(log)
    assert (held.trouble, held.note) == (Trouble.CLOCK, log.note)


def test_killed_between_remembering_and_publishing_it_goes_on(home, watched, neighbour):
    log = asking.look(watched)  # and here it is killed: what follows is another process
    same_size(neighbour)
    assert asking.look(WatchedLog.objects.get()).trouble == Trouble.FORKED
    jobs.publish()
    assert given(home, log) == log.note


def test_an_older_database_does_not_make_it_forget_what_it_gave_away(home, watched, neighbour):
    old = asking.look(watched)
    neighbour.grow(b"d")
    new = asking.look(old)
    jobs.publish()
    WatchedLog.objects.update(size=old.size, root=old.root, note=old.note)
    jobs.publish()
    assert given(home, new) == new.note
    neighbour.expose(4, root=bytes(32))
    assert asking.look(WatchedLog.objects.get()).trouble == Trouble.FORKED


def slowly(handler):
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):  # until the other side has had enough
        for _ in range(200):
            handler.wfile.write(b"x")
            time.sleep(0.05)


def endlessly(handler):
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(b"x" * 65536)


def elsewhere(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://localhost:1/log/checkpoint")
    handler.end_headers()


def to_a_file(handler):
    handler.send_response(302)
    handler.send_header("Location", "file:///etc/passwd")
    handler.end_headers()


def broken(handler):
    handler.send_error(503)


@pytest.mark.parametrize("answer", [slowly, endlessly, elsewhere, to_a_file, broken])
def test_who_does_not_answer_properly_was_not_reached(ours, neighbour, answer, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 1.0)
    with answering(answer) as url:
        log = workflow.watch(url=url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")
        assert asking.look(log).trouble == Trouble.UNREACHABLE


@pytest.mark.parametrize("url", ["file:///etc", "ftp://a.test", "a.test", "http://u:p@a.test"])
def test_only_addresses_on_the_web_are_asked(ours, neighbour, url):
    with pytest.raises(Refused, match="网址要以"):
        workflow.watch(url=url, vkey=neighbour.vkey, by=SYSTEM, organisation="qingxi")


def test_nobody_witnesses_himself(ours, home, neighbour):
    ours()
    vkey = (home.log / "vkey").read_text().strip()
    with pytest.raises(Refused, match="本站自己的日志"):
        workflow.watch(url=neighbour.url, vkey=vkey, by=SYSTEM, organisation="qingxi")


def test_the_tick_gives_each_its_turn_and_no_more(watched, neighbour, django_assert_num_queries):
    now = clock.now()
    assert (jobs.enqueue(now), jobs.enqueue(now)) == (1, 0)
    assert jobs.enqueue(now + timedelta(minutes=9)) == 0
    assert jobs.enqueue(now + timedelta(minutes=11)) == 1
    with django_assert_num_queries(2):
        jobs.enqueue(now + timedelta(minutes=12))

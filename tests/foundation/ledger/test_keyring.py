"""A log whose key is replaced or stolen: every old checkpoint stays checkable, no thief's does."""

import json
import os
import shutil
import signal

import pytest
from django.db import connections

from gongkai.config.keys import make_next_key
from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.ledger import keyring
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.logs import OFFICE, PUBLIC
from gongkai.foundation.ledger.models import Handover
from gongkai.foundation.translog.checkpoint import Checkpoint, open_checkpoint
from gongkai.foundation.translog.keylist import (
    OUTSIDE,
    STOLEN,
    UNCONNECTED,
    Distrusted,
    KeyList,
    NoList,
)
from gongkai.foundation.translog.note import Signer, UnknownSigner, Verifier, split_note
from gongkai.foundation.translog.verify import verify_log
from gongkai.surfaces.board.crew import own_connections

pytestmark = pytest.mark.django_db(transaction=True)

WHO = ledger.Actor("member:0000000001", "党政办主任")


class Keys:
    """The keys of one log, and every checkpoint that was ever exposed."""

    def __init__(self, home, log, run) -> None:
        self.home, self.log, self._run = home, log, run
        self.notes: dict[int, str] = {}

    def change(self, kind, *, new="", old="", size=0):
        if kind != keyring.RETIRED:
            make_next_key(self.home, self.log.place, self.log.origin)
            new = self.home.public_key(f"{self.log.place}.next.key")
        ledger.change_key(
            log=self.log,
            change=kind,
            old=old or self.log.vkey,
            new=new,
            size=size,
            actor=WHO,
            organisation="qingxi",
            why="例行更换",
        )

    def retire(self):
        self.change(keyring.RETIRED, old=self.home.public_key(f"{self.log.place}.old.key"))

    def run(self) -> str:
        self._run()
        note = self.log.checkpoint.read_text()
        self.notes[int(note.split("\n")[1])] = note
        return note

    def list(self) -> KeyList:
        return KeyList.decode((self.log.folder / "keys.json").read_bytes())


@pytest.fixture(params=["log", "audit"])
def keys(request, log_home, publish, act, log_pass, office_pass):
    """Three entries under the first key."""
    log = PUBLIC if request.param == "log" else OFFICE
    made = Keys(log_home, log, log_pass if log is PUBLIC else office_pass)
    made.more = lambda: publish(1, f"{len(made.notes):010}") if log is PUBLIC else act()
    for _ in range(3):
        made.more()
    made.run()
    return made


def signed_by(note: str, *vkeys: str) -> bool:
    """Whether ``note`` is signed by exactly these keys, in this order."""
    verifiers = [Verifier.parse(each) for each in vkeys]
    signatures = split_note(note)[1]
    for each in verifiers:
        open_checkpoint(note, each)
    return [signature[:4] for _, signature in signatures] == [each.key_id for each in verifiers]


def distrusted(listed: KeyList, note: str, trusted: str) -> str:
    with pytest.raises(Distrusted) as refused:
        listed.accept(note, trusted)
    return refused.value.why


def test_a_rotation_is_announced_under_both_keys_and_then_ends(keys):
    first = keys.log.vkey
    keys.change(keyring.ROTATED)
    both = keys.run()
    second = keys.log.vkey
    assert second != first
    assert signed_by(both, first, second)
    assert (keys.log.folder / "vkey").read_text().strip() == second
    keys.more()
    assert signed_by(keys.run(), first, second)
    keys.retire()
    last = keys.run()
    assert signed_by(last, second)
    assert not keys.log.key_file("old").exists()
    spans = [(each.vkey, each.since, each.until, each.bad) for each in keys.list().keys]
    seq, size = int(both.split("\n")[1]) - 1, int(last.split("\n")[1])
    assert spans == [(first, 0, size - 1, False), (second, seq + 1, None, False)]
    for note in keys.notes.values():
        for trusted in (first, second):
            assert keys.list().accept(note, trusted).checkpoint.root
    assert verify_log(keys.log.folder, second).ok
    with pytest.raises(UnknownSigner):
        open_checkpoint(last, Verifier.parse(first))


def test_twice_replaced_the_first_key_still_leads_to_the_last(keys):
    first = keys.log.vkey
    for _ in range(2):
        keys.change(keyring.ROTATED)
        keys.run()
        keys.retire()
        keys.run()
    last = keys.run()
    listed = keys.list()
    assert len(listed.keys) == 3
    assert listed.accept(last, first).key.vkey == keys.log.vkey
    assert listed.accept(keys.notes[3], keys.log.vkey).key.vkey == first
    assert distrusted(listed, last, Signer.generate(keys.log.origin).verifier.vkey) == UNCONNECTED


def test_one_change_at_a_time(keys):
    keys.change(keyring.ROTATED)
    with pytest.raises(Refused, match="还没有写进日志"):
        keys.change(keyring.ROTATED)
    keys.run()
    with pytest.raises(Refused, match=f"gongkai keys retire {keys.log.place}"):
        keys.change(keyring.COMPROMISED, size=3)
    keys.retire()
    keys.run()
    with pytest.raises(Refused, match="没有等着停用的旧密钥"):
        keys.change(keyring.RETIRED, old=keys.log.vkey)
    with pytest.raises(Refused, match="不能写99"):
        keys.change(keyring.COMPROMISED, size=99)


def test_a_stolen_key_is_believed_up_to_the_size_that_was_declared_and_leads_nowhere(keys):
    first = keys.log.vkey
    thief = keyring.logs.signer(keys.log.key_file())
    keys.more()
    late = keys.run()
    keys.change(keyring.COMPROMISED, size=3)
    now = keys.run()
    second, listed = keys.log.vkey, keys.list()
    assert signed_by(now, second)
    assert thief.skey not in "".join(file.read_text() for file in keys.home.keys.iterdir())
    assert listed.accept(keys.notes[3], second).key.bad
    assert listed.accept(now, second).key.vkey == second
    forged = thief.sign(Checkpoint(keys.log.origin, 9, b"9" * 32).text())
    for note in (late, forged):
        assert distrusted(listed, note, second) == STOLEN
        assert distrusted(listed, note, first) == STOLEN
    # Who trusts only the stolen key is led nowhere: the thief could have announced a key as well.
    assert distrusted(listed, now, first) == UNCONNECTED
    # Our own keeper still knows what was signed before, and goes on.
    keys.more()
    assert signed_by(keys.run(), second)
    assert verify_log(keys.log.folder, second).ok


def test_a_forged_list_leads_nowhere(keys):
    first = keys.log.vkey
    keys.change(keyring.ROTATED)
    keys.run()
    keys.retire()
    last = keys.run()
    sound = json.loads((keys.log.folder / "keys.json").read_text())
    thief = Signer.generate(keys.log.origin).verifier.vkey

    def forged(change) -> KeyList:
        value = json.loads(json.dumps(sound))
        change(value["keys"])
        return KeyList.parse(value)

    for change in (
        lambda keys: keys[1].update(vkey=thief),
        lambda keys: keys[1].update(since=0),
        lambda keys: keys[1].update(link=None),
        lambda keys: keys[0].update(vkey=thief),
        lambda keys: keys[1]["link"].update(
            {"act" if "act" in keys[1]["link"] else "body": '{"verb":"key.rotate"}'}
        ),
    ):
        with pytest.raises((Distrusted, UnknownSigner)):
            forged(change).accept(last, first)
    assert distrusted(forged(lambda keys: keys[1].update(until=1)), last, first) == OUTSIDE
    for data in (b"", b"[]", b'{"format":"gongkai-keys/1"}', canonical.encode({**sound, "x": 1})):
        with pytest.raises(NoList):
            KeyList.decode(data)


def test_a_key_that_the_log_never_announced_signs_nothing(keys):
    keys.change(keyring.ROTATED)
    keys.run()
    keys.retire()
    keys.run()
    strange = Signer.generate(keys.log.origin)
    keys.log.key_file().write_text(strange.skey)
    keys.more()
    with pytest.raises(Broken):
        keys.run()


@pytest.mark.parametrize("keys", ["log"], indirect=True)
def test_killed_at_any_moment_a_change_of_keys_is_completed(keys):
    first, deaths = keys.log.vkey, 0
    for step in range(1, 60):
        keys.change(keyring.ROTATED)
        second = keys.home.public_key(f"{keys.log.place}.next.key")
        connections.close_all()
        child = os.fork()
        if not child:
            try:
                own_connections()
                die_at(step)
                keys.run()
            finally:
                os._exit(0)
        died = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        deaths += died
        assert signed_by(keys.run(), first, second)
        assert (keys.log.vkey, keys.home.public_key(f"{keys.log.place}.old.key")) == (second, first)
        assert Handover.objects.filter(log=keys.log.name).count() == step
        keys.retire()
        keys.run()
        assert keys.list().keys[-1].link
        first = second
        if not died:
            break
    assert deaths > 5


def die_at(step: int) -> None:
    """From now on this process dies at its ``step``-th write to the disk."""
    left, durable, replaced = [step], os.fsync, os.replace

    def once(do):
        def done(*given, **more):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return do(*given, **more)

        return done

    os.fsync, os.replace, os.link = once(durable), once(replaced), once(os.link)


def test_lost_files_are_written_anew(keys):
    keys.change(keyring.ROTATED)
    keys.run()
    keys.retire()
    keys.run()
    before = (keys.log.folder / "keys.json").read_bytes()
    shutil.rmtree(keys.log.folder)
    keys.log.folder.mkdir()
    keys.more()
    keys.run()
    assert (keys.log.folder / "keys.json").read_bytes() == before

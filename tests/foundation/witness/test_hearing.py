"""Being witnessed: what is kept and shown, and how a lie is told."""

from datetime import timedelta

import pytest
from django.conf import settings
from tests.foundation.witness.neighbours import Neighbour

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.translog import cosigned
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner, cosignatures
from gongkai.foundation.translog.note import Signer
from gongkai.foundation.witness import asking, jobs, queries, workflow
from gongkai.foundation.witness.models import Cosigned, TrustedWitness
from gongkai.foundation.witness.states import Trouble


def trust(neighbour):
    return workflow.trust(
        url=neighbour.url,
        vkey=neighbour.cosigner.verifier.vkey,
        own=queries.cosigner().witness,
        by=SYSTEM,
        organisation="qingxi",
    )


@pytest.fixture
def witness(ours, neighbour):
    """The neighbour, trusted as a witness of our log of two entries; it has signed nothing yet."""
    ours(2)
    return trust(neighbour)


def reader(home):
    def read(path):
        file = home.log / path
        return file.read_bytes() if file.exists() else None

    return read


def told(home):
    return canonical.decode((home.log / "witnesses.json").read_bytes())["witnesses"]


def test_the_first_moment_of_each_size_is_kept_and_the_newest_shown(
    home, ours, witness, neighbour, time_machine
):
    notes, moments = {}, [clock.now() + timedelta(minutes=10 * step) for step in range(4)]
    for moment, more in zip(moments, (0, 0, 1, 256), strict=True):
        time_machine.move_to(moment, tick=False)
        note = ours(more)
        signed = neighbour.cosigns(note)
        heard = asking.hear(TrustedWitness.objects.get())
        jobs.publish()
        assert (heard.trouble, heard.note) == ("", signed)
        assert (home.log / "cosigned/checkpoint").read_text() == signed
        notes.setdefault(heard.size, signed)
    assert sorted(notes) == [2, 3, 259]
    read = reader(home)
    found = [cosigned.earliest(read, index, 259) for index in (0, 1, 2, 3, 256, 258)]
    assert found == [notes[2]] * 2 + [notes[3]] + [notes[259]] * 3
    assert cosigned.unpacked((home.log / "cosigned/000").read_bytes()) == [notes[2], notes[3]]
    key = neighbour.cosigner.witness
    assert cosignatures(found[0], [key])[0].at == int(moments[0].timestamp())
    assert told(home) == [
        {
            "conflict": False,
            "name": "other.test/log/witness",
            "size": 259,
            "time": clock.stamp(moments[3]),
            "trouble": "",
            "url": neighbour.url,
            "vkey": key.vkey,
        }
    ]


def test_two_witnesses_stand_on_one_checkpoint(home, ours, witness, neighbour, tmp_path):
    note = ours(0)
    second = Neighbour(neighbour.folder, "third.test/log")
    second.url = neighbour.url
    for each in (neighbour, second):
        each.cosigns(note)
        asking.hear(trust(each))
    jobs.publish()
    keys = [each.cosigner.witness for each in (neighbour, second)]
    both = (home.log / "cosigned/checkpoint").read_text()
    assert [each.witness for each in cosignatures(both, keys)] == [each.name for each in keys]
    assert cosigned.unpacked((home.log / "cosigned/000").read_bytes()) == [both]
    workflow.distrust(
        witness=TrustedWitness.objects.get(name=keys[0].name), by=SYSTEM, organisation="qingxi"
    )
    jobs.publish()
    (left,) = cosigned.unpacked((home.log / "cosigned/000").read_bytes())
    assert [each.witness for each in cosignatures(left, keys)] == [keys[1].name]
    assert [each["name"] for each in told(home)] == [keys[1].name]


def our_text(size, root):
    return Checkpoint(settings.LOG_ORIGIN, size, root).text()


def never_ours(home, neighbour, note):
    false = Signer.generate(settings.LOG_ORIGIN).sign(our_text(2, bytes(32)))
    neighbour.cosigns(false)


def two_histories(home, neighbour, note):
    neighbour.cosigns(Signer.parse(settings.HOME.secret("log.key")).sign(our_text(2, bytes(32))))


def longer_than_we(home, neighbour, note):
    neighbour.cosigns(Signer.parse(settings.HOME.secret("log.key")).sign(our_text(9, bytes(32))))


def another_log(home, neighbour, note):
    place = home.log.parent.parent / "other"
    neighbour.cosigns((neighbour.store.folder / "checkpoint").read_text())
    theirs = next((neighbour.folder / "log/witness").rglob("checkpoint"))
    neighbour.cosigns(note)
    ours = next(
        file for file in (neighbour.folder / "log/witness").rglob("checkpoint") if file != theirs
    )
    theirs.replace(ours)
    assert not place.exists()


def another_key(home, neighbour, note):
    neighbour.cosigns(note, by=Cosigner.generate("other.test/log/witness"))


def spoilt(home, neighbour, note):
    signed = neighbour.cosigns(note)
    file = next((neighbour.folder / "log/witness").rglob("checkpoint"))
    file.write_text(signed.replace("\n2\n", "\n3\n"))


def of_tomorrow(home, neighbour, note):
    neighbour.cosigns(note, (clock.now() + timedelta(days=1)).timestamp())


def of_yesterday(home, neighbour, note):
    neighbour.cosigns(note, (clock.now() - timedelta(days=1)).timestamp())


def nothing_there(home, neighbour, note):
    """The witness has not got round to us yet."""


@pytest.mark.parametrize(
    ("happens", "trouble"),
    [
        (never_ours, Trouble.FALSE),
        (two_histories, Trouble.FORKED),
        (longer_than_we, Trouble.FORKED),
        (another_log, Trouble.OTHER_LOG),
        (another_key, Trouble.UNSIGNED),
        (spoilt, Trouble.BAD_SIGNATURE),
        (of_tomorrow, Trouble.CLOCK),
        (of_yesterday, Trouble.CLOCK),
        (nothing_there, Trouble.NOTHING),
    ],
)
def test_what_does_not_fit_is_told_and_never_shown(
    home, ours, witness, neighbour, happens, trouble
):
    happens(home, neighbour, ours(0))
    heard = asking.hear(witness)
    jobs.publish()
    assert (heard.trouble, heard.note, Cosigned.objects.count()) == (trouble, "", 0)
    assert not (home.log / "cosigned").exists()
    grave = trouble in (Trouble.FALSE, Trouble.FORKED)
    assert (bool(heard.evidence), told(home)[0]["conflict"]) == (grave, grave)
    assert [each.grave for each in queries.complaints(clock.now())] == [True] * grave
    (lasting,) = queries.complaints(clock.now() + timedelta(hours=25))
    assert str(trouble.label) in lasting.say


def test_who_signs_less_than_before_is_told_and_changes_nothing(home, ours, witness, neighbour):
    old = ours(0)
    neighbour.cosigns(ours(1))
    before = asking.hear(witness)
    neighbour.cosigns(old)
    after = asking.hear(before)
    assert (after.trouble, after.note) == (Trouble.WENT_BACK, before.note)


def test_nobody_trusts_himself_and_a_log_s_key_is_no_witness_s(ours, neighbour):
    own = queries.cosigner().witness
    for vkey, says in ((own.vkey, "本站自己的联署公钥"), (neighbour.vkey, "不是联署人的公钥")):
        with pytest.raises(Refused, match=says):
            workflow.trust(url=neighbour.url, vkey=vkey, own=own, by=SYSTEM, organisation="qingxi")

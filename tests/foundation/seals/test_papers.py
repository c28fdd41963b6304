"""From a paper to a filed one, whatever cuts in; and what is said of it to whoever holds one."""

import hashlib
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.foundation.seals.conftest import AT, WORDS
from tests.foundation.seals.test_workflow import BY

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.seals import certificates, judging, keys, papers, signing, workflow
from gongkai.foundation.seals import queries as seals
from gongkai.foundation.seals.examining import examine
from gongkai.foundation.seals.models import Certificate, Sealing
from gongkai.foundation.seals.states import Verdict

NOT_LEGAL = "这能证明内容没有被改动，不等同于法律意义上的电子公章。"


@pytest.fixture
def file(qingxi, paper):
    """The paper, filed under a name."""

    def file(of="sheet-1"):
        return papers.file(paper, of=of, subject="ABCDEFGHJK", label="通知", organisation=qingxi)

    return file


@pytest.fixture
def judge(tmp_path):
    """What is said of these bytes; looked at here, which is quicker than by a child."""
    place = tmp_path / "held.pdf"

    def judge(data):
        place.write_bytes(data)
        return judging.of(examine(place, seals.known()), "Asia/Shanghai")

    return judge


def kept(stored):
    with storage.open(stored.digest) as opened:
        return opened.read()


def forged(paper, certificate, at=AT):
    """The paper sealed with the organisation's own key, behind the office's back."""
    key = keys.find("qingxi", certificate.certificate)
    sealer = certificates.Sealer(certificate.certificate, tuple(certificate.chain), key)
    return signing.sealed(paper, sealer, at=at, words=WORDS).data


def test_the_first_paper_has_the_first_certificate_made(file, judge, qingxi, time_machine):
    time_machine.move_to(AT, tick=False)
    stored = file()
    sealing, certificate = Sealing.objects.get(), seals.standing(qingxi)
    assert (sealing.digest, sealing.certificate, sealing.at) == (stored.digest, certificate, AT)
    assert (sealing.stamped, sealing.trouble) == (False, "")
    act = Act.objects.get(verb="seal.paper")
    assert (act.subject, act.facts["digest"]) == ("ABCDEFGHJK", stored.digest)
    assert act.facts["certificate"] == certificate.fingerprint
    judgement = judge(kept(stored))
    assert (judgement.verdict, judgement.good) == (Verdict.SEALED, True)
    assert judgement.sentences == (
        "“中共青溪镇委员会”于2026年11月26日9:02盖的签章，盖章以后一个字节也没有改动。",
        f"证书指纹：{certificates.spoken(certificate.fingerprint)}",
        NOT_LEGAL,
    )


def test_twice_is_once(file):
    assert file() == file()
    assert (StoredFile.objects.count(), Act.objects.filter(verb="seal.paper").count()) == (1, 1)


def test_cut_off_before_the_note_leaves_nothing(file, monkeypatch):
    def cut_off(**given):
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(workflow, "note", cut_off)
        with pytest.raises(OSError, match="killed"):
            file()
    assert (StoredFile.objects.count(), Sealing.objects.count()) == (0, 0)


def test_on_a_full_disk_the_note_stands_and_the_next_try_files_it(file, monkeypatch):
    def full(incoming):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "place", full)
        with pytest.raises(OSError, match="No space"):
            file()
    assert (StoredFile.objects.count(), Sealing.objects.count()) == (0, 1)
    stored = file()
    assert Sealing.objects.get().digest == stored.digest


def test_cut_off_after_the_file_was_placed_takes_that_file(file):
    stored = file()
    StoredFile.objects.filter(pk=stored.pk).delete()
    assert file().digest == stored.digest
    assert Act.objects.filter(verb="seal.paper").count() == 1


def test_without_a_certificate_in_force_it_is_filed_unsealed(
    file, judge, qingxi, paper, time_machine
):
    first = workflow.make(organisation=qingxi, by=BY, first=True)
    time_machine.move_to(first.not_after)
    assert kept(file("sheet-1")) == paper
    workflow.revoke(certificate=first, since=first.since, reason="失密", by=BY)
    assert kept(file("sheet-2")) == paper
    troubles = list(Sealing.objects.order_by("of").values_list("trouble", flat=True))
    assert troubles == ["签章证书已经到期", "没有在用的签章证书"]
    assert not Act.objects.filter(verb="seal.paper").exists()
    assert judge(paper).verdict == Verdict.NONE


def test_a_lost_key_stops_the_sealing_loudly(file, home):
    file()
    for key in home.keys.glob("seal-qingxi.*"):
        key.unlink()
    with pytest.raises(Broken, match=r"keys/seal-qingxi\.key"):
        file("sheet-2")
    assert seals.sealing_of("sheet-2") is None


def test_a_token_out_of_reach_lets_the_paper_wait(file, qingxi, sealer, settings):
    brought = certificates.in_token((sealer.certificate + sealer.chain[0]).encode())
    workflow.bring(organisation=qingxi, sealer=brought, label="公章", by=BY)
    with pytest.raises(papers.Later, match="SEAL_TOKEN_MODULE is not set"):
        file()
    settings.SEAL_TOKEN_MODULE = "/nowhere/module.so"
    with pytest.raises(papers.Later):
        file()
    assert Sealing.objects.count() == 0


def test_what_was_sealed_before_a_rotation_stays_good(file, judge, qingxi):
    before = kept(file("sheet-1"))
    workflow.make(organisation=qingxi, by=BY, first=False)
    after = kept(file("sheet-2"))
    assert [judge(each).verdict for each in (before, after)] == [Verdict.SEALED] * 2
    assert Sealing.objects.values("certificate").distinct().count() == 2


def test_after_a_revocation_the_log_decides(file, judge, qingxi, time_machine, paper):
    """Filed before the day: still good. Filed after it, or never filed: not to be believed."""
    time_machine.move_to("2026-11-20T02:00:00Z", tick=False)
    before = kept(file("sheet-1"))
    time_machine.move_to("2026-11-24T02:00:00Z", tick=False)
    after = kept(file("sheet-2"))
    certificate = seals.standing(qingxi)
    stolen = forged(paper, certificate, at=clock.now() - timedelta(days=6))
    time_machine.move_to("2026-11-26T02:00:00Z", tick=False)
    since = clock.now() - timedelta(days=3)
    workflow.revoke(certificate=certificate, since=since, reason="失密", by=BY)
    mark = certificates.spoken(certificate.fingerprint)
    gone = f"这张证书（指纹 {mark}）已经声明从2026年11月23日10:00起作废。"
    assert judge(before).verdict == Verdict.SEALED
    assert judge(before).sentences[2:4] == (
        gone,
        "这一份是在那以前盖的，本站的日志里有当时的记录，照样作准。",
    )
    assert judge(after).verdict == Verdict.REVOKED
    assert judge(after).sentences == (gone, "这一份是在那以后盖的，不能作准。")
    assert judge(stolen).verdict == Verdict.UNFILED
    assert judge(stolen).sentences[1] == gone


def test_what_the_office_never_sealed_is_not_its_own(file, judge, qingxi, paper):
    """A stolen key seals well; the register does not know the paper."""
    file()
    made = forged(paper, seals.standing(qingxi))
    assert judge(made).verdict == Verdict.UNFILED
    assert judge(made).sentences == (
        "签章对得上，但是本站没有盖过这一份的记录：有人改动过签章不管的字节，或者盗用了密钥。",
        "不能作准。请告诉本站，也请告诉监督的人。",
    )


def test_a_byte_that_no_signature_covers_is_told_by_the_register(file, judge):
    """The list of digests before the signature: no reader minds what stands there."""
    data = kept(file())
    spot = data.index(b"608648016503040201", data.rindex(b"/Contents <")) + 17
    changed = data[:spot] + b"3" + data[spot + 1 :]
    assert judge(changed).verdict == Verdict.UNFILED


def test_a_seal_after_the_certificates_end_is_said(file, judge, qingxi):
    stored = file()
    ended = Sealing.objects.get().at
    Certificate.objects.update(not_after=ended)
    assert judge(kept(stored)).verdict == Verdict.EXPIRED


def test_each_other_finding_has_its_sentence(file, judge, paper, stranger):
    data = kept(file())
    foreign = signing.sealed(paper, stranger, at=AT, words=WORDS).data
    mark = hashlib.sha256(
        certificates.read(stranger.certificate).public_bytes(Encoding.DER)
    ).hexdigest()
    said = {
        data + b"%more": "盖章以后有人在文件后面添加了5个字节的内容，看到的可能不是盖章时的样子。",
        data.replace(b"/Count 5", b"/Count 4"): "文件和签章对不上：盖章以后被改动过，"
        "或者下载、转存时损坏了。不能作准。",
        foreign: f"签章不是本站的证书盖的（证书名称“中共青溪镇委员会”，指纹 {mark[:16].upper()}）。"
        "本站不能证明它。",
        paper: "这个 PDF 里没有签章。它可能是打印或者另存出来的，签章只在原来的文件里。",
        b"": "文件是空的。请看是不是下载完整了。",
        b"\x89PNG": "这不是 PDF 文件。请选盖过章的 PDF。",
    }
    assert [judge(each).sentences[0] for each in said] == list(said.values())


def test_a_child_looks_at_what_strangers_hand_in(file, tmp_path, monkeypatch):
    place = tmp_path / "held.pdf"
    place.write_bytes(kept(file()))
    assert judging.judged(place, "Asia/Shanghai").verdict == Verdict.SEALED
    monkeypatch.setattr(judging, "SECONDS", 0)
    assert judging.judged(place, "Asia/Shanghai").verdict == Verdict.FAILED

"""Certificates come into use, follow each other and are revoked; everybody is told in the log."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.foundation.seals.conftest import sealer_of

from gongkai.config import wrapping
from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals import certificates, jobs, keys, queries, workflow
from gongkai.foundation.seals.models import Authority, Certificate
from gongkai.foundation.seals.states import Origin, Standing

BY = Actor("member:1", "党政办主任")


@pytest.fixture(autouse=True)
def committed(django_capture_on_commit_callbacks, monkeypatch):
    """What follows a commit, done at the end of each verb."""

    def done(verb):
        def call(**given):
            with django_capture_on_commit_callbacks(execute=True):
                return verb(**given)

        return call

    for name in ("make", "bring", "revoke"):
        monkeypatch.setattr(workflow, name, done(getattr(workflow, name)))


@pytest.fixture
def made(qingxi, committed):
    """The first certificate."""
    return workflow.make(organisation=qingxi, by=BY, first=True)


def obstacles(call, **given):
    with pytest.raises(Refused) as refusal:
        call(**given)
    return refusal.value.obstacles


def files(home):
    return sorted(each.name for each in home.keys.glob("seal-*"))


def test_the_first_certificate_is_by_our_own_authority(qingxi, made, home):
    (authority,) = Authority.objects.all()
    leaf = certificates.read(made.certificate)
    leaf.verify_directly_issued_by(certificates.read(authority.certificate))
    assert made.chain == [authority.certificate]
    assert (made.origin, made.standing(clock.now())) == (Origin.MADE, Standing.IN_USE)
    assert files(home) == ["seal-authority.key", "seal-qingxi.key"]
    assert certificates.belongs(keys.find("qingxi", made.certificate), made.certificate)
    assert obstacles(workflow.make, organisation=qingxi, by=BY, first=True) == [
        "已经有在用的证书。要换一张，请运行 gongkai seal certificate rotate。"
    ]


def test_everybody_is_told(made):
    record, act = PublicRecord.objects.get(kind="certificate"), Act.objects.get()
    told = json.loads(record.body)
    assert (record.subject, record.audience) == ("certificate:qingxi", ["public"])
    assert (told["change"], told["post"], told["name"]) == ("first", BY.label, "中共青溪镇委员会")
    assert told["fingerprint"] == certificates.fingerprint(told["certificate"])
    assert "PRIVATE" not in record.body
    assert (act.verb, act.facts["fingerprint"]) == ("certificate.first", made.fingerprint)


def test_another_follows_and_the_one_before_stays_known(qingxi, made, home):
    later = workflow.make(organisation=qingxi, by=BY, first=False, reason="例行更换")
    made.refresh_from_db()
    assert (made.until, made.standing(clock.now())) == (later.since, Standing.REPLACED)
    assert Authority.objects.count() == 1
    assert files(home) == ["seal-authority.key", "seal-qingxi.key"]
    with pytest.raises(Broken, match="not the key of the certificate"):
        keys.find("qingxi", made.certificate)
    assert certificates.belongs(keys.find("qingxi", later.certificate), later.certificate)
    assert queries.known().sealing == {made.fingerprint, later.fingerprint}
    assert json.loads(PublicRecord.objects.get(version=2).body)["reason"] == "例行更换"


def test_each_organisation_has_its_own_leaf_below_one_authority(qingxi, made, home):
    shiqiao = Organisation.objects.create(slug="shiqiao", name="石桥村村民委员会")
    other = workflow.make(organisation=shiqiao, by=BY, first=True)
    assert other.chain == made.chain
    assert files(home) == ["seal-authority.key", "seal-qingxi.key", "seal-shiqiao.key"]


def test_keys_are_encrypted_where_all_are(qingxi, home, monkeypatch):
    monkeypatch.setenv("KEYS_PASSPHRASE", "十二个字以上的口令 1234")
    wrapping.seal(home.keys, "十二个字以上的口令 1234")
    made = workflow.make(organisation=qingxi, by=BY, first=True)
    assert b"PRIVATE" not in b"".join(each.read_bytes() for each in home.keys.glob("seal-*"))
    assert certificates.belongs(keys.find("qingxi", made.certificate), made.certificate)


def test_a_change_that_was_cut_off_before_its_row_changes_nothing(qingxi, made, monkeypatch):
    def cut_off(*args):
        raise OSError("no space left")

    monkeypatch.setattr(workflow, "_announce", cut_off)
    with pytest.raises(OSError, match="no space"):
        workflow.make(organisation=qingxi, by=BY, first=False)
    monkeypatch.undo()
    assert queries.standing(qingxi) == made
    assert certificates.belongs(keys.find("qingxi", made.certificate), made.certificate)
    later = workflow.make(organisation=qingxi, by=BY, first=False)
    assert certificates.belongs(keys.find("qingxi", later.certificate), later.certificate)


def test_a_change_that_was_cut_off_after_its_row_is_settled_later(qingxi, made, home, monkeypatch):
    with monkeypatch.context() as cut_off:
        cut_off.setattr(keys, "settle", lambda *args: None)
        later = workflow.make(organisation=qingxi, by=BY, first=False)
    assert files(home) == ["seal-authority.key", "seal-qingxi.key", "seal-qingxi.next.key"]
    assert certificates.belongs(keys.find("qingxi", later.certificate), later.certificate)
    last = workflow.make(organisation=qingxi, by=BY, first=False)
    assert files(home) == ["seal-authority.key", "seal-qingxi.key"]
    assert certificates.belongs(keys.find("qingxi", last.certificate), last.certificate)


def test_a_certificate_from_elsewhere_follows(qingxi, made, sealer, stranger):
    brought = sealer_of("中共青溪镇委员会")
    later = workflow.bring(organisation=qingxi, sealer=brought, label="", by=BY)
    assert (later.origin, later.chain) == (Origin.IMPORTED, list(brought.chain))
    assert keys.find("qingxi", later.certificate) == brought.key.strip()
    assert obstacles(workflow.bring, organisation=qingxi, sealer=brought, label="", by=BY) == [
        "这张证书已经登记过，不能再导入一次。"
    ]


def test_one_whose_key_is_in_a_token_leaves_no_key_here(qingxi, made, home, sealer):
    later = workflow.bring(
        organisation=qingxi, sealer=certificates.in_token(sealer.certificate.encode()),
        label="公章", by=BY,
    )  # fmt: skip
    assert (later.origin, later.label) == (Origin.TOKEN, "公章")
    assert files(home) == ["seal-authority.key"]


def test_one_out_of_force_is_refused(qingxi, time_machine, sealer):
    time_machine.move_to("2036-11-26T00:00:00Z")
    assert obstacles(workflow.bring, organisation=qingxi, sealer=sealer, label="", by=BY) == [
        "这张证书已经到期。请换一张。"
    ]
    time_machine.move_to("2016-11-26T00:00:00Z")
    assert obstacles(workflow.bring, organisation=qingxi, sealer=sealer, label="", by=BY) == [
        "这张证书还没有生效。请到它生效以后再导入。"
    ]


def test_a_revoked_one_seals_no_more_and_says_why(qingxi, made, home):
    since = clock.now() - timedelta(days=3)
    wanted = {"certificate": made, "by": BY}
    assert obstacles(workflow.revoke, since=since, reason=" ", **wanted) == [
        "请写明作废的理由，理由会公开。"
    ]
    tomorrow = clock.now() + timedelta(days=1)
    assert obstacles(workflow.revoke, since=tomorrow, reason="失密", **wanted) == [
        "作废的时间不能在以后。请写失密的时间，说不准的就写得早一点。"
    ]
    revoked = workflow.revoke(since=since, reason="服务器被人进入过", **wanted)
    assert (revoked.revoked_from, revoked.standing(clock.now())) == (since, Standing.REVOKED)
    assert queries.standing(qingxi) is None
    assert files(home) == ["seal-authority.key"]
    told = json.loads(PublicRecord.objects.get(version=2).body)
    assert (told["change"], told["from"]) == ("revoked", clock.stamp(since))
    assert obstacles(workflow.revoke, since=since, reason="又一次", **wanted) == [
        "这张证书已经作废，从更早的时候算起。"
    ]
    earlier = workflow.revoke(since=since - timedelta(days=1), reason="更早", **wanted)
    assert earlier.revoked_from == since - timedelta(days=1)
    assert workflow.make(organisation=qingxi, by=BY, first=True).until is None


def test_revoking_one_that_was_replaced_leaves_the_key_in_use(qingxi, made):
    later = workflow.make(organisation=qingxi, by=BY, first=False)
    workflow.revoke(certificate=made, since=made.since, reason="旧备份被盗", by=BY)
    assert certificates.belongs(keys.find("qingxi", later.certificate), later.certificate)


def test_the_database_knows_one_certificate_in_use(qingxi, made):
    twin = Certificate.objects.get(pk=made.pk)
    twin.pk, twin.fingerprint = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    made.revoked_from = clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_one_made_here_is_followed_before_it_ends(qingxi, made, time_machine):
    assert jobs.requeue(clock.now()) == 0
    time_machine.move_to(made.not_after - timedelta(days=59))
    assert [jobs.requeue(clock.now()) for _ in range(2)] == [1, 0]
    jobs.renew.call()
    jobs.renew.call()
    assert Certificate.objects.filter(organisation=qingxi).count() == 2
    assert queries.standing(qingxi).not_after > made.not_after


def test_one_that_was_brought_is_left_to_whoever_brought_it(qingxi, sealer, time_machine):
    time_machine.move_to("2026-11-26T02:00:00Z")
    workflow.bring(organisation=qingxi, sealer=sealer, label="", by=BY)
    time_machine.move_to("2029-11-01T00:00:00Z")
    assert jobs.requeue(clock.now()) == 0

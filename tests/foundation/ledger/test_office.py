"""The office log: every act is an entry, and what was done to the table by SQL is named."""

import importlib
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import transaction

from gongkai.foundation.core import canonical
from gongkai.foundation.ledger import acts, jobs, queries
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.commands import audit
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.ledger.models import Act, Head, PublicRecord
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.verify import verify_log

pytestmark = pytest.mark.django_db

SOUND = "办公日志完好：3条，与数据库一致。"


def verify():
    return CliRunner().invoke(audit, ["verify"])


def said(result):
    return result.output.splitlines()[-1]


@pytest.fixture
def three(act, office_pass):
    """Three acts in the office log."""
    made = [act(), act(verb="case.answer", facts={"outcome": "adopted"}), act(verb="review.seal")]
    office_pass()
    return made


def test_an_act_is_an_entry_that_hides_its_words(log_home, act, office_pass):
    made = act()
    office_pass()
    written = TileStore(log_home.audit).entry(0)
    made.refresh_from_db()
    entry = canonical.decode(written)
    assert entry == {
        "actor": "member:0000000001",
        "facts": canonical.digest(b'{"draft":1}'),
        "id": made.pk,
        "organisation": "qingxi",
        "outcome": "",
        "post": "组织干事",
        "request": made.request,
        "subject": "7K3QX0M2ZD",
        "time": made.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "verb": "draft.drop",
        "words": canonical.digest(
            bytes(made.salt)
            + canonical.encode({"facts": {"text": "写错了"}, "label": "关于水利设施的决定"})
        ),
    }
    assert "写错了".encode() not in written


def test_the_office_log_is_a_log_of_its_own(log_home, three, publish, log_pass, settings):
    publish(2)
    log_pass()
    assert (queries.head().exposed_size, queries.head("office").exposed_size) == (2, 3)
    assert (log_home.audit / "checkpoint").read_text().startswith(f"{settings.LOG_ORIGIN}/office\n")
    assert log_home.audit.stat().st_mode & 0o777 == 0o700
    assert not log_home.audit.is_relative_to(log_home.board)
    assert verify_log(log_home.audit, OFFICE.vkey).ok
    assert SOUND in verify().output


def test_the_check_is_remembered(three):
    verify()
    head = queries.head("office")
    assert (head.verified_size, head.verified_faults, head.verified_at is None) == (3, 0, False)
    Act.objects.filter(seq=1).delete()
    verify()
    assert queries.head("office").verified_faults == 1


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "时间"),
        ({"verb": "review.pass"}, "操作"),
        ({"organisation": "elsewhere"}, "单位"),
        ({"actor": "member:0000000002"}, "成员代号"),
        ({"actor_label": "党委书记"}, "岗位"),
        ({"subject": "0000000000"}, "对象"),
        ({"subject_label": "另一件"}, "标题或者理由"),
        ({"facts": {"outcome": "adopted", "text": "另一个理由"}}, "标题或者理由"),
        ({"facts": {"outcome": "refused"}}, "事实"),
        ({"outcome": "refused"}, "结果"),
        ({"request": "another"}, "请求号"),
        ({"salt": bytes(32)}, "标题或者理由"),
        ({"words": "0" * 64}, "标题或者理由"),
        ({"id": 10_000}, "编号"),
    ],
)
def test_a_changed_column_is_named(three, altered, field):
    Act.objects.filter(pk=three[1].pk).update(**altered)
    result = verify()
    assert result.exit_code == 1
    assert said(result) == (
        f"序号1（编号{three[1].pk}，组织干事，case.answer）：“{field}”被改动过。"
    )


def test_a_removed_row_is_named_by_what_the_log_knows_of_it(three):
    Act.objects.filter(pk=three[2].pk).delete()
    result = verify()
    assert (result.exit_code, said(result)) == (
        1,
        f"序号2（编号{three[2].pk}，组织干事，review.seal）：数据库里没有这条操作，被删掉了。",
    )


def test_an_inserted_row_is_named(three, act):
    with transaction.atomic():
        slipped_in = act()
    Act.objects.filter(pk=slipped_in.pk).update(seq=7)
    assert said(verify()).endswith("：日志里没有这条操作，是插进来的。")


def test_a_backdated_row_is_named_though_the_keeper_took_it_in(three, act, office_pass):
    late = act()
    Act.objects.filter(pk=late.pk).update(at=late.at - timedelta(days=1))
    office_pass()
    result = verify()
    assert result.exit_code == 1
    assert "是补插的，或者时钟被往回拨过。" in said(result)


def test_exchanged_places_are_named(three):
    Act.objects.filter(pk=three[0].pk).update(seq=100)
    Act.objects.filter(pk=three[1].pk).update(seq=0)
    Act.objects.filter(pk=three[0].pk).update(seq=1)
    result = verify()
    assert result.exit_code == 1
    assert result.output.count("“编号”被改动过") == 2


def test_an_erasure_leaves_the_log_verifiable(log_home, three, act, office_pass):
    with transaction.atomic():
        ledger.erase(subject="7K3QX0M2ZD", kinds=["release"], at=three[0].at)
    act(verb=acts.ERASING, label="", facts={})
    assert said(verify()) == "另有1条操作还没有进日志，这次没有核对。"
    office_pass()
    assert said(verify()) == "办公日志完好：4条，与数据库一致。"
    # The entries can be made anew even now.
    before = (log_home.audit / "tile/entries/000.p/4").read_bytes()
    shutil.rmtree(log_home.audit)
    office_pass()
    assert (log_home.audit / "tile/entries/000.p/4").read_bytes() == before


def test_words_that_vanish_without_an_erasure_are_named(three):
    Act.objects.filter(pk=three[1].pk).update(salt=b"", subject_label="")
    result = verify()
    assert result.exit_code == 1
    assert said(result).endswith("：文字没有了，却没有人清除过。")


def test_an_erased_act_that_got_words_again_is_named(three, act):
    with transaction.atomic():
        ledger.erase(subject="7K3QX0M2ZD", kinds=["release"], at=three[0].at)
    act(verb=acts.ERASING, label="", facts={})
    Act.objects.filter(pk=three[0].pk).update(subject_label="新编的标题")
    assert "“标题或者理由”被改动过。" in verify().output


def test_damaged_files_are_named(log_home, three):
    bundle = log_home.audit / "tile/entries/000.p/3"
    bundle.write_bytes(bundle.read_bytes()[:-1])
    result = verify()
    assert result.exit_code == 1
    assert "文件tile/entries/000.p/3不完整，最后一条记录被截断。" in result.output


def test_a_log_rewritten_since_a_kept_checkpoint_is_found(log_home, three, act, office_pass):
    kept = log_home.path / "kept"
    kept.write_text((log_home.audit / "checkpoint").read_text())
    act()
    office_pass()

    def asked():
        return said(CliRunner().invoke(audit, ["verify", "--earlier", str(kept)]))

    assert asked() == "办公日志完好：4条，与数据库一致。"
    Head.objects.filter(name="office").delete()
    shutil.rmtree(log_home.audit)
    Act.objects.filter(seq__gt=1).delete()
    Act.objects.update(seq=None)
    office_pass()
    assert said(verify()) == "办公日志完好：2条，与数据库一致。"
    assert asked() == "留下的检查点有3条，现在的日志只有2条：日志被截短了。"
    act(), act()
    office_pass()
    assert asked() == "日志的前3条不是留下检查点时的那些：历史被改写过。"
    kept.write_text("no checkpoint")
    assert asked().endswith("不是这个日志签过的检查点。")


def test_nothing_logged_yet_is_no_proof(log_home):
    result = verify()
    assert (result.exit_code, "办公日志里还没有操作" in result.output) == (1, True)


def test_a_broken_office_log_is_told_once_and_stops_nothing(log_home, lease, three, act, caplog):
    Act.objects.filter(pk=three[0].pk).update(verb="review.pass")
    shutil.rmtree(log_home.audit)
    act()
    for _ in range(2):
        Act.objects.filter(seq=None).update(at=three[0].at - timedelta(minutes=1))
        jobs.keep_office(lease)
    assert not (log_home.audit / "checkpoint").exists()
    told = [line.getMessage() for line in caplog.records if line.levelname == "CRITICAL"]
    assert len(told) == 1
    assert "tiles on disk do not give the root" in told[0]


def test_acts_gather_before_a_pass(lease, act):
    made = act()
    jobs.keep_office(lease)
    assert queries.unlogged() == 1
    Act.objects.filter(pk=made.pk).update(at=made.at - jobs.GATHERED)
    jobs.keep_office(lease)
    assert (queries.unlogged(), queries.head("office").exposed_size) == (0, 1)


def test_a_pass_cut_off_is_completed(log_home, lease, act, office_pass):
    act()
    jobs.order(lease, OFFICE)
    jobs.keep_office(lease)
    assert queries.head("office").exposed_size == 1
    (log_home.audit / "checkpoint").unlink()
    jobs.keep_office(lease)
    assert verify_log(log_home.audit, OFFICE.vkey).ok


def test_an_office_log_set_back_is_not_signed(three, act, office_pass):
    before = Head.objects.filter(name="office").values().get()
    act()
    office_pass()
    Head.objects.filter(name="office").update(**before)
    with pytest.raises(jobs.RolledBack):
        jobs.check_head(OFFICE)


def test_acts_of_before_the_office_log_get_salt_and_place(three, office_pass):
    Head.objects.filter(name="office").delete()
    shutil.rmtree(OFFICE.folder)
    Act.objects.update(seq=None, salt=b"", words="", outcome="")
    migration = importlib.import_module(
        "gongkai.foundation.ledger.migrations.0003_salt_earlier_acts"
    )
    migration.PORTION = 2
    migration.salt(apps, None)
    office_pass()
    assert said(verify()) == SOUND
    assert list(Act.objects.order_by("seq").values_list("pk", "outcome")) == [
        (three[0].pk, ""),
        (three[1].pk, "adopted"),
        (three[2].pk, ""),
    ]


def test_what_has_no_canonical_form_fails_in_the_verb(act):
    with pytest.raises(TypeError):
        act(facts={"share": 0.5})
    assert Act.objects.count() == 0


def test_memory_and_queries_do_not_grow_with_the_log(act, office_pass, django_assert_num_queries):
    from gongkai.foundation.ledger.audit import altered_acts

    for _ in range(3):
        act()
    office_pass()
    with django_assert_num_queries(2):
        assert list(altered_acts(3, 3)) == []


def test_a_members_release_says_nothing_and_proves_its_date(log_home, publish, log_pass):
    """Two identical ones differ; no byte of the folder tells what they are; the salt shows it."""
    with transaction.atomic():
        made = [
            ledger.record(
                verb="release.open",
                actor=ledger.SYSTEM,
                organisation="qingxi",
                subject=subject,
                label="某同志的处分",
                opens=ledger.Opening("release", subject, {"party"}, {"title": "某同志的处分"}),
            )
            for subject in ("7K3QX0M2ZD", "8K3QX0M2ZD")
        ]
    log_pass()
    files = b"".join(path.read_bytes() for path in log_home.log.rglob("*") if path.is_file())
    for told in ("某同志的处分", "party", "qingxi", "7K3QX0M2ZD", "8K3QX0M2ZD", made[0].digest):
        assert told.encode() not in files
    assert bytes(made[0].salt) not in files
    first, second = (canonical.decode(bytes(record.entry)) for record in made)
    assert (first["kind"], first["time"]) == (second["kind"], second["time"])
    assert first["commitment"] != second["commitment"]
    # Once it is open to the public, the salt in the proof ties the item to that entry and date.
    record = PublicRecord.objects.get(pk=made[0].pk)
    proof = queries.proof(record)
    assert first["commitment"] == ledger.commitment(
        proof.extra,
        subject="7K3QX0M2ZD",
        version=1,
        organisation="qingxi",
        audience=["party"],
        digest=canonical.digest(record.body.encode()),
    )

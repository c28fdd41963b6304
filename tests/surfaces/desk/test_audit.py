"""The auditor's page: who may, how it narrows, that no page costs more, and the file it gives."""

import csv
import io
import shutil
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.foundation.core import clock
from gongkai.foundation.ledger import jobs, queries
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.ledger.acts import entry
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.translog.merkle import leaf_hash
from gongkai.foundation.translog.note import Signer
from gongkai.surfaces.desk import auditing, sentences

pytestmark = pytest.mark.django_db

AUDITOR = "纪委书记"
PAGE = "/desk/audit/"


def record(verb="draft.drop", label="某件", who="组织干事", key="0000000001", **facts):
    with transaction.atomic():
        ledger.record(
            verb=verb,
            actor=ledger.Actor(f"member:{key}", who),
            organisation="qingxi",
            subject="7K3QX0M2ZD",
            label=label,
            facts=facts,
        )
    return Act.objects.latest("id")


def logged(home, settings):
    """The office log brought up to date."""
    office = f"{settings.LOG_ORIGIN}/office"
    (home.keys / "audit.key").write_text(Signer.generate(office).skey)
    lease = Lease()
    assert lease.acquire()
    jobs.order(lease, OFFICE)
    jobs.write_tiles(OFFICE)
    jobs.sign(lease, OFFICE)
    jobs.expose(lease, OFFICE)
    lease.release()


def said(answer):
    return [row.said for row in answer.context["rows"]]


def exported(answer):
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_every_verb_has_a_name():
    verbs = {key.partition(" ")[0] for key in sentences.SENTENCES}
    assert verbs == set(auditing.ACTS)


def test_only_who_supervises_may_look(at):
    assert at(AUDITOR).get(PAGE).status_code == 200
    assert b"/desk/audit/" in at(AUDITOR).get("/desk/").content
    for page in (PAGE, f"{PAGE}acts.csv"):
        assert at("组织干事").get(page).status_code == 403
    assert b"/desk/audit/" not in at("组织干事").get("/desk/").content


def test_the_acts_are_narrowed(at, qingxi):
    old = record(text="写错了")
    Act.objects.filter(pk=old.pk).update(at=old.at - timedelta(days=40))
    record("case.answer", outcome="adopted", case="B1", who="党政办主任", key="0000000002")
    record("review.pass", stage="办公室", who="党政办主任", key="0000000002")
    client = at(AUDITOR)

    def found(**asked):
        return [row.said.partition("（")[0] for row in client.get(PAGE, asked).context["rows"]]

    passed, answered = "党政办主任通过“办公室”，意见是", "党政办主任写了意见B1的答复"
    dropped = "组织干事放弃了这份草稿，理由是"
    mine = {"subject": "7K3QX0M2ZD"}
    assert found(**mine) == [passed, answered, dropped]
    assert found(post="党政办主任", **mine) == [passed, answered]
    assert found(member="0000000001") == [dropped]
    assert found(verb="case.answer") == [answered]
    assert found(outcome="adopted") == [answered]
    day = clock.civil_day(old.at - timedelta(days=39), qingxi.zone).isoformat()
    assert found(until=day, **mine) == [dropped]
    assert found(since=day, **mine) == [passed, answered]
    assert found(post="没有的岗位", **mine) == [passed, answered, dropped]
    page = client.get(PAGE, {"verb": "draft.drop"})
    assert "写错了" in page.content.decode()
    assert client.get(PAGE, {"since": "昨天"}).context["form"].errors["since"]


def test_another_organisations_acts_are_not_shown(at):
    act = record()
    Act.objects.filter(pk=act.pk).update(organisation="elsewhere")
    client = at(AUDITOR)
    assert said(client.get(PAGE, {"subject": "7K3QX0M2ZD"})) == []
    assert client.get(PAGE, {"after": str(act.pk)}).status_code == 404
    assert client.get(PAGE, {"after": "x"}).status_code == 404


def test_an_item_is_found_by_its_number_and_masked(at, walk):
    item = walk("关于水渠的决定").opened()
    client = at(AUDITOR)
    item.disclosure.refresh_from_db()
    by_number = client.get(PAGE, {"subject": item.disclosure.number})
    assert said(by_number) == said(client.get(PAGE, {"subject": item.address}))
    assert len(by_number.context["rows"]) > 5
    record(label="身份证110101199003074610的申请", text="身份证110101199003074610")
    assert "110101199003074610" not in client.get(PAGE).content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(at, monkeypatch):
    monkeypatch.setattr(auditing, "PAGE", 2)
    made = [record(text=str(number)) for number in range(5)]
    Act.objects.filter(pk__in=[act.pk for act in made[1:4]]).update(at=made[1].at)
    client, asked, quotes = at(AUDITOR), {"verb": "draft.drop"}, []
    while asked:
        answer = client.get(PAGE, asked)
        quotes += [row.quote for row in answer.context["rows"]]
        older = answer.context["older"]
        asked = older and {"verb": "draft.drop", "after": str(older)}
    assert quotes == ["4", "3", "2", "1", "0"]


def test_a_page_costs_the_same_at_one_act_and_at_three(at):
    client, counts = at(AUDITOR), []
    client.get(PAGE)
    for _ in range(3):
        record()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_the_file_holds_index_and_hash_and_no_formula(at, home, settings, monkeypatch):
    monkeypatch.setattr(auditing, "EXPORTED_AT_ONCE", 1)
    record(label="=HYPERLINK(1)", text="＋1", verb="review.return", post="党委书记")
    record(label="平常的", text="话")
    logged(home, settings)
    record(label="还没进的")
    answer = at(AUDITOR).get(f"{PAGE}acts.csv", {"subject": "7K3QX0M2ZD"})
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    heading, waiting, second, first = exported(answer)
    assert heading[:3] == ["日志序号", "记录哈希", "编号"]
    assert waiting[:2] == ["", ""]
    row = Act.objects.get(subject_label="平常的")
    assert second[:3] == [str(row.seq), leaf_hash(entry(row)).hex(), str(row.pk)]
    assert leaf_hash(OFFICE.store.entry(row.seq)).hex() == second[1]
    assert (first[10], first[12]) == ("'＋1", "'=HYPERLINK(1)")


def test_the_page_says_how_far_the_log_vouches(at, home, settings):
    record()
    logged(home, settings)
    client = at(AUDITOR)
    assert "还没有核对过" in client.get(PAGE).content.decode()
    size = queries.head("office").exposed_size
    ledger.note_check("office", size=size, faults=0)
    sound = client.get(PAGE).content.decode()
    assert f"逐条核对到第{size}条，与办公日志一致。" in sound
    assert f"{settings.LOG_ORIGIN}/office" in sound
    ledger.note_check("office", size=size, faults=2)
    assert "有2处与办公日志不符" in client.get(PAGE).content.decode()
    shutil.rmtree(home.audit)
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({}, "acts_by_time"),
        ({"post": "组织干事"}, "acts_by_post"),
        ({"member": "member:0000000001"}, "acts_by_member"),
        ({"verb": "draft.drop"}, "acts_by_verb"),
        ({"subject": "7K3QX0M2ZD"}, "acts_by_subject"),
        ({"outcome": "adopted"}, "acts_by_outcome"),
    ],
)
def test_each_filter_walks_its_index(narrowed, index):
    act = record()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # on one row, any plan is good
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for after in (None, act):
        plan = queries.acts(queries.Wanted("qingxi", **narrowed), after)[:51].explain()
        # PostgreSQL knows that one row can be had by any index; SQLite never looks.
        assert (index if connection.vendor == "sqlite" else "Index Scan") in plan, plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan

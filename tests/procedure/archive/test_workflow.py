"""Filing: every open thing is named; the 档号 is dense in its series; the 件 proves itself."""

import io
import json
import shutil
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from tests.foundation.files import made
from tests.procedure.editions import (
    HOUR,
    MEMBERS,
    MONDAY,
    PUBLIC,
    disclosure_of,
    opened,
    planned,
    sealed,
    stored,
    verbs,
)
from tests.procedure.feedback.test_workflow import received, settled

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.proof import Proof
from gongkai.procedure.archive import folders, jobs, queries, rules, workflow
from gongkai.procedure.archive.models import Filing, Supplement
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.feedback.models import Case, Topic
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication import assemblies, hanging
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Posting
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.publication.posting_rules import Held

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(who):
    return who("党政办主任")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


def filed(disclosure, office):
    return workflow.file(disclosure=disclosure, officer=office)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def paths(folder):
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


# -- what must be over -----------------------------------------------------------------------------


def test_every_open_thing_is_named_at_once(township, who, office):
    item = disclosure_of(township)
    edition = sealed(item)
    opened(edition, MEMBERS)
    publication.schedule(
        edition=edition, officer=office, steps=[Step(PUBLIC, opens_at=MONDAY + 24 * HOUR)]
    )
    received(township, item)
    feedback.assign(
        case=received(township, item)[0],
        officer=office,
        post=who("财政所长").posts[0],
    )
    publication.correct(disclosure=item, officer=who("组织干事"), note="改。", privacy=False)
    with pytest.raises(Refused) as refusal:
        workflow.file(disclosure=item, officer=who("组织干事"))
    assert refusal.value.obstacles == [
        "“归档”要由党政办主任来办。",
        "还有一步没有公开，定在2026年11月24日9:40。请等它公开，或者取消安排。",
        "有一份更正还在办。请先办完，或者放弃那一份。",
        "意见2026-1还没有分办。",
        "意见2026-2还没有答复，由财政所长在办。",
    ]
    assert Filing.objects.count() == 0


def test_what_was_never_open_is_not_filed(township, office):
    item = disclosure_of(township)
    sealed(item)
    with pytest.raises(Refused) as refusal:
        filed(item, office)
    assert refusal.value.obstacles == ["还没有公开，不能归档。"]


def test_a_correction_must_open_before(township, who, office):
    item = disclosure_of(township)
    opened(sealed(item))
    draft = publication.correct(
        disclosure=item, officer=who("组织干事"), note="改。", privacy=False
    )
    sealed(item, draft=draft)
    with pytest.raises(Refused) as refusal:
        filed(item, office)
    assert refusal.value.obstacles == ["更正后的版本还没有公开。请先安排公开。"]


def notice(item, draft=None):
    """A sealed 公示 of ``item``, for the public alone."""
    edition = sealed(item, draft=draft, plan=planned(PUBLIC), kind="notice")
    Draft.objects.filter(pk=edition.review.draft_id).update(kind="notice")
    return edition


@pytest.mark.parametrize("many", [1, 3])
def test_notices_that_stand_cost_the_same_for_one_and_three(
    many, township, office, monday, django_assert_num_queries
):
    for _ in range(many):
        opened(notice(disclosure_of(township, code="ZZ-08")))
    queries.standing(township)
    with django_assert_num_queries(2):
        assert len(queries.standing(township)) == many


@pytest.mark.parametrize(
    "migration",
    ["publication.migrations.0003_mark_what_waits", "archive.migrations.0002_mark_what_is_filed"],
)
def test_an_upgrade_marks_as_the_verbs_do(migration, township, office):
    sealed(disclosure_of(township))
    item = disclosure_of(township)
    opened(sealed(item))
    filed(item, office)
    marks = list(Disclosure.objects.order_by("pk").values_list("waits", "filed"))
    assert marks == [(True, False), (False, True)]
    mark = "waits" if "waits" in migration else "filed"
    Disclosure.objects.update(**{mark: False})
    import_module(f"gongkai.procedure.{migration}").mark(apps, None)
    assert list(Disclosure.objects.order_by("pk").values_list("waits", "filed")) == marks


def test_a_notice_is_not_filed_before_its_period_is_over(township, office, monday):
    item = disclosure_of(township, code="ZZ-08")
    opened(notice(item))
    for day in (MONDAY, MONDAY + 4 * 24 * HOUR):
        monday.move_to(day)
        with pytest.raises(Refused) as refusal:
            filed(item, office)
        assert refusal.value.obstacles == ["公示期到2026年11月27日为止。请从第二天起再归档。"]
        assert queries.waiting_for(office) == []
    monday.move_to(MONDAY + 5 * 24 * HOUR)
    assert queries.waiting_for(office) == [item]
    assert filed(item, office).post == "党政办主任"


def test_a_call_for_comment_is_not_filed_before_the_public_has_had_its_days(
    township, office, monday
):
    item = disclosure_of(township, code="JC-07")
    edition = sealed(item)
    opened(edition, MEMBERS)
    monday.move_to(MONDAY + 5 * 24 * HOUR)
    opened(edition, PUBLIC)  # members had seven days, the public has fifteen from today
    with pytest.raises(Refused) as refusal:
        filed(item, office)
    assert refusal.value.obstacles == ["征求意见到2026年12月13日为止。请从第二天起再归档。"]
    monday.move_to(MONDAY + 21 * 24 * HOUR)
    assert filed(item, office).post == "党政办主任"


def test_a_corrected_notice_begins_anew_and_a_withdrawn_one_is_over(township, who, office, monday):
    item = disclosure_of(township, code="ZZ-08")
    opened(notice(item))
    draft = publication.correct(
        disclosure=item, officer=who("组织干事"), note="改。", privacy=False
    )
    monday.move_to(MONDAY + 7 * 24 * HOUR)
    opened(notice(item, draft=draft))
    with pytest.raises(Refused) as refusal:
        filed(item, office)
    assert refusal.value.obstacles == ["公示期到2026年12月4日为止。请从第二天起再归档。"]
    publication.withdraw(disclosure=item, officer=who("党委副书记"), reason="名单有误。")
    assert filed(item, office).post == "党政办主任"


def test_the_file_number_follows_the_charter_and_is_dense(township, office):
    numbers = []
    for code in ("JC-05", "JC-05", "BZ-02"):
        item = disclosure_of(township, code=code)
        opened(sealed(item, plan=planned(MEMBERS)))
        numbers.append(filed(item, office).file_number)
    assert numbers == [
        "Z109-WS·2026-Y-BGS-0001",
        "Z109-WS·2026-Y-BGS-0002",
        "Z109-WS·2026-D30-BGS-0001",
    ]


def test_a_thing_is_filed_once(township, office):
    item = disclosure_of(township)
    opened(sealed(item))
    filed(item, office)
    with pytest.raises(Refused) as refusal:
        filed(item, office)
    assert refusal.value.obstacles == ["已经归档，档号Z109-WS·2026-Y-BGS-0001。"]
    assert verbs(item.address)[-1] == "disclosure.file"
    record = PublicRecord.objects.get(kind="filing")
    assert (record.audience, json.loads(record.body)["file_number"]) == (
        ["org:qingxi", "public"],
        "Z109-WS·2026-Y-BGS-0001",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_what_can_be_filed_takes_three_queries(township, office, count, django_assert_num_queries):
    ready = []
    for _each in range(count):
        item = disclosure_of(township)
        opened(sealed(item))
        ready.append(item)
    received(township, disclosure_of(township, title="没有公开"))
    with django_assert_num_queries(3):
        assert queries.waiting_for(office) == ready


# -- the 件 ----------------------------------------------------------------------------------------


@pytest.fixture
def full(township, who, log, home):
    """An item with an attachment, a correction and an answered voice, all of it exposed."""
    item = disclosure_of(township)
    first = sealed(item, files=[stored(home)])
    opened(first)
    draft = publication.correct(
        disclosure=item, officer=who("组织干事"), note="金额写错了。", privacy=False
    )
    opened(sealed(item, draft=draft, note="金额写错了。"))
    contact = {"name": "石桥村民", "tel": "13900001234"}
    case, _code = received(township, item, text="打13900001234告诉我。", contact=contact)
    settled(case, who)
    log()
    return item


def test_the_folder_holds_everything_and_proves_it(full, office, log, home):
    filing = filed(full, office)
    log()
    assert jobs.write_filings(clock.now()) == 1
    folder = home.archive / "2026" / "Z109-WS.2026-Y-BGS-0001"
    assert paths(folder) == [
        "attachments/01-附件1.pdf",
        "edition.json",
        "editions/1/edition.json",
        "editions/1/text.html",
        "feedback.json",
        "manifest.json",
        "proof/answer-1.json",
        "proof/answer-1.tlog-proof",
        "proof/filing-1.json",
        "proof/filing-1.tlog-proof",
        *(
            f"proof/release-{version}.{ending}"
            for version in (1, 2, 3, 4)
            for ending in ("json", "tlog-proof")
        ),
        "proof/vkey",
        "readme.txt",
        "review.json",
        "text.html",
    ]
    filing.refresh_from_db()
    written = (folder / "manifest.json").read_bytes()
    assert filing.manifest == canonical.digest(written)
    for listed in manifest(folder)["files"]:
        data = (folder / listed["path"]).read_bytes()
        assert (listed["sha256"], listed["size"]) == (canonical.digest(data), len(data))


def test_the_readme_says_where_the_digest_is_and_how_long_the_file_is_kept(township, office, log):
    item = disclosure_of(township, code="BZ-02")
    edition = sealed(item, plan=planned(MEMBERS))
    opened(edition)
    filing = filed(item, office)
    log()
    jobs.write_filings(clock.now())
    folder = folders.folder_of(filing)
    readme = (folder / "readme.txt").read_text("utf-8").splitlines()
    assert "保管期限　30年（D30）" in readme
    assert [line for line in readme if line.startswith("edition.json")] == [
        "edition.json　 封存的原始数据，一个字节也没有改动；"
        "它的摘要写在 text.html 的末尾和 proof 的 release 记录里"
    ]
    assert f"<dd>{edition.digest}</dd>" in (folder / "text.html").read_text("utf-8")
    record = json.loads((folder / "proof" / "release-1.json").read_text("utf-8"))
    assert record["digest"] == edition.digest


def test_a_stranger_verifies_the_proof_with_the_folder_alone(full, office, log, home):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    proofs = folders.folder_of(filing) / "proof"
    verifier = Verifier.parse((proofs / "vkey").read_text().strip())
    record = json.loads((proofs / "release-4.json").read_text("utf-8"))
    proof = Proof.parse((proofs / "release-4.tlog-proof").read_text())
    proof.verify(record["entry"].encode(), verifier)
    edition = (folders.folder_of(filing) / "edition.json").read_bytes()
    assert canonical.digest(edition) == record["digest"]
    covered = {name: record[name] for name in ("audience", "digest", "organisation", "subject")}
    salted = bytes.fromhex(record["salt"]) + canonical.encode(
        {**covered, "version": record["version"]}
    )
    assert json.loads(record["entry"])["commitment"] == canonical.digest(salted)


def test_the_voice_is_kept_without_contact_data(full, office, log):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    folder = folders.folder_of(filing)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"13900001234" not in everything
    assert "石桥村民".encode() not in everything
    [case] = json.loads((folder / "feedback.json").read_text("utf-8"))["cases"]
    assert case["text"] == "打139****1234告诉我。"
    assert [answer["approved_by"] for answer in case["answers"]] == ["党委副书记"]


def test_files_of_a_voice_are_kept_where_nobody_can_be_reached_by_them(
    full, township, who, office, log, home
):
    def sent(data, name, **known):
        file = stored(home, data)
        StoredFile.objects.filter(pk=file.pk).update(**known)
        return file, name

    case, _code = received(
        township,
        full,
        files=[
            sent(b"photo", "水渠13900001234.jpg", media_type="image/jpeg", extension="jpg"),
            sent(b"told", "电话.pdf", text="打13900001234", readable=True),
            sent(b"mute", "扫描.pdf", readable=False),
        ],
    )
    letter, _code = received(township, full, kind="opinion", files=[sent(b"letter", "信.pdf")])
    Case.objects.filter(pk=letter.pk).update(kind="letter", state="withdrawn")
    settled(case, who)
    log()
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    folder = folders.folder_of(filing)
    kept = f"feedback/{case.number}/01-水渠139____1234.jpg"
    assert [each for each in paths(folder) if each.startswith("feedback/")] == [kept]
    assert (folder / kept).read_bytes() == b"photo"
    told = json.loads((folder / "feedback.json").read_text("utf-8"))["cases"]
    files = [file for each in told for file in each.get("files", ())]
    assert [(each["name"], each.get("left_out", each.get("path"))) for each in files] == [
        ("水渠139****1234.jpg", kept),
        ("电话.pdf", "personal"),
        ("扫描.pdf", "unread"),
        ("信.pdf", "paper"),
    ]


def test_the_topic_that_an_item_was_begun_from_is_answered_first_and_kept(
    full, township, who, office, log
):
    topic, _code = received(township, kind="topic", text="支渠什么时候修？")
    Topic.objects.filter(case=topic).update(became=full)
    assert queries.to_file(township).count() == 0
    assert rules.file_obstacles(full, office) == [f"意见{topic.number}还没有分办。"]
    settled(topic, who)
    log()
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    told = json.loads((folders.folder_of(filing) / "feedback.json").read_text("utf-8"))
    assert told["cases"][-1]["text"] == "支渠什么时候修？"


def test_the_review_record_names_posts_and_opinions(full, office, log):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    rounds = json.loads((folders.folder_of(filing) / "review.json").read_text("utf-8"))["rounds"]
    assert [each["opinions"][0]["text"] for each in rounds] == ["内容属实，同意公开。"] * 2
    assert [each["seal"]["edition"] for each in rounds] == [1, 2]


def test_the_folder_waits_for_the_log(full, office, log):
    filing = filed(full, office)
    assert jobs.write_filings(clock.now()) == 0
    assert not folders.folder_of(filing).exists()
    log()
    assert jobs.write_filings(clock.now()) == 1
    assert jobs.write_filings(clock.now()) == 0


@pytest.mark.parametrize("when", ["while writing", "before the rename", "after the rename"])
def test_a_pass_cut_off_anywhere_is_completed(full, office, log, monkeypatch, when):
    filing = filed(full, office)
    log()
    place = {
        "while writing": (folders, "_copy"),
        "before the rename": (folders, "_folders"),
        "after the rename": (workflow, "note_written"),
    }[when]

    def killed(*_args, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(*place, killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.write_filings(clock.now())
    monkeypatch.undo()
    assert jobs.write_filings(clock.now()) == 1
    filing.refresh_from_db()
    folder = folders.folder_of(filing)
    assert filing.manifest == canonical.digest((folder / "manifest.json").read_bytes())
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


def test_somebody_elses_folder_is_not_overwritten(full, office, log):
    filing = filed(full, office)
    log()
    folder = folders.folder_of(filing)
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    assert jobs.write_filings(clock.now()) == 0
    assert paths(folder) == ["mine.txt"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Z109-WS·2026-Y-BGS-0001", "Z109-WS.2026-Y-BGS-0001"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("名单\x00:一?", "名单__一_"),
        ("长" * 100, "长" * 50),
        ("...", "_"),
    ],
)
def test_names_are_safe(name, kept):
    assert folders.safe(name) == kept


# -- afterwards ------------------------------------------------------------------------------------


def test_a_later_answer_is_a_dated_supplement(full, township, who, office, log, monday):
    filing = filed(full, office)
    case, _code = received(township, full, text="还有一件事。")
    log()
    jobs.write_filings(clock.now())
    monday.shift(48 * HOUR)
    settled(case, who)
    assert jobs.write_supplements(clock.now()) == 0
    log()
    assert jobs.write_supplements(clock.now()) == 1
    assert jobs.write_supplements(clock.now()) == 0
    folder = folders.folder_of(filing) / "supplement-1-2026-11-25"
    assert paths(folder) == [
        "feedback.json",
        "manifest.json",
        "proof/answer-2.json",
        "proof/answer-2.tlog-proof",
        "proof/vkey",
        "readme.txt",
    ]
    assert json.loads((folder / "feedback.json").read_text("utf-8"))["number"] == case.number
    assert Act.objects.get(verb="filing.supplement").facts == {
        "number": filing.file_number,
        "supplement": 1,
        "case": case.number,
    }


def test_an_answer_not_to_be_shown_is_kept_too(full, township, who, office, log, monday):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    monday.shift(HOUR)
    settled(received(township, full, show=False)[0], who)
    assert jobs.write_supplements(clock.now()) == 1
    folder = folders.folder_of(filing) / "supplement-1-2026-11-23"
    assert paths(folder) == ["feedback.json", "manifest.json", "readme.txt"]


def test_a_reopened_case_is_supplemented_again(full, township, who, office, log, monday):
    filed(full, office)
    case, code = received(township, full)
    log()
    jobs.write_filings(clock.now())
    monday.shift(HOUR)
    settled(case, who)
    settled(feedback.reopen(case=case, receipt=code, text="还没有修好。"), who)
    log()
    assert jobs.write_supplements(clock.now()) == 2
    assert [each.number for each in Supplement.objects.order_by("pk")] == [1, 2]


def test_a_late_correction_and_a_withdrawal_are_supplements(full, who, office, log, monday):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    monday.shift(HOUR)
    draft = publication.correct(
        disclosure=full, officer=who("组织干事"), note="又改。", privacy=False
    )
    opened(sealed(full, draft=draft, plan=planned(PUBLIC)))
    publication.withdraw(disclosure=full, officer=who("党委副书记"), reason="有误。")
    log()
    assert jobs.write_supplements(clock.now()) == 2
    inside = folders.folder_of(filing)
    assert paths(inside / "supplement-1-2026-11-23")[:2] == [
        "attachments/01-附件1.pdf",
        "edition.json",
    ] or "edition.json" in paths(inside / "supplement-1-2026-11-23")
    assert "proof/withdrawal-1.json" in paths(inside / "supplement-2-2026-11-23")


def test_after_long_downtime_no_answer_is_forgotten(full, township, who, office, log, monday):
    filed(full, office)
    log()
    jobs.write_filings(clock.now())
    jobs.write_supplements(clock.now())
    monday.shift(HOUR)
    settled(received(township, full)[0], who)
    log()
    monday.shift(24 * 60 * HOUR)
    assert jobs.write_supplements(clock.now()) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_an_idle_pass_costs_the_same(
    township, office, log, monday, count, django_assert_num_queries
):
    for _each in range(count):
        item = disclosure_of(township)
        opened(sealed(item))
        filed(item, office)
    log()
    jobs.write_filings(clock.now())
    jobs.write_supplements(clock.now())
    with django_assert_num_queries(8):
        jobs.write_filings(clock.now())
        jobs.write_supplements(clock.now())
        jobs.remove_erased(clock.now())


# -- erasure ---------------------------------------------------------------------------------------


def erased(item, who):
    erasure = publication.ask_erasure(disclosure=item, officer=who("党委书记"), reason="裁定。")
    publication.confirm_erasure(erasure=erasure, officer=who("纪委书记"))


def test_the_copy_of_an_erased_item_is_destroyed(full, township, who, office, log, monday):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    monday.shift(HOUR)
    settled(received(township, full)[0], who)
    log()
    jobs.write_supplements(clock.now())
    erased(full, who)
    assert jobs.remove_erased(clock.now()) == 1
    assert jobs.remove_erased(clock.now()) == 0
    folder = folders.folder_of(filing)
    assert paths(folder) == ["manifest.json", "readme.txt"]
    assert "水利" not in (folder / "readme.txt").read_text("utf-8")
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]
    filing.refresh_from_db()
    assert (bool(filing.erased_at), filing.title) == (True, "")


def test_an_erased_item_is_never_written(full, who, office, log):
    filing = filed(full, office)
    erased(full, who)
    log()
    assert jobs.write_filings(clock.now()) == 0
    assert jobs.remove_erased(clock.now()) == 1
    assert paths(folders.folder_of(filing)) == ["manifest.json", "readme.txt"]


def test_destroying_a_copy_repeats_after_a_crash(full, who, office, log, monkeypatch):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    erased(full, who)
    real = folders._remove

    def killed(folder):
        if folder.name.endswith(".gone") and folder.exists():
            raise KeyboardInterrupt
        real(folder)

    monkeypatch.setattr(folders, "_remove", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.remove_erased(clock.now())
    monkeypatch.undo()
    assert jobs.remove_erased(clock.now()) == 1
    assert [each.name for each in folders.folder_of(filing).parent.iterdir()] == [
        folders.folder_of(filing).name
    ]


def test_a_destroyed_copy_that_a_restore_brought_back_is_destroyed_again(full, who, office, log):
    filing = filed(full, office)
    log()
    jobs.write_filings(clock.now())
    folder = folders.folder_of(filing)
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    erased(full, who)
    jobs.remove_erased(clock.now())
    assert jobs.repeat_removals() == 0
    shutil.rmtree(folder)
    copy.rename(folder)
    assert jobs.repeat_removals() == 1
    assert paths(folder) == ["manifest.json", "readme.txt"]


def test_the_folder_says_where_it_hung(township, office, log):
    item = disclosure_of(township, code="BZ-02")
    opened(sealed(item, plan=planned(PUBLIC), channels=["website", "wall"]))
    wall = Posting.objects.get(channel="wall")
    hanging.put_up(chosen=[wall], officer=office, said="镇政府门口")
    filing = filed(item, office)
    log()
    jobs.write_filings(clock.now())
    told = json.loads((folders.folder_of(filing) / "postings.json").read_text("utf-8"))
    [row] = told["postings"]
    assert (row["channel"], row["state"], row["evidence"][0]["said"]) == (
        "wall",
        "delivered",
        "镇政府门口",
    )


def test_what_is_noted_after_filing_is_added_once_its_day_is_over(township, office, log, monday):
    item = disclosure_of(township, code="BZ-02")
    channels = ["website", "wall", "members-meeting"]
    opened(sealed(item, plan=planned(PUBLIC), channels=channels))
    wall, read = (Posting.objects.get(channel=each) for each in channels[1:])
    hanging.put_up(chosen=[wall], officer=office, said="镇政府门口")
    held = Held("members-meeting", clock.now(), "三楼", 30, 28)
    assembly = assemblies.read_out(held=held, chosen=[read], officer=office)
    filing = filed(item, office)
    log()
    jobs.write_filings(clock.now())
    monday.shift(HOUR)
    hanging.confirm(chosen=[wall], officer=office, said="还在")
    paper = io.BytesIO(made.pdf())
    assemblies.add_minutes(assembly=assembly, officer=office, minutes=paper, name="记录.pdf")
    assert jobs.write_supplements(clock.now()) == 0
    monday.shift(24 * HOUR)
    assert (jobs.write_supplements(clock.now()), jobs.write_supplements(clock.now())) == (1, 0)
    folder = folders.folder_of(filing) / "supplement-1-2026-11-24"
    assert paths(folder) == ["evidence/01.pdf", "manifest.json", "postings.json", "readme.txt"]
    assert added(folder) == [
        ("wall", "confirmed", [("note", "还在")]),
        ("members-meeting", "confirmed", [("minutes", "应到30人，实到28人。")]),
    ]
    hanging.bring_down(chosen=[wall], officer=office)
    monday.shift(30 * HOUR)
    assert jobs.write_supplements(clock.now()) == 1
    second = folders.folder_of(filing) / "supplement-2-2026-11-25"
    assert added(second) == [("wall", "taken_down", [("note", "")])]
    acts = Act.objects.filter(verb="filing.supplement").order_by("pk")
    assert [each.facts["record"] for each in acts] == ["posting", "posting"]


def added(folder):
    told = json.loads((folder / "postings.json").read_text("utf-8"))["postings"]
    return [
        (each["channel"], each["state"], [(one["kind"], one["said"]) for one in each["evidence"]])
        for each in told
    ]

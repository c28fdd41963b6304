"""An issue of the brief: gathered under one audience, sealed by another, read as it stands now."""

import io
import json
import re
import zipfile

import pypdfium2
import pytest
from django.utils import timezone
from tests.procedure.editions import disclosure_of, log, opened, sealed, township, verbs, who
from tests.surfaces.desk.conftest import entered

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import storage
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.workflow import message
from gongkai.foundation.organisations import workflow as organisations
from gongkai.procedure.archive.folders import folder_of
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.models import Evidence, Posting
from gongkai.surfaces.channels.briefs import jobs, queries, rules, sheet, word, workflow
from gongkai.surfaces.channels.briefs.models import Brief, BriefItem
from gongkai.surfaces.channels.briefs.states import Share

__all__ = ["log", "township", "who"]
pytestmark = pytest.mark.django_db
LEAD = "这个月公开了两件大事。\n请大家细读。"
TABLE = (
    "<h2>一、管护</h2><p>𠮷家湾、㐂鹊沟由受益村管护。</p><table><caption>设施表</caption><thead><tr>"
    "<th>序号</th><th>设施</th></tr></thead><tbody>"
    + "".join(f"<tr><td>{n}</td><td>第{n}处</td></tr>" for n in range(1, 31))
    + "</tbody></table>"
)


def item(township, title, *scopes, body="<p>正文。</p>", channels=("brief",), code="JC-05"):
    """An item that is open, by default to members and then to the public."""
    disclosure = disclosure_of(township, code=code, title=title)
    opened(sealed(disclosure, body=body, channels=list(channels)), *scopes)
    return disclosure


def begun(who, scope="A3") -> Brief:
    today = timezone.localdate()
    office = who("党政办主任")
    return workflow.draft(officer=office, scope=scope, first=today.replace(day=1), last=today)


def proposed(who, lead=LEAD) -> Brief:
    brief, office = begun(who), who("党政办主任")
    chosen = [(each.address, Share(each.share)) for each in queries.pieces(brief)]
    workflow.edit(brief=brief, officer=office, lead=lead, chosen=chosen)
    return workflow.propose(brief=brief, officer=office)


def issued(who, log) -> Brief:
    brief = proposed(who)
    workflow.seal(brief=brief, officer=who("党委书记"), seen=queries.seen(brief))
    log()
    jobs.make_papers.call()
    jobs.file_briefs(timezone.now())
    return queries.brief(brief.organisation, brief.pk)


def refused(verb, **asked) -> list[str]:
    with pytest.raises(Refused) as refusal:
        verb(**asked)
    return refusal.value.obstacles


def pages(made: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(made))
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def words(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        return re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())


def test_only_what_all_its_readers_may_see_and_names_the_brief_is_gathered(township, who, log):
    both = item(township, "先内后外")
    inner = item(township, "只给成员", "A3")
    item(township, "不进简报", channels=("website",))
    long = item(township, "很长的一件", body=f"<p>{'字' * (rules.MOST_WHOLE + 1)}</p>")
    log()
    brief = begun(who)
    assert [(each.address, each.share) for each in queries.pieces(brief)] == [
        (both.address, "whole"),
        (inner.address, "whole"),
        (long.address, "excerpt"),
    ]
    party = begun(who, "A2")
    assert [each.address for each in queries.pieces(party)] == [both.address, long.address]
    assert refused(begun, who=who, scope="A1") == ["简报不能发给这个范围。请另选一个范围。"]
    BriefItem.objects.create(brief=party, address=inner.address, place=9, share="whole")
    assert rules.contents_obstacles(party) == [
        f"《{inner.address}》没有向这一期的读者公开。请从这一期里去掉。",
        "导语还没有写。",
    ]


def test_it_is_sealed_by_another_made_and_filed(township, who, log, home):
    item(township, "关于水利设施的决定", body=TABLE)
    log()
    office, secretary = who("党政办主任"), who("党委书记")
    brief = proposed(who)
    assert refused(workflow.seal, brief=brief, officer=office, seen="") == [
        "简报要由党委书记来签发。",
        "这期简报是您编的，要由另一个人来签发。",
    ]
    with pytest.raises(Conflict):
        workflow.seal(brief=brief, officer=secretary, seen="0" * 64)
    workflow.seal(brief=brief, officer=secretary, seen=queries.seen(brief))
    jobs.make_papers.call()
    assert jobs.file_briefs(timezone.now()) == 1
    brief = queries.brief(township, brief.pk)
    assert str(brief) == f"{brief.year}-1"
    folder = folder_of(brief.deposit)
    kept = (folder / "brief.pdf").read_bytes()
    assert b"/ByteRange" in kept
    told = pages(kept)
    for expected in (
        "党务公开简报",
        f"{brief.year}年第1期",
        "内部资料",
        "这个月公开了两件大事。",
        "1.　关于水利设施的决定".replace("　", ""),
        "𠮷家湾、㐂鹊沟",
        "第30处",
        "签发：党委书记",
    ):
        assert expected in told
    written = words((folder / "brief.docx").read_bytes())
    for expected in ("党务公开简报", "请大家细读。", "𠮷家湾、㐂鹊沟", "第30处"):
        assert expected in written
    assert verbs(brief.subject)[-2:] == ["brief.seal", "seal.paper"]
    assert refused(workflow.drop, brief=brief, officer=office) == ["简报已经签发，不能再改。"]


def test_the_lead_is_checked_like_any_text(township, who, log):
    item(township, "一件")
    log()
    office, secretary = who("党政办主任"), who("党委书记")
    unprintable = begun(who)
    chosen = [(each.address, Share.EXCERPT) for each in queries.pieces(unprintable)]
    workflow.edit(brief=unprintable, officer=office, lead="好😀", chosen=chosen)
    asked = {"brief": unprintable, "officer": office}
    assert refused(workflow.propose, **asked) == ["请先改好：“😀”（U+1F600）印不出来（导语）"]
    workflow.edit(lead="有事打13812345678。", chosen=chosen, **asked)
    brief = workflow.propose(**asked)
    seen = queries.seen(brief)
    (obstacle,) = refused(workflow.seal, brief=brief, officer=secretary, seen=seen)
    assert obstacle.startswith("手机号码138****5678（导语）。要留着，请写明理由")
    workflow.seal(brief=brief, officer=secretary, seen=seen, clearance="是对外公布的办公手机。")
    assert Brief.objects.get(pk=brief.pk).clearance == "是对外公布的办公手机。"


def test_a_withdrawal_leaves_later_copies_and_is_told_in_the_next_issue(
    township, who, log, home, party_member
):
    kept, gone = item(township, "留着的"), item(township, "要撤的", body="<p>撤掉的字。</p>")
    log()
    brief = issued(who, log)
    record = PublicRecord.objects.get(kind="brief")
    reader = entered(party_member)
    page, files = f"/members/briefs/{record.seq}/", ("brief.pdf", "brief.docx")
    assert "要撤的" in reader.get(page).text.replace("<wbr>", "")
    whole = b"".join(reader.get(f"{page}brief.pdf").streaming_content)
    assert whole == (folder_of(brief.deposit) / "brief.pdf").read_bytes()
    publication.withdraw(disclosure=gone, officer=who("党委副书记"), reason="数字不对。")
    log()
    told = reader.get(page).text.replace("<wbr>", "")
    assert "撤掉的字" not in told
    assert "签发以后撤下了" in told
    for name, read in zip(files, (pages, words), strict=True):
        copied = read(reader.get(f"{page}{name}").content)
        assert ("撤掉的字" in copied, "要撤的" in copied, "留着的" in copied) == (
            False,
            False,
            True,
        )
    assert (folder_of(brief.deposit) / "brief.pdf").read_bytes() == whole
    following = begun(who)
    assert [each.address for each in queries.pieces(following)] == [kept.address]
    (part,) = queries.facts(following)["told"]
    assert (part["address"], part["title"], part["reason"]) == (
        gone.address,
        "要撤的",
        "数字不对。",
    )
    workflow.edit(
        brief=following,
        officer=who("党政办主任"),
        lead="第二期。",
        chosen=[(kept.address, Share.EXCERPT)],
    )
    workflow.propose(brief=following, officer=who("党政办主任"))
    workflow.seal(
        brief=following,
        officer=who("党委书记"),
        seen=queries.seen(Brief.objects.get(pk=following.pk)),
    )
    assert "要撤的" in pages(sheet.printed(Brief.objects.get(pk=following.pk)))
    assert queries.told(begun(who)) == []


def test_an_erasure_destroys_the_whole_issue(township, who, log, home, party_member):
    disclosure = item(township, "泄露的", body="<p>绝密。</p>")
    log()
    brief = issued(who, log)
    digests = [brief.paper.digest, brief.word.digest]
    erasure = publication.ask_erasure(
        disclosure=disclosure, officer=who("党委书记"), reason="泄露了个人信息。"
    )
    publication.confirm_erasure(erasure=erasure, officer=who("纪委书记"))
    log()
    assert jobs.destroy_erased(timezone.now()) == 1
    assert jobs.destroy_erased(timezone.now()) == 0
    brief = queries.brief(township, brief.pk)
    assert (bytes(brief.facts or b""), brief.lead, queries.facts(brief)) == (b"", "", {})
    assert [storage.check(digest) for digest in digests] == [False, False]
    left = {path.name for path in folder_of(brief.deposit).iterdir()}
    assert left == {"readme.txt", "manifest.json"}
    assert json.loads(PublicRecord.objects.get(kind="brief").body) == {}
    assert entered(party_member).get("/members/briefs/").context["rows"] == []


def test_it_is_sent_round_to_its_readers_without_a_title(township, who, log, home, party_member):
    carried = item(township, "只给成员的标题", "A3")
    log()
    organisations.make_account(
        member=party_member, username="yi", email="yi@example.org", by=SYSTEM
    )
    office = who("党政办主任")
    brief = issued(who, log)
    asked = {"brief": brief, "officer": office}
    assert refused(workflow.circulate, addresses=["a@example.org"], **asked) == [
        "这一期只给成员看，只能寄给成员账号里登记的邮箱，不能另写邮箱。"
    ]
    assert workflow.circulate(**asked).letters == 1
    letter = message(Letter.objects.get())
    assert letter.to == ["yi@example.org"]
    assert "只给成员的标题" not in letter.body
    assert "/members/briefs/" in letter.body
    posting = Posting.objects.get(release__disclosure=carried, channel="brief")
    assert (posting.state, Evidence.objects.get(posting=posting).key) == (
        "delivered",
        brief.subject,
    )
    assert refused(workflow.circulate, **asked) == ["这一期已经分送过了。"]


def test_a_later_copy_says_what_it_is_and_a_word_file_opens(township, who, log):
    item(township, "一件", body=TABLE)
    log()
    brief = proposed(who)
    address = queries.pieces(brief)[0].address
    assert "已经撤下" in pages(sheet.printed(brief, {address}))
    from docx import Document

    document = Document(io.BytesIO(word.document(brief)))
    assert [len(table.rows) for table in document.tables] == [31]

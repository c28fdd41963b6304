"""A brief for everybody: its page and files on the board, and what follows when something goes."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.cast import CHARTERS
from tests.surfaces.channels.briefs.test_briefs import LEAD, begun, item, pages

from gongkai.foundation.core import canonical
from gongkai.foundation.files import storage
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.workflow import message
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.workflow import apply
from gongkai.procedure.publication import workflow as publication
from gongkai.surfaces.board import build
from gongkai.surfaces.channels.briefs import jobs, queries, recalling, workflow
from gongkai.surfaces.channels.briefs.models import Brief, Circulation
from gongkai.surfaces.channels.briefs.states import Share

pytestmark = pytest.mark.django_db
PAGE, FILES = "briefs/2026-1.html", "files/briefs/qingxi-2026-1"


def for_everybody() -> None:
    """The township's charter, its brief being for the public."""
    source = (CHARTERS / "township.toml").read_text("utf-8")
    inner = 'name_en = "Brief"\npublic = false\n'
    assert inner in source
    apply(source=source.replace(inner, 'name_en = "Brief"\n'), by=SYSTEM)


def issued(officer) -> Brief:
    brief, editor = begun(officer, "A1"), officer("党政办主任")
    chosen = [(each.address, Share(each.share)) for each in queries.pieces(brief)]
    workflow.edit(brief=brief, officer=editor, lead=LEAD, chosen=chosen)
    brief = workflow.propose(brief=brief, officer=editor)
    workflow.seal(brief=brief, officer=officer("党委书记"), seen=queries.seen(brief))
    return queries.brief(brief.organisation, brief.pk)


def files(office) -> list[str]:
    folder = office.home.board / FILES
    return sorted(path.suffix for path in folder.iterdir()) if folder.exists() else []


def paper(office) -> bytes:
    (path,) = (office.home.board / FILES).glob("*.pdf")
    return path.read_bytes()


def test_a_public_issue_stands_on_the_board_until_something_in_it_goes(office, qingxi, officer):
    for_everybody()
    first = item(qingxi, "修渠的决定", body="<p>第一批五十二处，二〇二七年九月以前完工。</p>")
    second = item(qingxi, "路灯的决定", body="<p>今年在四个村装路灯四十盏。</p>")
    office.go()
    brief = issued(officer)
    office.go()
    page = office.page(PAGE)
    for words in ("修渠的决定", "第一批五十二处", "路灯的决定", LEAD.splitlines()[0], "正在制作"):
        assert words in page
    assert files(office) == []
    sealed = (office.home.board / "briefs/2026-1/sealed.json").read_bytes()
    assert canonical.digest(sealed) == brief.digest
    told = json.loads((office.home.board / "briefs/2026-1/log.json").read_bytes())
    assert (told["digest"], told["subject"]) == (brief.digest, brief.subject)
    jobs.make_papers.call()
    jobs.make_copies.call()
    office.go()
    brief.refresh_from_db()
    assert files(office) == [".docx", ".pdf"]
    assert paper(office) == storage.path(brief.paper.digest).read_bytes()
    assert "Sealed by" in office.page(f"en/{PAGE}")
    assert 'href="/briefs/2026-1"' in office.page("briefs.html")
    assert "briefs/2026-1" in office.page("briefs/feed.atom")
    assert "/briefs/2026-1</loc>" in office.page("sitemap-pages-qingxi.xml")
    assert queries.to_hand_out() == []
    _mended(office)
    workflow.circulate(brief=brief, officer=officer("党政办主任"), addresses=["a@village.example"])
    assert jobs.recall_taken(timezone.now()) == 0
    _withdrawn(office, officer, brief, first)
    assert build.build().changed == 0
    _erased(office, officer, brief, second)
    assert build.build().changed == 0


def _mended(office) -> None:
    """What somebody spoilt is found by its path and made again."""
    (lost,) = (office.home.board / FILES).glob("*.pdf")
    lost.unlink()
    (office.home.board / PAGE).write_text("x")
    build.repair([PAGE, lost.relative_to(office.home.board).as_posix()])
    assert ("修渠的决定" in office.page(PAGE), lost.exists()) == (True, True)


def _withdrawn(office, officer, brief, gone) -> None:
    publication.withdraw(disclosure=gone, officer=officer("党委副书记"), reason="数字有误。")
    office.go()
    page = office.page(PAGE)
    assert ("第一批五十二处" in page, "签发以后撤下了" in page, "正在重排" in page) == (
        False,
        True,
        True,
    )
    assert files(office) == []
    assert not office.has("briefs/2026-1/sealed.json")
    Letter.objects.all().delete()
    assert [jobs.recall_taken(timezone.now()) for _again in range(2)] == [1, 0]
    letter = message(Letter.objects.get())
    assert letter.to == ["a@village.example"]
    assert "收回：党务公开简报2026年第1期" in letter.subject
    assert "/briefs/2026-1" in letter.body
    assert "修渠" not in letter.body
    for _again in range(2):
        jobs.make_copies.call()
    office.go()
    assert files(office) == [".docx", ".pdf"]
    words = pages(paper(office))
    assert ("五十二处" in words, "装路灯四十盏" in words, "已经撤下" in words) == (
        False,
        True,
        True,
    )
    assert "撤下以后重排的" in office.page(PAGE)


def _erased(office, officer, brief, gone) -> None:
    secretary, discipline = officer("党委书记"), officer("纪委书记")
    asked = publication.ask_erasure(disclosure=gone, officer=secretary, reason="有身份证号。")
    publication.confirm_erasure(erasure=asked, officer=discipline)
    assert jobs.recall_taken(timezone.now()) == 1
    assert jobs.destroy_erased(timezone.now()) == 1
    office.go()
    page = office.page(PAGE)
    assert ("这一期已经清除" in page, "路灯" in page, LEAD.splitlines()[0] in page) == (
        True,
        False,
        False,
    )
    assert (files(office), Circulation.objects.count()) == ([], 0)
    assert "这一期已经清除" in office.page("briefs.html")


def test_to_whom_an_issue_went_is_forgotten_on_the_charters_day(qingxi, officer):
    now = timezone.now()
    days = charter_of(qingxi)[1].deadlines.contact_days
    recalling.note_circulated(begun(officer), ["a@village.example"], now)
    assert "village" not in Circulation.objects.get().sealed
    assert jobs.forget_receivers(now + timedelta(days=days, seconds=-1)) == 0
    assert jobs.forget_receivers(now + timedelta(days=days)) == 1
    assert Circulation.objects.count() == 0

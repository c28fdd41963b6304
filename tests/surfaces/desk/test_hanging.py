"""A voice and the wall at the desk: proposed, looked at, passed by a second person, taken down."""

import pytest
from django.urls import reverse
from tests.surfaces.desk.test_cases import page, said

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.feedback.models import Hanging
from gongkai.procedure.feedback.states import CaseKind

pytestmark = pytest.mark.django_db
WORDS = {"words-text": "水渠几时修好？", "words-reason": "shortened", "words-why": "只留要点"}
CLERK, DEPUTY = "党政办主任", "党委副书记"


def path(case, verb="") -> str:
    return f"{page(case, 'case-wall')}{verb + '/' if verb else ''}"


def titles(answer) -> list[str]:
    return [each.title for each in answer.context["sections"]]


def tasks(client) -> list[str]:
    groups = client.get(reverse("desk:inbox")).context["groups"]
    return [task.act for group in groups for task in group.tasks]


def test_words_are_proposed_seen_as_they_will_hang_and_passed(voice, at):
    case = voice(text="水渠什么时候修好？打13900001234。")
    form = at(CLERK).get(path(case))
    assert titles(form) == ["提请上墙", "提请不上墙"]
    assert "打139****1234。</textarea>" in form.content.decode()
    wrong = at(CLERK).post(path(case, "propose"), {"words-text": "水渠？", "words-reason": ""})
    assert wrong.status_code == 422
    assert "还没有选理由。理由会公开，并且计入调整登记。" in wrong.content.decode()
    unknown = at(CLERK).post(path(case, "propose"), {**WORDS, "words-item": "/i/7K3QX0M2ZD"})
    assert "没有这一件公开内容。请照抄网址最后10位。" in unknown.content.decode()
    assert said(at(CLERK).post(path(case, "propose"), WORDS, follow=True)) == [
        "已提请，等另一位有审定权的人审定。"
    ]
    assert ("看上墙稿" in tasks(at(DEPUTY)), "看上墙稿" in tasks(at(CLERK))) == (True, False)
    seen = at(DEPUTY).get(path(case)).content.decode()
    assert "上墙时改过文字：太长，只留要点（只留要点）" in seen
    assert "打13900001234。" in seen
    assert "这是您自己提请的" in at(CLERK).get(path(case)).content.decode()
    done = at(DEPUTY).post(path(case, "pass"), follow=True)
    assert (said(done), titles(done)) == (["已审定，马上上墙。"], ["从墙上撤下", "提请上墙"])
    assert f"/w/{Hanging.objects.get().address}" in done.content.decode()
    assert "看上墙稿" not in tasks(at(DEPUTY))
    assert "已经上墙" in at(CLERK).get(page(case)).content.decode()


def test_what_is_sent_back_kept_off_or_taken_down_says_why(voice, at):
    case = voice()
    at(CLERK).post(path(case, "propose"), WORDS)
    empty = at(DEPUTY).post(path(case, "return"), {"back-text": ""})
    assert "请写明哪里要改" in empty.content.decode()
    back = at(DEPUTY).post(path(case, "return"), {"back-text": "写清楚"}, follow=True)
    assert said(back) == ["已退回上墙稿。"]
    off = {"off-reason": "advert", "off-why": "是广告"}
    at(CLERK).post(path(case, "keep-off"), off)
    done = at(DEPUTY).post(path(case, "pass"), follow=True)
    assert said(done) == ["已审定，不上墙，计入调整登记。"]
    assert "审定不上墙：是广告" in done.content.decode()
    other = voice()
    at(CLERK).post(path(other, "propose"), WORDS)
    at(DEPUTY).post(path(other, "pass"), follow=True)
    down = {"down-reason": "person", "down-why": "写到邻居"}
    taken = at(DEPUTY).post(path(other, "take-down"), down, follow=True)
    assert (said(taken), titles(taken)) == (["已撤下，墙上留下日期和理由。"], [])
    assert PublicRecord.objects.filter(kind="voice", closed_at=None).count() == 2


def test_a_private_voice_has_no_way_to_the_wall(voice, at):
    for case in (voice(show=False), voice(kind=CaseKind.LETTER)):
        assert path(case) not in at(CLERK).get(page(case)).content.decode()
        refused = at(CLERK).post(path(case, "propose"), {"words-text": case.text})
        assert refused.status_code == 422
    assert at(CLERK).post(path(case, "nonsense")).status_code == 404
    assert at(DEPUTY).post(path(case, "pass")).status_code == 404
    assert at("民政办主任").get(path(case)).status_code == 404

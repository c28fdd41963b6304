"""检查 before submitting, what was found marked in the text, templates, and the word list."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.foundation.ledger.models import Act
from gongkai.procedure.proposals import blanks
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.review.models import ListedWord, Review
from gongkai.surfaces.desk import marked

from .conftest import BODY

pytestmark = pytest.mark.django_db
ITEM_QUERIES = 46
FOUND = (
    "<p>电话138<strong>0013</strong>2046，住石桥村三组12号，2026年2月30日开会。</p>"
    "<table><tr><td>甲</td><td>13800132046</td></tr><tr><td>【填：乙】</td><td>1</td></tr></table>"
)


# -- the page --------------------------------------------------------------------------------------


def test_a_draft_is_checked_before_it_is_submitted(walk, at):
    item, client = walk("公示", FOUND), at("组织干事")
    answer = client.get(item.page("check"))
    said = {section.name: [line.words for line in section.lines] for section in
            answer.context["sections"]}  # fmt: skip
    assert said["个人信息"] == [
        "手机号码138****2046（正文第1段、正文第2段的表格第1行第2列）",
        "详细住址…（正文第1段）",
    ]
    assert said["日期和数字"] == ["没有“2026年2月30日”这一天（正文第1段）"]
    assert answer.context["stops"] == [
        "“【填：乙】”还没有填（正文第2段的表格第2行第1列）。请填上，或者删去这一处。改好再送审。"
    ]
    text = answer.content.decode()
    assert "0013" not in re.sub(r"[\s<>/a-z]", "", text)
    assert "三组12号" not in text
    targets = set(re.findall(r'href="#(b[0-9-]+)"', text))
    assert targets
    assert targets <= set(re.findall(r'id="(b[0-9-]+)"', text))
    assert Review.objects.count() == 0
    assert client.post(item.page("submit"), {"stated": "on"}).status_code == 422
    assert Draft.objects.get().state == "writing"


def test_the_page_is_for_drafts_that_are_being_written(walk, at):
    item = walk("公示", FOUND.replace("【填：乙】", "乙")).submitted()
    answer = at("组织干事").get(item.page("check"))
    assert (answer.status_code, answer["Location"]) == (302, item.page())


@pytest.mark.parametrize("times", [1, 3])
def test_findings_cost_the_items_page_no_more_queries(times, walk, at, django_assert_num_queries):
    numbers = "".join(f"<p>电话1380013204{n}，2026年2月3{n}日。</p>" for n in range(times))
    item, client = walk("公示", BODY + numbers).submitted(), at("党政办主任")
    assert len(client.get(item.page()).context["item"].checked) == 2 * times + 1
    with django_assert_num_queries(ITEM_QUERIES):
        client.get(item.page())


def test_the_reviewer_sees_advice_and_it_is_kept_as_seen(walk, at):
    item, client = (
        walk("公示", BODY + "<p>定于2026年2月30日召开。</p>").submitted(),
        at("党政办主任"),
    )
    assert "没有“2026年2月30日”这一天" in client.get(item.page("pass")).content.decode()
    client.post(item.page("pass"), {"text": ""})
    seen = Act.objects.get(verb="review.pass").facts["seen"]
    assert [code.partition("-")[0] for code in seen] == ["dates", "elements"]


# -- masks -----------------------------------------------------------------------------------------


def test_a_kind_is_masked_from_the_page_of_the_checks(walk, at):
    item, client = walk("公示", FOUND.replace("【填：乙】", "乙")), at("组织干事")
    page = client.get(item.page("check"))
    assert page.context["kinds"] == [("mobile", "手机号码", 2), ("address", "家庭住址", 1)]
    data = {"edits": "0", "reason": "person", "kind": "mobile"}
    answer = client.post(item.page("mask"), data, follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["已遮盖2处，记入遮盖登记。"]
    assert answer.context["kinds"] == [("address", "家庭住址", 1)]
    again = client.post(item.page("mask"), data, follow=True)
    assert [str(each) for each in again.context["messages"]] == [
        "这些内容已经不在稿子里了。请看最新的检查结果。"
    ]
    digest = answer.context["sections"][0].lines[0].finding.digest
    late = client.post(
        item.page("mask"), {"edits": "0", "reason": "person", "only": digest}, follow=True
    )
    assert [str(each) for each in late.context["messages"]] == [
        "别人刚刚改过这份草稿，您的修改没有存。请看最新的稿子，再改一次。"
    ]
    client.post(item.page("mask"), {"edits": "1", "reason": "minor", "only": digest})
    assert Draft.objects.get().body.startswith("<p>电话138****2046，…，2026")
    rows = client.get(item.page("redactions")).context["masks"]
    assert [(row.name, row.where, row.row.get_reason_display()) for row in rows] == [
        ("手机号码", "正文第1段、正文第2段的表格第1行第2列", "个人隐私"),
        ("家庭住址", "正文第1段", "未成年人信息"),
    ]
    story = client.get(item.page()).context["item"].story()
    assert story[1].text == "组织干事按统一方式遮盖了文中的手机号码2处，理由：个人隐私。"


# -- marks -----------------------------------------------------------------------------------------


def test_marks_do_not_cut_through_tags_or_show_what_is_masked():
    html = "<p>见<strong>138</strong>0013<em>2046</em>后</p>"
    assert marked.body(html) == (
        '<p>见<strong><mark class="flag">138****2046</mark></strong><em></em>后</p>'
    )
    span = marked.Span(1, 3, "", "x")
    assert marked.cut("甲&lt;乙", 0, 6, [span]) == ('甲<mark class="flag" id="x">&amp;l</mark>t;乙')


# -- templates -------------------------------------------------------------------------------------


def test_a_draft_begins_with_the_template_that_suits_the_entry(at):
    client, path = at("组织干事"), "/desk/new/BZ-04/"
    page = client.get(path)
    key, name, first = page.context["blanks"][0]
    assert (key, name, first) == ("appointment", "任前公示", True)
    answer = client.post(reverse("desk:begin-from", args=["BZ-04", key]), {"duty": ""})
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("desk:edit", args=[draft.disclosure.address])
    assert (draft.kind, draft.title) == ("notice", "干部任前公示")
    assert "【填：姓名】" in draft.body
    page = client.get(answer["Location"])
    assert not page.context["blanks"]
    assert "拟任" in [each.words for each in page.context["elements"]]
    assert client.post(reverse("desk:begin-from", args=["BZ-04", "poem"])).status_code == 404


def test_a_template_is_for_whoever_may_write(at):
    client = at("党委书记")
    client.post(reverse("desk:begin-from", args=["JC-05", "decision"]))
    assert Draft.objects.count() == 0


def test_saving_leads_to_the_check(walk, at):
    item = walk()
    data = {
        "title": "决定", "kind": "document", "form": "daily", "body": "甲", "channels": ["website"],
        "take_A3": "on", "take_A1": "on", "edits": "0", "check": "",
    }  # fmt: skip
    answer = at("组织干事").post(item.page("edit"), data)
    assert answer["Location"] == item.page("check")


# -- the word list ---------------------------------------------------------------------------------

WORDS = "/desk/words/"


def test_the_administrator_keeps_the_word_list(at):
    client = at("党政办信息员")
    row = {"kind": "mistyped", "word": "截止目前", "instead": "截至目前"}
    client.post(WORDS, row)
    client.post(WORDS, row)
    assert [(each.kind, each.word) for each in client.get(WORDS).context["rows"]] == [
        ("mistyped", "截止目前")
    ]
    client.post("/desk/words/remove/", {"kind": "mistyped", "word": "截止目前"})
    assert ListedWord.objects.count() == 0
    verbs = Act.objects.filter(verb__startswith="words.").order_by("id")
    assert [each.verb for each in verbs] == ["words.add", "words.remove"]
    wrong = client.post(WORDS, {"kind": "mistyped", "word": "截", "instead": ""})
    assert wrong.status_code == 422
    assert wrong.context["form"].non_field_errors() == [
        "“截”：词要有2到40个字。",
        "“截”：请写明职务，或者正确的写法。",
    ]


def test_the_word_list_goes_out_and_comes_back(at):
    client = at("党政办信息员")
    text = "种类,词,建议\n领导人,甲某某,镇长\n错词,帐户,账户\n老少边穷\n截止目前 截至目前\n"
    file = SimpleUploadedFile("词表.txt", text.encode("gb18030"))
    answer = client.post("/desk/words/import/", {"file": file}, follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["读入4条，新写或者改了4条。"]
    out = client.get("/desk/words/words.csv").content
    before = list(ListedWord.objects.order_by("pk").values_list("kind", "word", "instead"))
    again = client.post(
        "/desk/words/import/", {"file": SimpleUploadedFile("words.csv", out)}, follow=True
    )
    assert [str(each) for each in again.context["messages"]] == ["读入4条，新写或者改了0条。"]
    assert list(ListedWord.objects.order_by("pk").values_list("kind", "word", "instead")) == before
    wrong = client.post(
        "/desk/words/import/", {"file": SimpleUploadedFile("a.csv", "人名,甲某某,镇长".encode())}
    )
    assert wrong.context["file"].non_field_errors() == [
        "第1行：没有“人名”这一种。可以写：领导人、慎用词、错词。"
    ]


@pytest.mark.parametrize("path", ["", "words.csv"])
def test_nobody_else_sees_the_word_list(path, at):
    assert at("党委书记").get(WORDS + path).status_code == 403


def test_every_template_stands_on_the_writing_page(at):
    page = at("组织干事").get("/desk/new/JC-05/")
    assert {key for key, _name, _first in page.context["blanks"]} == set(blanks.all_of_them())

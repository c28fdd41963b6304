"""The list of each step, narrowed and in pages; the catalogue with what was last published."""

import pytest
from django.urls import reverse

from gongkai.foundation.organisations.queries import post
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review import workflow as review
from gongkai.surfaces.desk import shelves

pytestmark = pytest.mark.django_db


def listed(client, step, **asked):
    shelf = client.get(reverse("desk:step", args=[step]), asked).context["shelf"]
    return [(row.code, row.title, row.say) for row in shelf.rows]


def test_each_step_lists_what_stands_there(walk, voice, at, officer):
    walk("草稿")
    walk("在审").submitted()
    sealed = walk("封存").sealed()
    item = walk("公开").opened()
    case = voice(item.disclosure)
    client = at("党政办主任")
    [(code, title, say)] = listed(client, "propose")
    assert (code, title) == ("JC-05", "草稿")
    assert say.startswith("组织干事，")
    assert listed(client, "review") == [
        ("JC-05", "在审", "现在轮到“责任部门负责人审核”（党政办主任）")
    ]
    assert listed(client, "publish") == [("JC-05", "封存", "已盖章封存，还没有安排公开")]
    assert listed(client, "feedback") == [
        (case.number, "意见：水渠什么时候修好？", "还没有分办，说的是《公开》")
    ]
    assert listed(client, "archive") == []
    assert client.get(reverse("desk:step", args=["nothing"])).status_code == 404
    counts = [line[2] for line in client.get("/desk/").context["rail"] if line[2] is not None]
    assert counts == [3, 1, 1, 1, 1, 0]
    assert sealed.edition.seal_number


def test_the_lists_are_narrowed_by_state_entry_and_department(walk, at, officer, voice):
    returned = walk("退回的").submitted()
    under = reviews.open_review(returned.disclosure)
    review.return_draft(review=under, officer=officer("党政办主任"), reason="改")
    walk("接访", code="FW-01")
    item = walk("撤回的").opened()
    publication.withdraw(
        disclosure=item.disclosure, officer=officer("党委副书记"), reason="附件有误"
    )
    client = at("党政办主任")

    def titles(step, **asked):
        return [title for _, title, _ in listed(client, step, **asked)]

    assert titles("propose") == ["退回的", "接访"]
    assert titles("propose", state="returned") == ["退回的"]
    assert titles("propose", entry="FW-01") == ["接访"]
    assert titles("propose", department="平安法治办公室") == ["接访"]
    assert titles("review", state="returned") == ["退回的"]
    assert titles("publish", state="gone") == ["撤回的"]
    assert titles("publish", state="open") == []
    text = client.get(reverse("desk:step", args=["publish"]), {"state": "open"}).content.decode()
    assert "没有符合的" in text
    assert "看全部" in text


def test_answered_voices_and_filed_items_are_found_again(walk, voice, at, officer, qingxi):
    item = walk("公开的").opened()
    case = voice(item.disclosure)
    feedback.assign(case=case, officer=officer("党政办主任"), post=post(qingxi, "finance"))
    case.refresh_from_db()
    answer = feedback.answer(case=case, officer=officer("财政所长"), text="好。", outcome="done")
    feedback.approve(answer=answer, officer=officer("党委副书记"))
    client = at("党政办主任")
    assert listed(client, "feedback") == []
    rows = client.get(reverse("desk:cases"), {"state": "answered"}).context["rows"]
    assert [row.number for row in rows] == [case.number]
    assert [title for _, title, _ in listed(client, "archive")] == ["公开的"]
    client.post(item.page("file"), {"sure": "on"})
    [(code, title, say)] = listed(client, "archive", state="filed")
    assert (code, title) == ("JC-05", "公开的")
    assert say.startswith("档号Z109-WS·")


def test_pages_hold_what_one_can_read(walk, at, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 2)
    for n in range(5):
        walk(f"第{n}件")
    client, path = at("组织干事"), reverse("desk:step", args=["propose"])
    assert [title for _, title, _ in listed(client, "propose")] == ["第0件", "第1件"]
    assert [title for _, title, _ in listed(client, "propose", page="3")] == ["第4件"]
    assert client.get(path, {"page": "4"}).status_code == 404
    assert 'href="?&amp;page=2"' in client.get(path).content.decode()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(
    ("step", "cost"),
    [("propose", 26), ("review", 26), ("publish", 27), ("feedback", 26), ("archive", 26)],
)
def test_a_list_costs_the_same_for_one_and_three(
    step, cost, many, walk, voice, at, django_assert_num_queries
):
    for n in range(many):
        walk(f"草稿{n}")
        walk(f"在审{n}").submitted()
        walk(f"封存{n}").planned(Step("A3"))
        walk(f"公开{n}").opened()
        voice(text=f"意见{n}")
    client, path = at("党政办主任"), reverse("desk:step", args=[step])
    client.get(path)
    with django_assert_num_queries(cost):
        assert len(client.get(path).context["shelf"].rows) == many


def test_a_list_holds_only_what_one_may_look_into(walk, voice, at, shiqiao):
    walk("决议")
    walk("三会一课", code="SX-03")
    voice()
    assert [title for _, title, _ in listed(at("党建办主任"), "propose")] == ["三会一课"]
    assert listed(at("党建办主任"), "feedback") == []
    assert listed(at("村文书", shiqiao), "propose") == []
    assert listed(at("村文书", shiqiao), "feedback") == []


def test_the_catalogue_says_what_was_never_published(walk, at):
    item = walk("决议").opened()
    client = at("组织干事")
    page = client.get("/desk/catalogue/")
    assert (page.context["total"], page.context["never"]) == (48, 47)
    line = next(line for each in page.context["categories"] for line in each.lines if line.last)
    assert (line.code, line.last_title, line.last_href) == ("JC-05", "决议", item.page())
    assert (line.write, line.report) == ("/desk/new/JC-05/", "/desk/duties/report/JC-05/")
    monthly = [line for each in page.context["categories"] for line in each.lines]
    assert [line.report for line in monthly if line.code == "FW-05"] == [""]
    assert "共48项。" in page.content.decode()
    text = at("党政办主任").get("/desk/catalogue/").content.decode()
    assert "您现在的岗位不能提出内容。" in text
    assert "/desk/new/JC-05/" not in text


@pytest.mark.parametrize("many", [1, 3])
def test_the_catalogue_costs_the_same_for_one_and_three(many, walk, at, django_assert_num_queries):
    for n in range(many):
        walk(f"决议{n}").opened()
    client = at("党政办主任")
    client.get("/desk/catalogue/")
    with django_assert_num_queries(25):
        client.get("/desk/catalogue/")

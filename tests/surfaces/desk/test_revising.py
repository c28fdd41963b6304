"""The catalogue changed on the desk, and approved by a second person."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.procedure.catalogue.models import Revision
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.desk.entry_form import EntryForm

pytestmark = pytest.mark.django_db


def filled(charter, entry, **other):
    """What a browser sends of an entry's form."""
    form = EntryForm(charter=charter, rule=charter.entry(entry))
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    return sent | other


@pytest.fixture
def charter(qingxi):
    return charter_of(qingxi)[1]


def test_from_a_field_to_the_charter_in_force(at, charter, qingxi):
    organiser, secretary = at("组织干事"), at("党委书记")
    page = reverse("desk:entry", args=["JC-06"])
    text = organiser.get(page).content.decode()
    assert "接下来的三个截止日：" in text
    sent = filled(charter, "JC-06", title="决定执行结果", due_day="20", due_month="4")
    answer = organiser.post(page, sent, follow=True)
    revision = Revision.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("desk:revision", args=[revision.pk])
    assert answer.context["changes"] == [
        "目录事项“JC-06 决定执行结果”的公开事项由“决议决定执行结果”改为“决定执行结果”。",
        "目录事项“JC-06 决定执行结果”的截止在周期的第几个月由“0”改为“4”。",
        "目录事项“JC-06 决定执行结果”的截止在当月几日由“0”改为“20”。",
    ]
    assert secretary.get(reverse("desk:revision", args=[revision.pk])).status_code == 404

    def act(verb: str) -> str:
        return reverse("desk:revision-act", args=[revision.pk, verb])

    assert organiser.post(act("propose"), {"text": ""}).status_code == 422
    organiser.post(act("propose"), {"text": "照新规定。"})
    inbox = secretary.get("/desk/").content.decode()
    assert "组织干事要改公开目录，等您审定：照新规定。" in inbox
    secretary.post(act("return"), {"text": "20日太晚"})
    assert "党委书记退回了您对目录的修改：20日太晚" in organiser.get("/desk/").content.decode()
    organiser.post(act("propose"), {"text": "仍照新规定。"})
    page = secretary.get(act("approve"))
    refused = at("党政办主任").get(act("approve")).content.decode()
    assert "目录的修改要由党委书记来审定。" in refused
    done = secretary.post(act("approve"), {"sure": "on", "seen": page.context["seen"]}, follow=True)
    assert "已经生效" in done.content.decode()
    assert charter_of(qingxi)[1].entry("JC-06").due_day == 20


def test_every_mistake_stands_at_its_field(at, charter):
    sent = filled(
        charter,
        "JC-05",
        title="",
        scope_1="A1",
        scope_2="A3",
        due_day="41",
        workdays="几",
        timing="T2",
    )
    answer = at("组织干事").post(reverse("desk:entry", args=["JC-05"]), sent)
    assert answer.status_code == 422
    errors = answer.context["form"].errors.items()
    assert {name: [str(each) for each in told] for name, told in errors} == {
        "title": ["“公开事项”不能是空的。"],
        "scope_1": [
            "“JC-05”先向社会公开（A1），再向内部公开（A3）。请把内部的写在前面：先党内后党外。"
        ],
        "due_day": ["“截止在当月几日”要在0和31之间，现在是41。"],
        "workdays": ["请填整数，没有就空着"],
        "period": ["定期公开的要选周期：每月、每季度、每半年或每年。"],
    }
    assert not Revision.objects.exists()


def test_the_days_are_worked_out_before_anything_is_written(at, charter):
    sent = filled(charter, "JC-05", days="on", workdays="3")
    answer = at("组织干事").post(reverse("desk:entry", args=["JC-05"]), sent)
    assert answer.status_code == 200
    assert answer.context["days"].startswith("报了事情以后3个工作日内公开。")
    assert not Revision.objects.exists()


def test_one_is_added_and_another_left_out(at, charter):
    client = at("组织干事")
    sent = filled(charter, "JC-05", code="JC-10", title="另一项", title_en="Another")
    added = client.post(reverse("desk:entry-add"), sent, follow=True)
    gone = client.post(reverse("desk:entry-retire", args=["JC-04"]), {"sure": "on"}, follow=True)
    assert added.context["changes"] == ["新增目录事项“JC-10 另一项”。"]
    assert gone.context["changes"] == [
        "不再有目录事项“JC-04 重点任务阶段落实情况”。",
        "新增目录事项“JC-10 另一项”。",
    ]
    named = client.post(reverse("desk:entry-retire", args=["FW-01"]), {"sure": "on"})
    assert "还用着“FW-01”" in named.content.decode()
    assert client.get(reverse("desk:entry", args=["XX-01"])).status_code == 404
    office = at("党政办主任").get(reverse("desk:entry", args=["JC-05"])).content.decode()
    assert "“提出内容”要由" in office


def test_a_sheet_goes_out_and_comes_back(at):
    client = at("组织干事")
    data = client.get(reverse("desk:catalogue-export")).content
    book = load_workbook(io.BytesIO(data))
    sheet, page = book.worksheets[0], reverse("desk:catalogue-sheet")

    def sent():
        stream = io.BytesIO()
        book.save(stream)
        stream.seek(0)
        stream.name = "目录.xlsx"
        return client.post(page, {"file": stream}, follow=True)

    sheet["D3"], sheet["W4"] = "文件名、措施", "三"
    assert "第4行“工作日数”（W4）：要填整数，不能填“三”。" in sent().content.decode()
    assert not Revision.objects.exists()
    sheet["W4"] = None
    [told] = sent().context["changes"]
    assert told.endswith("的内容要素由“文件名、贯彻措施、进度”改为“文件名、措施”。")


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_revisions_costs_the_same(many, at, django_assert_num_queries):
    client = at("组织干事")
    for _n in range(many):
        client.post(reverse("desk:entry-retire", args=["JC-04"]), {"sure": "on"})
        key = Revision.objects.latest("pk").pk
        client.post(reverse("desk:revision-act", args=[key, "withdraw"]), {"sure": "on"})
    client.get(reverse("desk:revisions"))
    with django_assert_num_queries(18):
        assert len(client.get(reverse("desk:revisions")).context["rows"]) == many

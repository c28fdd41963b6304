"""The emergency path by the desk's pages, and its list."""

import pytest

from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication import workflow
from gongkai.procedure.review.models import Emergency

pytestmark = pytest.mark.django_db
REASON = "汛情紧急，马上公布。"


def tasks(client) -> list[str]:
    found = client.get("/desk/").context["groups"]
    return [task.act for group in found for task in group.tasks]


@pytest.fixture
def hastened(walk, at):
    """An item that 党委副书记 had opened at once."""
    item = walk().submitted()
    desk = at("党委副书记")
    assert desk.get(item.page("hasten")).status_code == 200
    assert desk.post(item.page("hasten"), {"text": " "}).status_code == 422
    assert desk.post(item.page("hasten"), {"text": REASON}).status_code == 302
    edition = Emergency.objects.get().edition
    workflow.open_stages(stages=publication.standing(edition))
    return item


def test_it_is_flagged_until_a_second_person_confirms(hastened, at):
    shown = at("党政办主任").get(hastened.page())
    assert ("fixed", "紧急公开，待补审") in shown.context["item"].badges()
    assert REASON in shown.content.decode()
    assert "补审" not in tasks(at("党委副书记"))
    second = at("纪委书记")
    assert "补审" in tasks(second)
    assert second.get(hastened.page("confirm-emergency")).status_code == 200
    done = second.post(hastened.page("confirm-emergency"), {"text": ""}, follow=True)
    assert done.context["item"].badges() == []
    assert "紧急公开，已经补审" in done.content.decode()
    listed = second.get("/desk/emergencies/").content.decode()
    assert REASON in listed
    assert "纪委书记" in listed
    (use,) = second.get("/desk/seals/").context["uses"]
    assert use.approvals == ("紧急公开",)


def test_a_refusal_asks_for_a_withdrawal(hastened, at):
    second = at("纪委书记")
    assert second.post(hastened.page("refuse-emergency"), {"text": ""}).status_code == 422
    assert second.post(hastened.page("refuse-emergency"), {"text": "有误。"}).status_code == 302
    assert "撤回或者更正" in tasks(at("党委书记"))
    badges = at("党政办主任").get(hastened.page()).context["item"].badges()
    assert badges == [("gone", "紧急公开，补审没有通过")]
    assert at("组织干事").get("/desk/emergencies/").status_code == 403

"""A matter outside the catalogue at two desks: sent up by one, read and decided at the other."""

import pytest
from tests.cast import village_below
from tests.procedure.editions import stored

from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.review import workflow as reviews
from gongkai.procedure.review.models import PriorApproval

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(qingxi):
    return village_below(qingxi, "HM-01")


@pytest.fixture
def sent(village, officer, home):
    """``sent("…")``: an item of the village under review, with an attachment."""

    file = stored(home)

    def submit(title="村里借出一块场地"):
        writer = officer("村文书", village)
        draft = proposals.begin(
            organisation=village,
            entry=entry(village, "HM-01"),
            officer=writer,
            title=title,
            body="<p>场地借给邻村三天，电话13800138000。</p>",
            kind="notice",
        )
        proposals.attach(draft=draft, officer=writer, file=file, title="平面图")
        reviews.submit(draft=draft, officer=writer)
        return draft.disclosure

    return submit


def said(client) -> list[tuple[str, str]]:
    found = client.get("/desk/").context["groups"]
    return [(task.act, task.say) for group in found for task in group.tasks]


def test_sent_up_read_and_approved(sent, at, village):
    disclosure = sent()
    page = f"/desk/i/{disclosure.address}/"
    clerk, secretary, deputy = at("村文书", village), at("党委书记"), at("党委副书记")
    assert "报上级批准" in clerk.get(page).content.decode()
    assert clerk.get(f"{page}refer/").status_code == 200
    assert clerk.post(f"{page}refer/", {"text": "邻村等着用。"})["Location"] == page
    request = PriorApproval.objects.get()
    above = f"/desk/prior/{request.pk}/"
    assert (
        "看送审稿",
        f"{village.name}村文书报来目录外事项，等您批准。邻村等着用。",
    ) in said(secretary)
    shown = secretary.get(above).content.decode()
    assert "场地借给邻村三天" in shown
    assert "13800138000" not in shown
    file = f"{above}{request.review.draft.disclosure.address}.pdf"
    assert secretary.get(file).status_code == 404
    (link,) = secretary.get(above).context["sheet"].files
    assert secretary.get(link[1]).status_code == 200
    for stranger in (deputy, clerk):
        assert [stranger.get(each).status_code for each in (above, link[1])] == [404, 404]
    assert secretary.get(page).status_code == 404
    assert secretary.post(above, {"decision": "refuse", "text": ""}).status_code == 422
    assert secretary.post(above, {"decision": "approve", "text": "同意。"})["Location"] == "/desk/"
    told = clerk.get(page).content.decode()
    assert "中共青溪镇委员会党委书记</b> 上级已批准" in told
    assert "中共青溪镇委员会党委书记批准公开这一稿，意见是" in told
    assert f"中共青溪镇委员会党委书记批准了{village.name}的目录外事项。" in (
        at("纪委书记").get("/desk/audit/").content.decode()
    )


def test_taken_back_it_is_gone_above(sent, at, village):
    page = f"/desk/i/{sent().address}/"
    clerk, secretary = at("村文书", village), at("党委书记")
    clerk.post(f"{page}refer/", {"text": ""})
    request = PriorApproval.objects.get()
    back = f"{page}refer/{request.pk}/recall/"
    assert clerk.get(back).status_code == 200
    assert clerk.post(back, {"sure": "on"})["Location"] == page
    assert secretary.get(f"/desk/prior/{request.pk}/").status_code == 404
    assert clerk.get(f"{page}refer/999/recall/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_inbox_asks_once_for_all_of_them(sent, at, village, many, django_assert_num_queries):
    clerk, secretary = at("村文书", village), at("党委书记")
    for n in range(many):
        clerk.post(f"/desk/i/{sent(f'第{n}件').address}/refer/", {"text": ""})
    secretary.get("/desk/")
    with django_assert_num_queries(22):
        assert len(said(secretary)) == many

"""The administrator's pages: what they show, what they do, to whom they open."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import get_resolver
from tests.foundation.organisations.test_roster import sheet

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries, roster, views, workflow
from gongkai.foundation.organisations.models import Member, Tenure

HOME = "/desk/posts/"


@pytest.fixture
def today(qingxi) -> date:
    return queries.today(qingxi)


@pytest.fixture
def desk(signed_in, office):
    return signed_in(office)


def told(response) -> list[str]:
    """What the page said on top after a redirect."""
    return [str(message) for message in response.context["messages"]]


def reasons(response, form="form") -> list[str]:
    return list(response.context[form].non_field_errors())


@pytest.mark.parametrize("view", ["", "members/", "members/import/", "post/youth/"])
def test_only_the_administrator_enters(view, client, qingxi, signed_in, organiser, party_member):
    assert client.get(HOME + view)["Location"] == f"/accounts/login/?next={HOME}{view}"
    assert signed_in(organiser).get(HOME + view).status_code == 403
    assert signed_in(party_member).get(HOME + view).status_code == 403


def test_every_page_declares_the_administrators_door():
    patterns = get_resolver("gongkai.foundation.organisations.urls").url_patterns
    own = {"absences", "back"}  # officers register themselves
    doors = {pattern.callback.door for pattern in patterns if pattern.name not in own}
    assert doors == {views.ADMINISTRATOR}


def test_rights_end_with_the_post(desk, qingxi, party_member, today):
    post = queries.post(qingxi, "office")
    assert desk.get(HOME).status_code == 200
    workflow.hand_over(post=post, to=party_member, on=today, by=SYSTEM)
    assert desk.get(HOME).status_code == 403


def test_another_organisations_posts_and_people_are_not_there(
    qingxi, village_clerk, signed_in, party_member
):
    village = signed_in(village_clerk)
    assert [place.post.name for place in village.get(HOME).context["held"]] == [
        "村党支部书记",
        "村文书",
        "村务监督委员会主任",
    ]
    assert village.get(f"{HOME}post/youth/").status_code == 422
    assert village.get(f"{HOME}member/{party_member.key}/").status_code == 422
    assert village.post(f"{HOME}member/{party_member.key}/link/").status_code == 422


def test_vacant_posts_come_first(desk, qingxi, youth, today):
    workflow.end_tenure(
        tenure=Tenure.objects.get(member=youth.member), on=today - timedelta(days=1), by=SYSTEM
    )
    page = desk.get(HOME)
    assert [place.post.name for place in page.context["vacant"]] == ["团委书记"]
    assert len(page.context["held"]) == 7
    text = page.content.decode()
    assert text.index("没有人担任") < text.index("有人担任</h2>")


@pytest.mark.parametrize("many", [1, 3])
def test_the_lists_cost_the_same_for_one_and_three(many, desk, qingxi, django_assert_num_queries):
    for n in range(many):
        workflow.make_member(organisation=qingxi, name=f"某人{n}", by=SYSTEM)
    desk.get(HOME)
    with django_assert_num_queries(7):
        desk.get(HOME)
    with django_assert_num_queries(8):
        desk.get(f"{HOME}members/?name=某人")


def test_a_vacant_post_is_taken_and_handed_over(desk, qingxi, youth, party_member, today):
    workflow.end_tenure(
        tenure=Tenure.objects.get(member=youth.member), on=today - timedelta(days=1), by=SYSTEM
    )
    address = f"{HOME}post/youth/appoint/?name=一名"
    assert list(desk.get(address).context["form"].fields["member"].queryset) == [party_member]
    answer = desk.post(
        address, {"member": party_member.pk, "since": today.isoformat()}, follow=True
    )
    assert answer.redirect_chain == [(f"{HOME}post/youth/", 302)]
    assert queries.holder(queries.post(qingxi, "youth"), today) == party_member
    assert len(told(answer)) == 1
    again = f"{HOME}post/youth/appoint/?name=团委"
    assert "until" not in desk.get(again).context["form"].fields
    early = desk.post(again, {"member": youth.member.pk, "since": today.isoformat()})
    [sentence] = reasons(early)
    assert "一个岗位一天只由一人担任" in sentence
    tomorrow = today + timedelta(days=1)
    desk.post(again, {"member": youth.member.pk, "since": tomorrow.isoformat()})
    assert queries.holder(queries.post(qingxi, "youth"), tomorrow) == youth.member


def test_a_refusal_stands_in_the_form(desk, youth, today):
    answer = desk.post(
        f"{HOME}post/youth/appoint/", {"member": youth.member.pk, "since": today.isoformat()}
    )
    assert reasons(answer) == ["“团委书记”已经由团委书记担任，不用移交。"]


def test_a_tenure_is_ended(desk, qingxi, youth, today):
    tenure = Tenure.objects.get(member=youth.member)
    address = f"{HOME}post/youth/end/{tenure.pk}/"
    assert reasons(desk.post(address, {"on": "2019-01-01"})) == [
        "这段任职从2020年1月1日开始，最后一天不能比它早。请改日期。"
    ]
    desk.post(address, {"on": today.isoformat()})
    tenure.refresh_from_db()
    assert tenure.until == today
    assert desk.get(f"{HOME}post/youth/end/999999/").status_code == 422


def test_the_last_administrator_is_told_why_not(desk):
    acts = desk.get(f"{HOME}post/office/").context["acts"]
    assert [(act.label, len(act.obstacles)) for act in acts] == [
        ("移交给别人", 0),
        ("登记结束", 1),
    ]


def test_a_member_is_added_and_given_an_account(desk, client, settings):
    settings.EMAIL_HOST = "mail.example.org"
    desk.post(f"{HOME}members/new/", {"name": "新来的", "party": "on"})
    member = Member.objects.get(name="新来的")
    assert member.party
    answer = desk.post(
        f"{HOME}member/{member.key}/account/",
        {"account-username": "xinlai", "account-email": "xinlai@example.org"},
    )
    link = answer.context["link"]
    assert link in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    (letter,) = mail.outbox
    assert (letter.to, link in letter.body) == (["xinlai@example.org"], True)
    desk.logout()
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "token_fail" not in form.context


def test_an_account_that_cannot_be_is_told_on_the_members_page(desk, office, youth):
    address = f"{HOME}member/{youth.member.key}/account/"
    answer = desk.post(address, {"account-username": "a b", "account-email": ""})
    assert answer.status_code == 422
    assert list(answer.context["forms"].account.non_field_errors()) == [
        "用户名不能空着，也不能有空格。可以用汉字、字母和数字。"
    ]


def test_a_member_is_amended_and_leaves(desk, youth, today):
    page = f"{HOME}member/{youth.member.key}/"
    desk.post(page, {"name": "改名"})
    youth.member.refresh_from_db()
    assert (youth.member.name, youth.member.party) == ("改名", False)
    desk.post(f"{page}leave/", {"leave-on": today.isoformat()})
    assert queries.officer_of(Member.objects.get(pk=youth.member.pk), today).posts == ()
    assert "从" in desk.get(page).content.decode()


def test_a_roster_is_brought_in(desk, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def send(data: bytes):
        file = SimpleUploadedFile("roster.xlsx", data, roster.MEDIA_TYPE)
        return desk.post(f"{HOME}members/import/", {"file": file}, follow=True)

    answer = send(sheet(["甲", "是", "jia", "", "组织干市", ""]))
    assert answer.status_code == 422
    assert reasons(answer) == ["E2：没有“组织干市”这个岗位，最接近的是“组织干事”。"]
    good = sheet(["甲", "是", "jia", "jia@example.org", "", ""])
    assert told(send(good)) == ["已导入：新成员1人，新账号1个，任职0项，更正0人。"]
    assert told(send(good)) == ["名册里的都已经登记过，没有改动。"]
    assert reasons(send(b"no sheet")) == [
        "读不出这个文件。请用表格软件另存为 .xlsx（不加密、不带宏），再传一次。"
    ]


def test_the_blank_roster_is_a_download(desk):
    answer = desk.get(f"{HOME}members/roster.xlsx")
    assert answer["Content-Type"] == roster.MEDIA_TYPE
    assert len(roster.read(answer.content).mistakes) == 1

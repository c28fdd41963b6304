"""The desk's page 订阅与推送, as those who may and those who may not have it."""

import re
from html import unescape

import pytest
from tests.cast import officer_named
from tests.surfaces.board.office import address
from tests.surfaces.channels.conftest import work
from tests.surfaces.channels.hooks.conftest import receiver
from tests.surfaces.channels.hooks.test_messengers import WECOM

from gongkai.surfaces.channels.hooks import workflow as hooks
from gongkai.surfaces.channels.hooks.models import Delivery, Hook
from gongkai.surfaces.channels.lists import workflow as lists
from gongkai.surfaces.channels.lists.models import MailingList
from gongkai.surfaces.channels.models import Subscription

__all__ = ["receiver"]

PAGE = "/desk/messages/"


def said(response) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(words).split())


@pytest.fixture
def keeper(office, qingxi):
    return officer_named(qingxi, "党政办信息员")


@pytest.fixture
def clerk(office, qingxi):
    return officer_named(qingxi, "党政办主任")


def test_a_webhook_is_set_up_and_its_secret_shown_once(keeper, signed_in, receiver):
    client = signed_in(keeper)
    assert "还没有推送" in said(client.get(PAGE))
    wrong = client.post(f"{PAGE}hooks/new/webhook/", {"name": "", "address": "ftp://x"})
    assert wrong.status_code == 422
    made = client.post(
        f"{PAGE}hooks/new/webhook/",
        {"name": "县数据平台", "address": receiver.address, "categories": ["JC"]},
    )
    hook = Hook.objects.get()
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    at = f"{PAGE}hooks/{hook.pk}/"
    page = client.get(at)
    assert "决策决议" in said(page)
    assert secret not in page.content.decode()
    assert "hush" not in page.content.decode()
    client.post(f"{at}test/")
    work()
    assert "交到了 HTTP 200" in said(client.get(at))
    assert len(receiver.came) == 1
    again = client.post(f"{at}rotate/")
    assert secret not in again.content.decode()
    assert "旧的密钥用到" in said(again)
    client.post(f"{at}stop/")
    assert "接着送" in said(client.get(at))
    client.post(f"{at}remove/")
    assert (Hook.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_group_is_set_up_and_its_address_never_shown(keeper, signed_in):
    client = signed_in(keeper)
    form = {"name": "工作群", "service": "wecombot", "template": "line", "signing_key": ""}
    refused = client.post(f"{PAGE}hooks/new/messenger/", {**form, "pasted": "syslog://"})
    assert "这不是企业微信群机器人的地址" in said(refused)
    client.post(f"{PAGE}hooks/new/messenger/", {**form, "pasted": WECOM})
    pages = [client.get(PAGE), client.get(f"{PAGE}hooks/{Hook.objects.get().pk}/")]
    for page in pages:
        assert "企业微信群机器人" in said(page)
        assert "0123abcd" not in page.content.decode()


def test_a_list_is_made_filled_and_closed(clerk, signed_in):
    client = signed_in(clerk)
    form = {"name": "人大代表", "purpose": "请代表监督", "pace": "day"}
    client.post(f"{PAGE}lists/new/", form)
    chosen = MailingList.objects.get()
    at = f"{PAGE}lists/{chosen.pk}/"
    wrong = client.post(at, {"addresses": "bureau@county.example\nnobody"})
    assert "第2行：邮箱要写成 name@example.com 的样子。请核对一遍。" in said(wrong)
    client.post(at, {"addresses": "bureau@county.example\nli@example.org", "ours": "on"})
    page = client.get(at)
    assert "bu…@county.example" in said(page)
    assert "bureau@" not in page.content.decode()
    client.post(f"{at}change/", {**form, "pace": "week"})
    first = Subscription.objects.order_by("pk").first()
    assert first.pace == "week"
    client.post(f"{at}take-off/", {"handle": first.handle})
    assert "人大代表 请代表监督 每星期一早上8点，有新的才寄 1 0 0" in said(client.get(PAGE))
    client.post(f"{at}close/")
    assert (MailingList.objects.count(), Subscription.objects.count()) == (0, 0)


def test_who_may_not_reads_why_and_comes_no_further(clerk, organiser, signed_in, keeper, receiver):
    hook, _secret = hooks.add_webhook(
        officer=keeper, name="县数据平台", address=receiver.address, categories=[]
    )
    client = signed_in(clerk)
    assert "请信息员来设" in said(client.get(PAGE))
    assert client.get(f"{PAGE}hooks/{hook.pk}/").status_code == 403
    assert signed_in(organiser).get(PAGE).status_code == 403


def test_another_organisations_are_not_found(shiqiao, village_clerk, keeper, receiver, signed_in):
    hook, _secret = hooks.add_webhook(
        officer=keeper, name="县数据平台", address=receiver.address, categories=[]
    )
    client = signed_in(village_clerk)
    assert client.get(f"{PAGE}hooks/{hook.pk}/").status_code == 404
    assert client.post(f"{PAGE}hooks/{hook.pk}/rotate/").status_code == 404


def test_a_supervisor_leaves_the_daily_letter_out(qingxi, office, signed_in):
    client = signed_in(officer_named(qingxi, "纪委书记"))
    assert "停收日报" in said(client.get(PAGE))
    client.post(f"{PAGE}daily/", {"wanted": "no"})
    assert "您的岗位停收了。" in said(client.get(PAGE))


def test_three_of_each_ask_no_more_questions(
    clerk, keeper, signed_in, receiver, django_assert_max_num_queries
):
    def one(number: int) -> None:
        hooks.add_webhook(
            officer=keeper, name=f"推{number}", address=receiver.address, categories=[]
        )
        lists.make(officer=clerk, name=f"列{number}", purpose="看", pace="day", categories=[])

    client = signed_in(clerk)
    one(1)
    client.get(PAGE)
    with django_assert_max_num_queries(99) as first:
        client.get(PAGE)
    one(2)
    one(3)
    with django_assert_max_num_queries(len(first)):
        client.get(PAGE)
    assert address(1) not in said(client.get(PAGE))

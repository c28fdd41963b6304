"""Messages to groups: to the four robots and nowhere else, in words that nobody can twist."""

import json
import logging
import sys
from email import charset

import pytest
import requests
from tests.surfaces.board.office import address
from tests.surfaces.channels.hooks.conftest import go

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.surfaces.channels.hooks import jobs, messengers, workflow
from gongkai.surfaces.channels.hooks.models import Delivery, Hook
from gongkai.surfaces.channels.titles import plain

A, B = address(1), address(2)
KEY = "0123abcd-ef45"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
ROBOTS = {
    "wecombot": WECOM,
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=0123abcdef45",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}",
    "lark": f"https://open.larksuite.com/open-apis/bot/v2/hook/{KEY}",
}


def text(data) -> str:
    """What was posted as JSON, readable."""
    return str(json.loads(data))


class Messenger:
    """The messenger's server at the far edge: what it was sent, and whether it takes it."""

    def __init__(self) -> None:
        self.came, self.status = [], 200

    def __call__(self, url, **given) -> requests.Response:
        self.came.append((url, given))
        answer = requests.Response()
        answer.status_code, answer._content = self.status, b'{"code": 0, "errcode": 0}'
        return answer


@pytest.fixture
def messenger(monkeypatch):
    made = Messenger()
    monkeypatch.setattr(requests, "post", made)
    return made


@pytest.mark.once
@pytest.mark.parametrize("service", sorted(ROBOTS))
def test_the_address_that_the_robot_shows_is_where_it_goes(service, messenger):
    shown = ROBOTS[service]
    assert messengers.send(messengers.address(service, f" {shown} "), "新公开：甲\nhttps://a/")
    # The library would have all letters of this process encoded in another way.
    assert charset.CHARSETS["utf-8"] == (charset.SHORTEST, charset.BASE64, "utf-8")
    ((url, given),) = messenger.came
    assert url.rstrip("/") == shown
    assert "新公开：甲" in text(given["data"])
    assert given["allow_redirects"] is False
    assert given["verify"] is True


@pytest.mark.once
def test_dingtalk_signs_where_its_robot_asks_for_it(messenger):
    assert messengers.send(messengers.address("dingtalk", ROBOTS["dingtalk"], "SEC123abc"), "甲")
    ((_url, given),) = messenger.came
    assert sorted(given["params"]) == ["sign", "timestamp"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("pasted", "signing"),
    [
        ("json://169.254.169.254/", ""),
        ("syslog://", ""),
        ("wecombot://key/?verify=no", ""),
        (f"{WECOM}&debug=1", ""),
        ("https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=a", ""),
        (f"{WECOM}\nx", ""),
        (WECOM, "SEC123"),
    ],
)
def test_nothing_else_is_let_in(pasted, signing):
    with pytest.raises(Refused):
        messengers.address("wecombot", pasted, signing)


@pytest.mark.once
def test_a_title_cannot_turn_or_hide_what_follows():
    assert plain("甲\r\nSubject:\tx\u202e乙\u200b\u2066\x00") == "甲 Subject: x乙"


def group(keeper, template="line") -> Hook:
    return workflow.add_messenger(
        officer=keeper, name="镇工作群", service="wecombot", pasted=WECOM, signing_key="",
        template=template, categories=[],
    )  # fmt: skip


def said(messenger) -> list[str]:
    return [text(given["data"]) for _url, given in messenger.came]


def test_a_group_hears_of_openings_and_withdrawals_but_of_no_erasure(office, keeper, messenger):
    group(keeper, "facts")
    office.release(A, title="修渠的决定")
    go(office)
    (told,) = said(messenger)
    for part in ("新公开：修渠的决定", "决策决议", "2026年11月16日", f"/i/{A}"):
        assert part in told
    office.withdraw(A, title="修渠的决定")
    go(office)
    assert "撤回：修渠的决定" in said(messenger)[1]
    office.erase(A)
    go(office)
    assert len(messenger.came) == 2
    assert KEY not in str(list(Act.objects.values()))


def test_a_robot_that_is_gone_is_waited_for(office, keeper, messenger):
    hook = group(keeper)
    messenger.status = 404
    office.release(A)
    go(office)
    hook.refresh_from_db()
    assert (hook.trouble, hook.attempts) == ("messenger", 1)


def test_without_the_extra_the_desk_is_told_what_to_install(office, keeper, monkeypatch, messenger):
    hook = group(keeper)
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert not messengers.installed()
    jobs.try_out.call(hook.pk)
    assert Delivery.objects.get().get_trouble_display() == (
        "这台机器没有装群消息的程序。请安装 gongkai[messengers]，再重启。"
    )


@pytest.mark.once
def test_no_log_holds_the_key(messenger, caplog):
    caplog.set_level(logging.DEBUG)
    messenger.status = 500
    assert not messengers.send(messengers.address("wecombot", WECOM), "甲")
    assert KEY not in caplog.text

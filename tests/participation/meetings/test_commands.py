"""``gongkai reception``, as the holders of posts."""

import pytest
from click.testing import CliRunner

from gongkai.foundation.core.errors import Refused
from gongkai.participation.meetings.commands import reception
from gongkai.participation.meetings.models import ReceptionDay

pytestmark = pytest.mark.django_db

ACT = ("--org", "qingxi", "--as", "office")
PLAN = (
    "plan",
    *ACT,
    "--who",
    "deputy",
    "--on",
    "2026-11-25",
    "--starts",
    "09:00",
    "--place",
    "一楼",
)


def run(*words):
    ended = CliRunner().invoke(reception, words)
    if isinstance(ended.exception, Refused):
        return ended.exception.obstacles
    assert ended.exception is None, ended.exception
    return ended.output


def test_a_series_is_planned_announced_and_cancelled(township, log):
    said = run(*PLAN, "--every", "2", "--until", "2026-12-23")
    assert said.count("党委副书记") == 3
    keys = list(ReceptionDay.objects.order_by("date").values_list("key", flat=True))
    first = ("--org", "qingxi", "--as", "discipline-deputy")
    assert "已经公布" in run("approve", keys[0], *first)
    assert run("approve", keys[0], *first) == ["这条公告已经审定或者退回了。请看最新的情况。"]
    run("return", keys[1], *first, "--reason", "换地方")
    cancelled = run("cancel", keys[0], *ACT, "--reason", "防汛")
    assert "已取消" in cancelled
    assert run("list", "--org", "qingxi").count("\n") == 3


def test_bad_input_says_what_to_do(township, log):
    assert run(*PLAN, "--every", "2") == ["重复的，请写到哪天为止"]
    assert run("cancel", "NONE", *ACT, "--reason", "x") == ["没有接访日“NONE”。"]

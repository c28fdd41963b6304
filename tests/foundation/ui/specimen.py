"""Pages made of every component, with invented content: looked at, measured, compared in tests."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from gongkai.foundation.ui.jinja import environment
from gongkai.foundation.ui.parts import Act, Category, Column, Event, Frame, Link, Step

FOLDER = Path(__file__).with_name("specimens")
TODAY = date(2026, 11, 23)
PAGES = sorted(file.name for file in FOLDER.iterdir())

NAMES = {
    "zh-hans": [
        "决策决议",
        "党风廉政",
        "制度建设",
        "思想建设",
        "组织建设",
        "班子建设",
        "服务群众",
        "其它事项",
    ],
    "en": [
        "Decisions and resolutions",
        "Party conduct and integrity",
        "Rules and regulations",
        "Political education",
        "Organisation building",
        "Leadership team",
        "Serving the people",
        "Other matters",
    ],
}
BOXES = {
    "zh-hans": ("会议决议", "落实结果"),
    "en": ("Meeting resolutions", "Results of implementation"),
}
WORDS = {
    "zh-hans": ("最新公开", "全部484件", "45项目录"),
    "en": ("Latest", "All 484", "Catalogue of 45 entries"),
}


class Say(forms.Form):
    """Every kind of field."""

    say = forms.CharField(label="您的意见", help_text="写清楚时间、地点。", widget=forms.Textarea)
    show = forms.ChoiceField(
        label="能不能公开",
        choices=[("yes", "可以在回音壁公开"), ("no", "只让经办人看")],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label="发到哪里",
        choices=[("web", "网站"), ("screen", "电子屏")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    entry = forms.ChoiceField(label="目录事项", choices=[("JC-05", "JC-05 党委会议决议")])
    name = forms.CharField(label="怎么称呼您", required=False)
    proof = forms.FileField(label="附件", required=False)
    agree = forms.BooleanField(label="所写属实", help_text="写明姓名的，会记在封存的内容里。")


def page(name: str, language: str = "zh-hans") -> str:
    """The specimen ``name`` in ``language``."""
    with override(language):
        source = (FOLDER / name).read_text("utf-8")
        if name.endswith(".jinja"):
            return environment().from_string(source).render(**_values(language))
        request = RequestFactory().get("/specimen/")
        request.user = AnonymousUser()
        request.organisation_name = _frame(language).organisation
        return engines["django"].from_string(source).render(_values(language), request)


def _values(language: str) -> dict[str, Any]:
    return {
        "frame": _frame(language),
        "names": NAMES[language],
        "words": WORDS[language],
        "today": TODAY,
        "D": date,
        "start": date(2026, 11, 20),
        "soon": date(2026, 11, 27),
        "late": date(2026, 11, 19),
        "at": datetime(2026, 11, 23, 1, 40, tzinfo=UTC),
        "trail": [Link("待我办", "#", current=True), Link("审核确定", "#", count=4)],
        "rows": [("党内", "11月27日9:00"), ("社会", "12月1日9:00")],
        "parts": [("done", 2), ("late", 1)],
        "rail": RAIL,
        "flow": FLOW,
        "events": EVENTS,
        "list": ACTS,
        "form": Say({"show": "yes"}),
    }


def _frame(language: str) -> Frame:
    boxes = [Link(name, "#", count=64) for name in BOXES[language]]
    english = language == "en"
    return Frame(
        organisation="Qingxi Township Party Committee" if english else "中共青溪镇委员会",
        line="先审核，后公开；先党内，后党外",
        nav=[Link("首页", "#", current=True), Link("公开目录", "#"), Link("回音壁", "#")],
        languages=[Link("中文", "#", lang="zh") if english else Link("English", "#", lang="en")],
        tools=[Link("党员登录", "#")],
        search="/search/",
        categories=[
            Category(name, "#", boxes, current=not n) for n, name in enumerate(NAMES[language])
        ],
        columns=[
            Column("中共青溪镇委员会", ["青溪镇政府街1号", "党务公开室 0000-6600101"]),
            Column("监督", (), [Link("撤回登记", "#"), Link("不予公开的统计", "#")]),
        ],
    )


RAIL = [
    ("#", "待我办", 8, False),
    ("#", "公开日历", None, False),
    (None, "五个步骤", None, False),
    ("#", "提出内容", 6, False),
    ("#", "审核确定", 4, True),
    ("#", "实施公开", 3, False),
    ("#", "处理反馈", 12, False),
    ("#", "归档管理", 5, False),
]
FLOW = [
    Step("提出内容", "done", ["民政办公室", "11月19日已提交"]),
    Step("审核确定", "now", ["正在办，三级里的第二级", "11月27日前"]),
    Step("实施公开", "todo", ["党内11月27日", "社会12月1日"]),
    Step("处理反馈", "todo", ["公示5个工作日"]),
    Step("归档管理", "todo", ["保管30年"]),
]
EVENTS = [
    Event(datetime(2026, 11, 23, 1, 40, tzinfo=UTC), "系统检查了正文，发现1个个人手机号码。"),
    Event(
        datetime(2026, 11, 20, 8, 5, tzinfo=UTC),
        "民政办公室主任通过第一级审核，意见是",
        "户数与救助台账一致",
        Link("看改动", "#"),
    ),
]
ACTS = [
    Act("通过，交给党委书记", obstacles=["还不能通过：正文第3段有1个个人手机号码没有处理。"]),
    Act("退回修改", "#", hint="要写理由，民政办公室会收到。"),
    Act("请纪委先看", "#", quiet=True),
    Act("撤回提交", "#", ["只有提出人能撤回：民政干事。"], post=True),
]

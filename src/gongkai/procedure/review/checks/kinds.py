"""The kinds of findings: how each is called, what it says, and what to do about it.

The names are those of the charter's ``[checks]``; a test holds the two together.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Group:
    """Kinds that are shown together (一组检查)."""

    key: str
    name: Any


PERSONS = Group("persons", _("个人信息"))
SECRECY = Group("secrecy", _("保密"))
WORDING = Group("wording", _("用词"))
FIGURES = Group("figures", _("日期和数字"))
MAKING = Group("making", _("内容是否齐全"))

GROUPS = (PERSONS, SECRECY, WORDING, FIGURES, MAKING)


@dataclass(frozen=True)
class Kind:
    """One kind of finding (检查种类). ``sentences`` by variant; "" where there is only one.

    ``mended``: only the writer can mend it, so where it blocks, it already stops the submission.
    ``exact``: what was found is a person's and is never shown but under its mask.
    """

    name: str
    group: Group
    title: Any
    advice: Any
    sentences: dict[str, Any] = field(default_factory=dict)
    mended: bool = False
    exact: bool = False


_MASK = _("隐去，或者写成统一的遮盖样式；确实要公开的，由审核人写明理由。")
_PERSON = _("删去能认出这个人的内容；确实要公开的，由审核人写明理由。")

KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind(
            "identity", PERSONS, _("身份证号码"), _MASK, {"": _("身份证号码%(masked)s")}, exact=True
        ),
        Kind("mobile", PERSONS, _("手机号码"), _MASK, {"": _("手机号码%(masked)s")}, exact=True),
        Kind("phone", PERSONS, _("住宅电话"), _MASK, {"": _("住宅电话%(masked)s")}, exact=True),
        Kind("card", PERSONS, _("银行卡号"), _MASK, {"": _("银行卡号%(masked)s")}, exact=True),
        Kind("plate", PERSONS, _("车牌号"), _MASK, {"": _("车牌号%(masked)s")}, exact=True),
        Kind(
            "address",
            PERSONS,
            _("家庭住址"),
            _("住址只写到乡镇；办公地址确实要公开的，由审核人写明理由。"),
            {"": _("详细住址%(masked)s")},
            exact=True,
        ),
        Kind("email", PERSONS, _("个人邮箱"), _MASK, {"": _("电子邮箱%(masked)s")}, exact=True),
        Kind(
            "minor",
            PERSONS,
            _("未成年人"),
            _PERSON,
            {"": _("像是未成年人的信息：%(masked)s"), "born": _("未成年人的身份证号码%(masked)s")},
        ),
        Kind("illness", PERSONS, _("病情"), _PERSON, {"": _("像是个人的病情：%(masked)s")}),
        Kind(
            "unreadable",
            PERSONS,
            _("读不出的附件"),
            _("请打开核对有没有个人信息和涉密标志。"),
            {"": _("附件“%(name)s”里的文字读不出来，请打开核对有没有个人信息")},
        ),
        Kind(
            "secrecy",
            SECRECY,
            _("密级标志"),
            _("涉密的一律不能公开。请核对来源，退回或者改用可以公开的文本。"),
            {"": _("密级标志“%(masked)s”")},
        ),
        Kind(
            "inner",
            SECRECY,
            _("内部标志"),
            _("请核对能不能公开；能公开的，删去标志或者由审核人写明理由。"),
            {"": _("内部标志“%(masked)s”")},
        ),
        Kind(
            "words",
            WORDING,
            _("词表"),
            _("请按词表改；用在这里没有错的，不用改。"),
            {
                "leader": _("“%(masked)s”的职务，词表上是“%(instead)s”"),
                "sensitive": _("词表上的慎用词“%(masked)s”"),
                "sensitive instead": _("词表上的慎用词“%(masked)s”，可以写“%(instead)s”"),
                "mistyped": _("“%(masked)s”常常是“%(instead)s”写错的"),
            },
        ),
        Kind(
            "dates",
            FIGURES,
            _("日期"),
            _("请对照原件核对日期。"),
            {
                "none": _("没有“%(masked)s”这一天"),
                "weekday": _("%(masked)s是%(right)s，写成了%(wrong)s"),
                "order": _("“%(masked)s”：结束早于开始"),
                "far": _("“%(masked)s”离现在很远，核对年份"),
            },
        ),
        Kind(
            "period",
            FIGURES,
            _("公示期"),
            _("请改公示的起止日期。公示的第一天计入，只数工作日。"),
            {
                "short": _("公示期“%(masked)s”不够%(days)s个工作日，至少到%(until)s"),
                "count": _("公示期“%(masked)s”是%(right)s个工作日，写成了%(wrong)s个"),
            },
        ),
        Kind(
            "sums",
            FIGURES,
            _("合计"),
            _("请重新加一遍，或者对照原始凭证。"),
            {
                "": _("“%(label)s”写的是%(masked)s，加起来是%(right)s"),
                "percent": _("“%(label)s”一列的百分比加起来是%(right)s%%"),
            },
        ),
        Kind(
            "capitals",
            FIGURES,
            _("大写金额"),
            _("请对照原件，把大写和小写改成一样。"),
            {"": _("大写“%(masked)s”是%(right)s元，小写是%(wrong)s元")},
        ),
        Kind(
            "links",
            MAKING,
            _("站内链接"),
            _("请改成有效的地址，或者去掉链接。"),
            {
                "missing": _("站内没有%(masked)s这个地址"),
                "withdrawn": _("%(masked)s已经撤回，打开只有撤回说明"),
            },
        ),
        Kind(
            "pictures",
            MAKING,
            _("图片说明"),
            _("请写一句话，说明图上有什么：正文里的图片改说明，附件里的改名称。"),
            {"": _("图片“%(name)s”没有文字说明"), "placed": _("正文里的图片没有文字说明")},
        ),
        Kind(
            "tables",
            MAKING,
            _("表头"),
            _("请把表格的第一行设成表头，读屏软件才能读出每一格是什么。"),
            {"": _("表格没有表头")},
        ),
        Kind(
            "elements",
            MAKING,
            _("应当写明的内容"),
            _("只照字面找。请看看正文里是不是用别的话写明了。"),
            {"": _("照字面没有找到：%(masked)s")},
        ),
        Kind(
            "unfilled",
            MAKING,
            _("没有填的空"),
            _("请填上，或者删去这一处。"),
            {"": _("“%(masked)s”还没有填")},
            mended=True,
        ),
        Kind(
            "unprintable",
            MAKING,
            _("印不出来的字"),
            _("字体里没有这个字。请改成文字，或者换一个字。"),
            {"": _("“%(masked)s”（%(points)s）印不出来")},
            mended=True,
        ),
    )
}


def sentence(kind: str, variant: str) -> Any:
    """What a finding of ``kind`` says, to be filled with its facts."""
    return KINDS[kind].sentences[variant]

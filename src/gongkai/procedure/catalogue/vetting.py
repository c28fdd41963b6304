"""What a charter says about drafting, the checks before review, and what goes beside its stages."""

from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from gongkai.procedure.catalogue.reading import said

BLOCKING, ADVISORY = "blocking", "advisory"
LEVELS = (BLOCKING, ADVISORY)

TEMPLATES = {
    "notice": gettext_noop("公示"),
    "appointment": gettext_noop("任前公示"),
    "commendation": gettext_noop("表彰"),
    "decision": gettext_noop("决定"),
    "minutes": gettext_noop("会议纪要"),
    "accounts": gettext_noop("财务公开表"),
    "brief": gettext_noop("简报"),
}
"""The document templates that come with the product (文稿模板): the names that entries use, and
what sheets and people call them."""


def _level(label: Any, default: str) -> Any:
    return said(label, one_of=LEVELS, default=default)


@dataclass(frozen=True)
class Checks:
    """How each kind of finding before review is taken (审核前检查).

    What is ``blocking`` holds up the last stage and the seal until a reviewer has signed a reason;
    what is ``advisory`` is shown, and kept as seen. Domain rules §6: personal data blocks.
    """

    identity: str = _level(gettext_lazy("身份证号码"), BLOCKING)
    mobile: str = _level(gettext_lazy("手机号码"), BLOCKING)
    phone: str = _level(gettext_lazy("住宅电话"), ADVISORY)
    card: str = _level(gettext_lazy("银行卡号"), BLOCKING)
    plate: str = _level(gettext_lazy("车牌号"), ADVISORY)
    address: str = _level(gettext_lazy("家庭住址"), BLOCKING)
    email: str = _level(gettext_lazy("个人邮箱"), ADVISORY)
    minor: str = _level(gettext_lazy("未成年人"), BLOCKING)
    illness: str = _level(gettext_lazy("病情"), BLOCKING)
    unreadable: str = _level(gettext_lazy("读不出的附件"), BLOCKING)
    secrecy: str = _level(gettext_lazy("密级标志"), BLOCKING)
    inner: str = _level(gettext_lazy("内部标志"), BLOCKING)
    words: str = _level(gettext_lazy("词表"), ADVISORY)
    dates: str = _level(gettext_lazy("日期"), ADVISORY)
    period: str = _level(gettext_lazy("公示期"), BLOCKING)
    sums: str = _level(gettext_lazy("合计"), ADVISORY)
    capitals: str = _level(gettext_lazy("大写金额"), ADVISORY)
    links: str = _level(gettext_lazy("站内链接"), ADVISORY)
    pictures: str = _level(gettext_lazy("图片说明"), ADVISORY)
    tables: str = _level(gettext_lazy("表头"), ADVISORY)
    elements: str = _level(gettext_lazy("应当写明的内容"), ADVISORY)
    unfilled: str = _level(gettext_lazy("没有填的空"), BLOCKING)
    unprintable: str = _level(gettext_lazy("印不出来的字"), BLOCKING)

    def blocking(self) -> dict[str, bool]:
        """Of each kind, whether it blocks."""
        return {each.name: getattr(self, each.name) == BLOCKING for each in fields(self)}


@dataclass(frozen=True)
class Consulting:
    """Asking other posts for their opinion during review (会签).

    They have ``workdays``; with ``wait`` the last stage and the seal wait until each has answered,
    or somebody no longer waits for it.
    """

    workdays: int = said(gettext_lazy("会签的工作日数"), least=1, most=60, default=2)
    wait: bool = said(gettext_lazy("等齐会签意见才能办最后一级"), default=True)


@dataclass(frozen=True)
class Prior:
    """Deciding on what bodies below want to disclose outside their catalogue (事前报批).

    One of ``posts`` decides, within ``workdays``; left empty, those that fix the review seal.
    """

    posts: tuple[str, ...] = said(gettext_lazy("批准下级目录外事项的岗位"), most=40, default=())
    workdays: int = said(gettext_lazy("批准的工作日数"), least=1, most=60, default=3)


@dataclass(frozen=True)
class Claiming:
    """Taking on a stage where several may act (认领): for so many hours nobody else decides it."""

    hours: int = said(gettext_lazy("认领几小时后自己放开"), least=1, most=240, default=24)


@dataclass(frozen=True)
class Emergency:
    """The emergency path (紧急公开): sealed and opened at once, looked at afterwards.

    ``posts`` may use it, one of ``confirm`` looks at it within ``workdays``: another person. With
    ``proposer`` the one who wrote it may use it too; otherwise two persons know of it from the
    start.
    """

    posts: tuple[str, ...] = said(gettext_lazy("可以紧急公开的岗位"), least=1, most=40)
    confirm: tuple[str, ...] = said(gettext_lazy("补审的岗位"), least=1, most=40)
    workdays: int = said(gettext_lazy("补审的工作日数"), least=1, most=60, default=1)
    proposer: bool = said(gettext_lazy("提出人也可以紧急公开"), default=False)

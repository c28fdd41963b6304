"""What a charter says about drafting and the checks before review."""

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

    def blocking(self) -> dict[str, bool]:
        """Of each kind, whether it blocks."""
        return {each.name: getattr(self, each.name) == BLOCKING for each in fields(self)}

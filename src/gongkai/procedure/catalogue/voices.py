"""What a charter says about voices: how long each kind may take, who answers it, what may stop its
clock.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gongkai.procedure.catalogue.reading import SLUG, said

KINDS = ("opinion", "topic", "hotline", "visit", "letter", "book", "question", "problem")
"""The kinds of voices (办件类别), as ``feedback`` knows them; a test holds the two together."""

PUBLIC_KINDS = tuple(kind for kind in KINDS if kind not in ("visit", "letter"))
"""Those that may come to the wall: letters and visits 信访 never do."""


@dataclass(frozen=True)
class Stop:
    """A reason for which a voice's clock may stand still (暂停计时的理由); with ``most_days``, no
    longer than so many days, after which it runs on by itself.
    """

    key: str = said(gettext_lazy("代号"), least=1, most=20, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=60)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=120)
    most_days: int = said(gettext_lazy("最多停多少日"), most=365, default=0)


@dataclass(frozen=True)
class Route:
    """Which post answers voices of a kind, or about a category (分办规则); the first that fits."""

    post: str = said(gettext_lazy("岗位"), least=1, most=40)
    kind: str = said(gettext_lazy("办件类别"), one_of=KINDS, default="")
    category: str = said(gettext_lazy("类别"), most=20, default="")


@dataclass(frozen=True)
class Wording:
    """An answer to begin from (答复模板)."""

    name: str = said(gettext_lazy("名称"), least=1, most=40)
    text: str = said(gettext_lazy("文字"), least=1, most=1000)


@dataclass(frozen=True)
class Unpassed:
    """A named exemption (上墙例外): unchanged words of these kinds hang on the wall without a
    second person, for the reason that is written beside it.
    """

    name: str = said(gettext_lazy("名称"), least=1, most=100)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=200)
    reason: str = said(gettext_lazy("理由"), least=1, most=500)
    reason_en: str = said(gettext_lazy("英文理由"), least=1, most=1000)
    kinds: tuple[str, ...] = said(gettext_lazy("办件类别"), least=1, one_of=PUBLIC_KINDS)


@dataclass(frozen=True)
class Voices:
    """The rules for voices (意见处理).

    A length of 0 working days is that of an opinion. Letters and visits 信访 are told within
    ``petition_notice_days`` whether they are taken up, and answered ``petition_days`` after that;
    days of both count every day. Any voice's time may be extended once. With ``topic_seconds`` an
    answer to a topic is owed once so many others have seconded it; with 0, at once. ``questioned``
    are the posts that may be questioned; when left empty, those that answer.
    """

    question_workdays: int = said(gettext_lazy("答复质询的工作日数"), most=250, default=0)
    hotline_workdays: int = said(gettext_lazy("答复热线来电的工作日数"), most=250, default=0)
    book_workdays: int = said(gettext_lazy("答复意见簿的工作日数"), most=250, default=0)
    extend_workdays: int = said(gettext_lazy("最多延长的工作日数"), most=250, default=5)
    petition_notice_days: int = said(
        gettext_lazy("来信来访多少日内告知是否受理"), least=1, most=365, default=15
    )
    petition_days: int = said(
        gettext_lazy("来信来访受理后多少日内办结"), least=1, most=365, default=60
    )
    petition_extend_days: int = said(gettext_lazy("来信来访最多延长多少日"), most=365, default=30)
    topic_seconds: int = said(gettext_lazy("点题要多少人附议才必须答复"), most=100_000, default=0)
    questioned: tuple[str, ...] = said(gettext_lazy("可以质询的岗位"), most=40, default=())
    stops: tuple[Stop, ...] = said(gettext_lazy("暂停计时的理由"), default=())
    routes: tuple[Route, ...] = said(gettext_lazy("分办规则"), default=())
    wordings: tuple[Wording, ...] = said(gettext_lazy("答复模板"), default=())
    unpassed: Unpassed | None = said(gettext_lazy("上墙例外"), default=None)

"""A case's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    """Which kind of voice it is (办件类别)."""

    OPINION = "opinion", _("意见")
    TOPIC = "topic", _("点题")
    HOTLINE = "hotline", _("热线")
    VISIT = "visit", _("来访")
    BOOK = "book", _("意见簿")
    QUESTION = "question", _("质询")
    PROBLEM = "problem", _("指出问题")
    LETTER = "letter", _("来信")


PETITIONS = (CaseKind.VISIT, CaseKind.LETTER)
"""Letters and visits 信访: told first whether they are taken up; every day counts."""
TAKEN_DOWN = (
    CaseKind.HOTLINE,
    CaseKind.VISIT,
    CaseKind.LETTER,
    CaseKind.BOOK,
    CaseKind.OPINION,
    CaseKind.TOPIC,
)
"""What a clerk may take down for somebody."""


class Ground(models.TextChoices):
    """What is wrong with an item, as a reader sees it (问题类别)."""

    ERROR = "error", _("内容有误")
    PRIVACY = "privacy", _("泄露个人信息")
    COPYRIGHT = "copyright", _("侵犯著作权")
    OUTDATED = "outdated", _("内容过时")
    ACCESS = "access", _("看不了、读不出")


class CaseState(models.TextChoices):
    """Where a case stands (办理状态)."""

    RECEIVED = "received", _("等分办")
    ASSIGNED = "assigned", _("正在办")
    DRAFTED = "drafted", _("答复待审定")
    ANSWERED = "answered", _("已答复")
    MERGED = "merged", _("并入另一件")
    HANDED = "handed", _("已转交别的单位")
    WITHDRAWN = "withdrawn", _("本人撤回")


UNANSWERED = (CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.DRAFTED)
"""States in which a voice still waits. Named one by one: an index leads to each."""
LEADING_ON = (CaseState.MERGED, CaseState.HANDED)
"""States in which another case answers: that of which this one is part, or the other body's."""
ELSEWHERE = (*LEADING_ON, CaseState.WITHDRAWN)
"""States in which nobody here owes an answer any more, though none was given."""


class Outcome(models.TextChoices):
    """How a case ended, honestly (办理结果)."""

    DONE = "done", _("已办成")
    PARTLY = "partly", _("部分办成")
    ADOPTED = "adopted", _("已采纳")
    EXPLAINED = "explained", _("已说明")
    PLANNED = "planned", _("已列入计划")
    IMPOSSIBLE = "impossible", _("不能办，有理由")
    ELSEWHERE = "elsewhere", _("不归本单位，已转告")
    CORRECTED = "corrected", _("已更正")
    REMOVED = "removed", _("已撤下")
    REFUSED = "refused", _("不改，有理由")


OF_PROBLEMS = (Outcome.CORRECTED, Outcome.REMOVED, Outcome.EXPLAINED, Outcome.REFUSED)
OF_OTHERS = (
    Outcome.DONE,
    Outcome.PARTLY,
    Outcome.ADOPTED,
    Outcome.EXPLAINED,
    Outcome.PLANNED,
    Outcome.IMPOSSIBLE,
    Outcome.ELSEWHERE,
)


def outcomes_of(kind: str) -> tuple[Outcome, ...]:
    """How a case of this kind may end."""
    return OF_PROBLEMS if kind == CaseKind.PROBLEM else OF_OTHERS


MOVES: dict[str, tuple[CaseState, ...]] = {
    CaseState.RECEIVED: (CaseState.ASSIGNED, *ELSEWHERE),
    CaseState.ASSIGNED: (
        CaseState.ASSIGNED,
        CaseState.DRAFTED,
        CaseState.ANSWERED,
        *ELSEWHERE,
    ),
    CaseState.DRAFTED: (CaseState.ASSIGNED, CaseState.ANSWERED, CaseState.WITHDRAWN),
    CaseState.ANSWERED: (CaseState.ASSIGNED,),
    CaseState.MERGED: (CaseState.RECEIVED, CaseState.ASSIGNED),
    CaseState.HANDED: (),
    CaseState.WITHDRAWN: (),
}


class HeldState(models.TextChoices):
    """What became of a voice that a supervisor reads first (先看的结果)."""

    WAITING = "waiting", _("等人看")
    PASSED = "passed", _("已放行")
    REFUSED = "refused", _("不受理")
    WITHDRAWN = "withdrawn", _("本人撤回")


class NoteKind(models.TextChoices):
    """What the office writes down for itself (内部记录)."""

    NOTE = "note", _("内部备注")
    CALL = "call", _("通话记录")


class Moment(models.TextChoices):
    """When a voice says whether it is content (评价时点)."""

    CLOSING = "closing", _("答复时")
    LATER = "later", _("四周以后")


class PatternState(models.TextChoices):
    """What became of a suggestion from several voices (建议状态)."""

    PROPOSED = "proposed", _("等人接手")
    TAKEN = "taken", _("已接手")
    DECLINED = "declined", _("没有采纳")


class Happened(models.TextChoices):
    """What whoever gave a voice is told of (告知事项), in the words of a letter's subject."""

    RECEIVED = "received", _("收下了")
    ACCEPTED = "accepted", _("受理了")
    EXTENDED = "extended", _("延长了期限")
    STOPPED = "stopped", _("暂停计时")
    RESUMED = "resumed", _("接着计时")
    HANDED = "handed", _("转交了")
    ANSWERED = "answered", _("有答复了")
    SURVEY = "survey", _("请您说一声办好了没有")


class Verdict(models.TextChoices):
    """What a voice says of its answer (满意度)."""

    YES = "yes", _("满意")
    NO = "no", _("不满意")


class WallReason(models.TextChoices):
    """Why words were changed, kept off the wall or taken down (上墙的调整理由)."""

    PERSON = "person", _("写到了别人的个人情况")
    OWN = "own", _("写到了本人的身份和住处")
    INSULT = "insult", _("有辱骂的话")
    UNPROVED = "unproved", _("点名指责，还没有查实")
    SECRET = "secret", _("涉及国家秘密或者商业秘密")
    UNLAWFUL = "unlawful", _("法律不许公开")
    ADVERT = "advert", _("是广告")
    SHORTENED = "shortened", _("太长，只留要点")
    ERROR = "error", _("上墙时弄错了")
    ASKED = "asked", _("本人要求撤下")
    ERASED = "erased", _("说的那一件已经清除")


TO_CHANGE = (
    WallReason.PERSON,
    WallReason.OWN,
    WallReason.INSULT,
    WallReason.UNPROVED,
    WallReason.SECRET,
    WallReason.SHORTENED,
)
"""Why the office may change words."""
TO_KEEP_OFF = (
    WallReason.PERSON,
    WallReason.OWN,
    WallReason.INSULT,
    WallReason.UNPROVED,
    WallReason.SECRET,
    WallReason.UNLAWFUL,
    WallReason.ADVERT,
)
"""Why the office may keep a voice off the wall."""
TO_REFUSE = (WallReason.ADVERT, WallReason.INSULT, WallReason.SECRET, WallReason.UNLAWFUL)
"""Why a supervisor may refuse a voice that was read first."""
TO_TAKE_DOWN = (
    WallReason.PERSON,
    WallReason.OWN,
    WallReason.UNPROVED,
    WallReason.SECRET,
    WallReason.UNLAWFUL,
    WallReason.ERROR,
)
"""Why the office may take a voice down again."""

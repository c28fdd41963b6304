"""Who may move a case's clock, merge it, hand it over, list it as a topic, and when."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import Officer, ancestors, subtree
from gongkai.foundation.organisations.rules import LONGEST_NOTE, not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.catalogue.voices import Stop
from gongkai.procedure.feedback import masking, promises, rules
from gongkai.procedure.feedback.models import Case, Helper, Topic
from gongkai.procedure.feedback.states import (
    PETITIONS,
    UNANSWERED,
    CaseKind,
    CaseState,
    NoteKind,
)

LONGEST_WORDING = 200
"""Characters of a topic as others read it."""
LONGEST_OF_OFFICE = 2000
"""Characters of a note."""
LONGEST_STOP = timedelta(days=366)
"""How far ahead a clock may be set to run on, where the charter says nothing."""


# -- the clock -------------------------------------------------------------------------------------


def accept_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not tell the sender that the petition is taken up."""
    obstacles = not_theirs(officer, case.organisation, Right.ASSIGN) + _in_hand(case)
    if case.kind not in PETITIONS:
        obstacles.append(_("只有来信来访要告知受理。"))
    if case.accepted_on is not None:
        obstacles.append(_("这一件已经告知受理了。"))
    return obstacles


def extend_obstacles(case: Case, officer: Officer, reason: str, on: date) -> list[str]:
    """Why ``officer`` may not give the case more time: once, in time, by another than answers."""
    obstacles = not_theirs(officer, case.organisation, Right.APPROVE) + _in_hand(case)
    if case.post is not None and officer.holds(case.post.key):
        obstacles.append(_("这一件由您的岗位答复，请另一位有审定权的人批准延长。"))
    if case.extension:
        obstacles.append(_("这一件已经延长过一次，不能再延长。"))
    elif not promises.extension(charter_of(case.organisation)[1], case.kind):
        obstacles.append(_("实施办法不允许延长这一类的期限。"))
    if case.promised is None:
        obstacles.append(_("这一件的计时没有在走，不用延长。"))
    elif on > case.promised_on:
        obstacles.append(_("已经过了答应的日子，不能再延长。请尽快答复。"))
    if case.kind in PETITIONS and case.accepted_on is None:
        obstacles.append(_("来信来访要先告知受理，告知的期限不能延长。"))
    return obstacles + _said(reason, _("请写明为什么要延长，来信的人会看到。"))


def stop_obstacles(case: Case, officer: Officer, key: str, text: str, on: date) -> list[str]:
    """Why ``officer`` may not stop the clock for the charter's reason ``key``."""
    obstacles = not_theirs(officer, case.organisation, Right.ASSIGN) + _in_hand(case)
    if stop(case, key) is None:
        named = _("、").join(each.name for each in charter_of(case.organisation)[1].voices.stops)
        obstacles.append(
            _("请选一个实施办法写明的理由：%(named)s。") % {"named": named}
            if named
            else _("实施办法没有写可以暂停计时的理由，不能暂停。")
        )
    if case.promised is None:
        obstacles.append(_("这一件的计时没有在走，不用暂停。"))
    elif on > case.promised_on:
        obstacles.append(_("已经过了答应的日子，不能再暂停。请尽快答复。"))
    return obstacles + _said(text, _("请写明在等什么，来信的人会看到。"))


def until_obstacles(case: Case, key: str, until: date | None, on: date) -> list[str]:
    """Why a pause for the charter's reason ``key`` cannot end by itself on that day."""
    if until is None:
        return []
    if until <= on:
        return [_("自己恢复计时的日子最早是明天。")]
    latest = latest_end(case, key, on) or on + LONGEST_STOP
    if until <= latest:
        return []
    return [_("这个理由最多停到%(day)s。请选早一些的日子。") % {"day": marks.day(latest)}]


def latest_end(case: Case, key: str, on: date) -> date | None:
    """The day on which a pause for this reason ends at the latest; none where the charter sets no
    limit.
    """
    found = stop(case, key)
    return on + timedelta(days=found.most_days) if found and found.most_days else None


def resume_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not let the clock run on: whoever assigns, or the post that answers."""
    obstacles = (
        [] if _theirs(case, officer) else not_theirs(officer, case.organisation, Right.ASSIGN)
    )
    if promises.stopped(case) is None:
        obstacles.append(_("这一件的计时没有停着。"))
    return obstacles


def stop(case: Case, key: str) -> Stop | None:
    """The charter's reason ``key`` for which a clock may stand still; none when it has none."""
    stops = charter_of(case.organisation)[1].voices.stops
    return next((each for each in stops if each.key == key), None)


# -- beside the answer -----------------------------------------------------------------------------


def note_obstacles(case: Case, officer: Officer, kind: str, text: str) -> list[str]:
    """Why ``officer`` may not write this down about ``case``."""
    if not rules.may_see(case, officer):
        return [_("这一件不归您的岗位办。")]
    if kind not in NoteKind.values:
        return [_("请选内部备注或者通话记录。")]
    if not text.strip():
        return [_("还没有写内容。")]
    return rules.too_long(text, LONGEST_OF_OFFICE)


def help_obstacles(case: Case, officer: Officer, post: Post) -> list[str]:
    """Why ``officer`` may not ask ``post`` to help with ``case``."""
    obstacles = mark_obstacles(case, officer)
    if post.organisation != case.organisation or post.retired:
        obstacles.append(_("本单位现在没有这个岗位。请另选一个。"))
    if post == case.post or Helper.objects.filter(case=case, post=post).exists():
        obstacles.append(_("%(post)s已经在办这一件。") % {"post": post.name})
    return obstacles


def release_obstacles(case: Case, officer: Officer, post: Post) -> list[str]:
    """Why ``officer`` may not take ``post`` off the case."""
    obstacles = mark_obstacles(case, officer)
    if not Helper.objects.filter(case=case, post=post).exists():
        obstacles.append(_("%(post)s没有协办这一件。") % {"post": post.name})
    return obstacles


def separate_obstacles(case: Case, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not undo the merge of ``case``."""
    obstacles = not_theirs(officer, case.organisation, Right.ASSIGN)
    if case.state != CaseState.MERGED:
        return [*obstacles, _("这一件没有并入别的件。")]
    return obstacles + _said(reason, _("请写明为什么分开办。"))


def mark_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not mark ``case`` urgent, or change who helps with it."""
    return not_theirs(officer, case.organisation, Right.ASSIGN) + _in_hand(case)


def merge_obstacles(case: Case, head: Case | None, officer: Officer) -> list[str]:
    """Why ``officer`` may not make ``case`` a part of ``head``, whose answer will be its own.

    Nobody is to wait longer by it than was promised to them.
    """
    obstacles = not_theirs(officer, case.organisation, Right.ASSIGN) + _in_hand(case)
    if head is None or head.organisation_id != case.organisation_id or head.pk == case.pk:
        return [*obstacles, _("没有这个编号的另一件。请看清编号再写。")]
    if head.state not in UNANSWERED:
        obstacles.append(_("第%(number)s号已经办完，不能再并进去。") % {"number": head.number})
    if case.state == CaseState.DRAFTED:
        obstacles.append(_("这一件的答复正等审定。请先退回答复，再合并。"))
    if promises.stopped(case):
        obstacles.append(_("这一件的计时停着。请先恢复计时，再合并。"))
    if case.kind in (*ALONE, *PETITIONS) or head.kind in (*ALONE, *PETITIONS):
        obstacles.append(_("质询、指出问题、来信和来访要一件一件答复，不能合并。可以成批答复。"))
    if head.promised_on > case.promised_on:
        wording = _("第%(number)s号答应的日子比这一件晚。请反过来，把它并入这一件。")
        obstacles.append(wording % {"number": head.number})
    return obstacles


ALONE = (CaseKind.QUESTION, CaseKind.PROBLEM)
"""Kinds of which each must have its own answer: over a post's name, or counted in public."""


def hand_over_obstacles(
    case: Case, officer: Officer, to: Organisation | None, reason: str
) -> list[str]:
    """Why ``officer`` may not hand ``case`` over to the body ``to``."""
    obstacles = not_theirs(officer, case.organisation, Right.ASSIGN) + _in_hand(case)
    if to is None or to not in takers(case.organisation):
        obstacles.append(_("只能转交给本系统里的上级或者下级单位。"))
    if case.state == CaseState.DRAFTED:
        obstacles.append(_("这一件的答复正等审定。请先退回答复，再转交。"))
    if case.kind in ALONE:
        obstacles.append(_("质询和指出问题要由本单位答复，不能转交。"))
    if promises.stopped(case):
        obstacles.append(_("这一件的计时停着。请先恢复计时，再转交。"))
    return obstacles + _said(reason, _("请写明为什么转交，来信的人会看到。"))


def takers(organisation: Organisation) -> list[Organisation]:
    """The bodies of this installation that a voice may be handed to: those above and below."""
    below = Organisation.objects.filter(pk__in=subtree(organisation)).exclude(pk=organisation.pk)
    return [*ancestors(organisation), *below.order_by("pk")]


# -- topics ----------------------------------------------------------------------------------------


def list_obstacles(case: Case, officer: Officer, wording: str) -> list[str]:
    """Why ``officer`` may not let others read and second the topic in these words."""
    obstacles = not_theirs(officer, case.organisation, Right.APPROVE) + _in_hand(case)
    if case.kind != CaseKind.TOPIC:
        obstacles.append(_("只有点题才能请大家附议。"))
    if not case.show:
        obstacles.append(_("点题的人没有同意公开，不能请大家附议。"))
    if not wording:
        obstacles.append(_("请写出给大家看的题目。"))
    elif masking.masked(wording) != wording:
        obstacles.append(_("题目里像是有个人号码。请去掉再公开。"))
    return obstacles + rules.too_long(wording, LONGEST_WORDING)


def second_obstacles(topic: Topic) -> list[str]:
    """Why nobody can second ``topic`` now."""
    if topic.listed_at is None or topic.case.state not in UNANSWERED:
        return [_("这个题目现在不收附议。")]
    return []


def become_obstacles(case: Case, topic: Topic | None, officer: Officer) -> list[str]:
    """Why no disclosure can be begun from ``case``; what the draft itself needs is asked there."""
    obstacles = not_theirs(officer, case.organisation, Right.PROPOSE)
    if not rules.may_see(case, officer):
        obstacles.append(_("这一件不归您的岗位办。请分办的人先把您的岗位加为协办。"))
    if topic is None:
        obstacles.append(_("只有点题才能转为公开件。"))
    elif topic.became is not None:
        obstacles.append(_("已经据此起草了《%(title)s》。") % {"title": topic.became.title})
    return obstacles


# -- small parts -----------------------------------------------------------------------------------


def _in_hand(case: Case) -> list[str]:
    """The sentence for a case that nobody works at any more."""
    if case.state in UNANSWERED:
        return []
    state = CaseState(case.state).label
    return [_("这一件现在是“%(state)s”，不能这样办。请看最新的情况。") % {"state": state}]


def _theirs(case: Case, officer: Officer) -> bool:
    own = officer.organisation == case.organisation
    return own and case.post is not None and officer.holds(case.post.key)


def _said(text: str, ask: str) -> list[str]:
    if not text.strip():
        return [ask]
    return rules.too_long(text, LONGEST_NOTE)

"""Who may take down, assign, answer, approve, reopen and withdraw, and when. Reads, never writes.

Who may move a clock, merge or hand over is in :mod:`handling_rules`.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import (
    Officer,
    holder,
    posts_with_right,
    today,
    vacancy,
)
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import promises, queries, receipts
from gongkai.procedure.feedback.models import Answer, Case, CaseFile, Contact, Helper, Survey
from gongkai.procedure.feedback.spoken import Spoken
from gongkai.procedure.feedback.states import (
    LEADING_ON,
    MOVES,
    PETITIONS,
    TAKEN_DOWN,
    UNANSWERED,
    CaseKind,
    CaseState,
    Ground,
    Moment,
    Outcome,
    Verdict,
    outcomes_of,
)
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication.queries import corrected_since, taken_back_since

LONGEST_TEXT = 2000
"""Characters of a voice."""

LONGEST_ANSWER = 5000
"""Characters of an answer."""

REOPENED_AT_MOST = 1

MOST_FILES = 3
"""Files that may come with one voice."""

MOST_ENTRIES = 20
"""Entries of the opinions book that are taken down at once."""

OLDEST = 366
"""Days after which no letter is taken down as if it had just come."""

FOUR_WEEKS = timedelta(weeks=4)
"""How long after an answer the voice is asked again whether it was really done."""


SEEING = (Right.ASSIGN, Right.APPROVE, Right.SUPERVISE)
"""Rights that need every voice of the organisation."""


def may_see(case: Case, officer: Officer) -> bool:
    """Whether ``officer`` may read ``case`` at the desk."""
    return visible(officer).filter(pk=case.pk).exists()


def visible(officer: Officer) -> QuerySet[Case]:
    """The voices that ``officer`` may read: those that a right of theirs needs, those given to a
    post they hold or help, those they answered. Nobody reads another organisation's.
    """
    own = queries.cases(officer.organisation)
    if any(officer.may(right) for right in SEEING):
        return own
    theirs = [post.pk for post in officer.posts]
    # EXISTS, not keys: who asks has narrowed it to what is in hand, or to some numbers, and a post
    # may have answered a hundred thousand.
    answered = Answer.objects.filter(case=OuterRef("pk"), member=officer.member)
    helped = Helper.objects.filter(case=OuterRef("pk"), post__in=theirs)
    return own.filter(Q(post__in=theirs) | Exists(answered) | Exists(helped))


def in_hand(officer: Officer) -> QuerySet[Case]:
    """The voices that wait for an answer, as ``officer`` may have to do with them: all of them,
    or those given to a post they hold or help.

    What they once answered is left out: PostgreSQL would put all of it, a hundred thousand, into a
    table of its own for each look.
    """
    own = queries.cases(officer.organisation).filter(state__in=UNANSWERED)
    if any(officer.may(right) for right in SEEING):
        return own
    theirs = [post.pk for post in officer.posts]
    helped = Helper.objects.filter(post__in=theirs)
    return own.filter(Q(post__in=theirs) | Q(pk__in=helped.values("case")))


def receive_obstacles(text: str) -> list[str]:
    """Why these words cannot be taken down."""
    if not text.strip():
        return [_("还没有写内容。请写下您要说的事。")]
    return too_long(text, LONGEST_TEXT)


def spoken_obstacles(spoken: Spoken) -> list[str]:
    """Why this voice cannot be taken down, whoever sends it."""
    return [
        *kind_obstacles(spoken.kind, spoken.ground, spoken.disclosure),
        *asked_obstacles(spoken.organisation, spoken.kind, spoken.asked),
        *receive_obstacles(spoken.text),
    ]


def kind_obstacles(kind: str, ground: str, disclosure: Disclosure | None) -> list[str]:
    """Why no voice of this kind can be taken down: a problem has its item and its ground."""
    if kind != CaseKind.PROBLEM:
        return []
    obstacles = []
    if disclosure is None:
        obstacles.append(_("请先打开有问题的那一件，再从那里说。"))
    if ground not in Ground.values:
        obstacles.append(_("还没有选是什么问题。"))
    return obstacles


def asked_obstacles(organisation: Organisation, kind: str, asked: Post | None) -> list[str]:
    """Why nobody can be questioned so: a question names a post that answers to the public."""
    if kind != CaseKind.QUESTION:
        return [] if asked is None else [_("只有质询才指名由哪个岗位答复。")]
    if asked is None or asked not in queries.askable(organisation):
        return [_("还没有选质询哪个岗位。")]
    return []


def files_obstacles(count: int) -> list[str]:
    """Why so many files cannot come with one voice."""
    if count <= MOST_FILES:
        return []
    wording = _("最多附%(most)s个文件，现在有%(now)s个。")
    return [wording % {"most": MOST_FILES, "now": count}]


def intake_obstacles(organisation: Organisation, kind: str, officer: Officer) -> list[str]:
    """Why ``officer`` may not take a voice of this kind down for somebody."""
    obstacles = not_theirs(officer, organisation, Right.ASSIGN)
    if kind not in TAKEN_DOWN:
        obstacles.append(_("这一类不能代录。请让本人在网上说，或者按来访登记。"))
    return obstacles


def came_obstacles(organisation: Organisation, day: date | None) -> list[str]:
    """Why a voice cannot have come on that day."""
    now = today(organisation)
    if day is None or now - timedelta(days=OLDEST) <= day <= now:
        return []
    return [_("收到的日子不能晚于今天，也不能早于一年以前。")]


def transcribe_obstacles(officer: Officer, entries: Sequence[str]) -> list[str]:
    """Why ``officer`` cannot take these entries of the opinions book down."""
    obstacles = intake_obstacles(officer.organisation, CaseKind.BOOK, officer)
    if not entries:
        obstacles.append(_("还没有抄录。请至少抄一条。"))
    if len(entries) > MOST_ENTRIES:
        obstacles.append(_("一次最多抄%(most)s条。请分几次。") % {"most": MOST_ENTRIES})
    for number, text in enumerate(entries, start=1):
        told = {"n": number}
        obstacles += [_("第%(n)s条：") % told + each for each in receive_obstacles(text)]
    return obstacles


def assign_obstacles(case: Case, officer: Officer, post: Post) -> list[str]:
    """Why ``officer`` may not give ``case`` to ``post``."""
    obstacles = may_assign_obstacles(case, officer)
    if case.asked is not None and not case.asked.retired and post != case.asked:
        wording = _("质询的是%(post)s，只能由%(post)s答复。")
        return [*obstacles, wording % {"post": case.asked.name}]
    if post.organisation != case.organisation or post.retired:
        obstacles.append(_("本单位现在没有这个岗位。请另选一个。"))
    elif Right.ANSWER not in post.rights and post != case.asked:
        able = posts_with_right(case.organisation, Right.ANSWER)
        posts = _("、").join(each.name for each in able)
        wording = _("%(post)s没有答复意见的权限。可以分给：%(posts)s。")
        obstacles.append(wording % {"post": post.name, "posts": posts})
    elif holder(post, today(case.organisation)) is None:
        obstacles.append(vacancy(post))
    return obstacles


def may_assign_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``case`` to anybody."""
    return not_theirs(officer, case.organisation, Right.ASSIGN) + _not_now(
        case, CaseState.ASSIGNED, CaseState.RECEIVED, CaseState.ASSIGNED
    )


def answer_obstacles(
    case: Case, officer: Officer, text: str, outcome: str, passed_to: str = ""
) -> list[str]:
    """Why ``officer`` may not answer ``case`` with these words."""
    obstacles = may_answer_obstacles(case, officer)
    if not text.strip():
        obstacles.append(_("还没有写答复。"))
    if outcome not in outcomes_of(case.kind):
        obstacles.append(_("还没有选办理结果。"))
    if outcome == Outcome.ELSEWHERE and not passed_to:
        obstacles.append(_("请写明转告了哪个单位。"))
    if case.kind in PETITIONS and case.accepted_on is None and outcome not in NOT_TAKEN_UP:
        obstacles.append(_("来信来访要先告知受理，再答复。不予受理的，办理结果选不能办或者转告。"))
    return obstacles + _not_done(case, outcome) + too_long(text, LONGEST_ANSWER)


NOT_TAKEN_UP = (Outcome.IMPOSSIBLE, Outcome.ELSEWHERE)
"""How a petition may end that is not taken up 不予受理."""


def passed_on(answer: Answer) -> str:
    """The sentence that says to whom the matter was passed on."""
    return _("已转告%(body)s。") % {"body": answer.passed_to}


def _not_done(case: Case, outcome: str) -> list[str]:
    """Why the outcome would not be honest: what it claims has not happened since the voice came."""
    item, since = case.disclosure, case.received_at
    if item and outcome == Outcome.CORRECTED and not corrected_since(item, since):
        return [_("这一件还没有更正公开。请先更正，公开以后再这样答复。")]
    if item and outcome == Outcome.REMOVED and not taken_back_since(item, since):
        return [_("这一件还没有撤回或者清除。请先撤下，再这样答复。")]
    return []


def may_answer_obstacles(case: Case, officer: Officer) -> list[str]:
    """Why ``officer`` may not answer ``case``, whatever the words."""
    obstacles = _not_now(case, CaseState.DRAFTED, CaseState.ASSIGNED)
    if case.post is None:
        return [_("这一件还没有分办。请先分给一个岗位。")]
    if not officer.holds(case.post.key) or officer.organisation != case.organisation:
        wording = _("这一件分给了%(post)s，由%(post)s答复。")
        obstacles.append(wording % {"post": case.post.name})
    if case.promised is None and promises.stopped(case):
        obstacles.append(_("这一件的计时停着。请先恢复计时，再答复。"))
    return obstacles


def approve_obstacles(answer: Answer, officer: Officer) -> list[str]:
    """Why ``officer`` may not approve ``answer``: it takes a second person."""
    obstacles = not_theirs(officer, answer.case.organisation, Right.APPROVE)
    if answer.member == officer.member:
        obstacles.append(_("这份答复是您写的，请另一位有审定权的人审定。"))
    if queries.draft_answer(answer.case) != answer:
        obstacles.append(_("这份答复已经审定或者退回了。请看最新的情况。"))
    return obstacles


def return_obstacles(answer: Answer, officer: Officer, reason: str) -> list[str]:
    """Why ``officer`` may not send ``answer`` back."""
    obstacles = approve_obstacles(answer, officer)
    if not reason.strip():
        obstacles.append(_("请写明哪里要改。"))
    return obstacles


def code_obstacles(found: Case | None) -> list[str]:
    """Why a receipt code leads nowhere: the same words for a malformed and an unknown one."""
    if found is None:
        return [_("没有这个查询码。请照抄下来的再输一次，字母O和数字0不用分。")]
    return []


def receipt_obstacles(case: Case, receipt: str) -> list[str]:
    """Why whoever typed ``receipt`` may not speak for ``case``."""
    if receipts.hashed(receipt) == case.receipt:
        return []
    return [_("查询码不对。请照抄下来的再输一次。")]


def reopen_obstacles(own: Case, case: Case, receipt: str, text: str) -> list[str]:
    """Why whoever holds ``receipt`` of ``own`` may not ask for another answer to ``case``."""
    if obstacles := receipt_obstacles(own, receipt):
        return obstacles
    if case.reopened >= REOPENED_AT_MOST:
        if case.kind == CaseKind.QUESTION:
            return [_("这一件已经追问过一次。还有话要说，请另外质询一次。")]
        return [_("这一件已经重办过一次。还有话要说，请另外说一件事。")]
    if case.state != CaseState.ANSWERED:
        return [_("这一件还在办，答复以后才能要求重办。")]
    if not text:
        return [_("请写明对答复哪里不满意。")]
    return too_long(text, LONGEST_TEXT)


def attach_obstacles(own: Case, case: Case, receipt: str) -> list[str]:
    """Why whoever holds ``receipt`` may not add a file."""
    if obstacles := receipt_obstacles(own, receipt):
        return obstacles
    if case.state not in UNANSWERED:
        return [_("这一件已经办完，不能再补充。")]
    kept = own if own.state == CaseState.MERGED else case
    return files_obstacles(CaseFile.objects.filter(case=kept).count() + 1)


def reach_obstacles(own: Case, receipt: str, contact: Contact | None) -> list[str]:
    """Why whoever holds ``receipt`` may not give another address: what was destroyed stays so."""
    if obstacles := receipt_obstacles(own, receipt):
        return obstacles
    if contact is None and own.state not in (*UNANSWERED, CaseState.MERGED):
        return [_("这一件已经办完，不再留联系方式。有答复和评价，凭查询码看。")]
    return []


def withdraw_obstacles(case: Case, receipt: str) -> list[str]:
    """Why whoever holds ``receipt`` may not take back what they said."""
    if obstacles := receipt_obstacles(case, receipt):
        return obstacles
    if case.state in LEADING_ON or queries.parts(case).exists():
        return [_("这一件已经和别的意见一起办，不能单独撤回。")]
    return _not_now(case, CaseState.WITHDRAWN, *UNANSWERED)


def moment(own: Case, case: Case) -> str | None:
    """What the voice may say of the answer now: at closing, later, or nothing."""
    if case.state != CaseState.ANSWERED:
        return None
    answers = queries.settled_answers(case)
    settled = answers[-1].settled_at if answers else None
    if settled is None:
        return None
    late = clock.now() >= settled + FOUR_WEEKS
    wanted = Moment.LATER if late else Moment.CLOSING
    said = Survey.objects.filter(case=own, round=1 + case.reopened, moment=wanted)
    return None if said.exists() else wanted.value


def judge_obstacles(own: Case, moment: str | None, receipt: str, verdict: str) -> list[str]:
    """Why whoever holds ``receipt`` may not say now whether they are content."""
    if obstacles := receipt_obstacles(own, receipt):
        return obstacles
    if moment is None:
        return [_("现在没有要评价的答复，或者您已经评价过了。")]
    if verdict not in Verdict.values:
        return [_("请选满意或者不满意。")]
    return []


def exemption(case: Case, officer: Officer) -> str:
    """The charter's named exemption under which ``officer`` answers alone; empty without one."""
    named = charter_of(case.organisation)[1].exemption
    if named and case.post and case.post.key in named.posts:
        return named.name
    return ""


def overdue(case: Case, on: date) -> bool:
    """Whether the promise to the voice is broken on that day."""
    return case.state in UNANSWERED and on > case.promised_on


def _not_now(case: Case, to: CaseState, *allowed: CaseState) -> list[str]:
    """The sentence for a case that is not where this act begins."""
    if case.state in allowed and to in MOVES[case.state]:
        return []
    state = CaseState(case.state).label
    return [_("这一件现在是“%(state)s”，不能这样办。请看最新的情况。") % {"state": state}]


def too_long(text: str, most: int) -> list[str]:
    """Why so many characters cannot be kept."""
    if len(text) <= most:
        return []
    wording = _("最多%(most)s个字，现在有%(now)s个。请写短一些，或者分几次说。")
    return [wording % {"most": most, "now": len(text)}]

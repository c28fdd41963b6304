"""Who keeps the block list, who reads what it holds, and when. Reads, never writes.

Whoever assigns voices knows the abuse and keeps the list; a post of the supervision line reads what
it holds. So a phrase that is too wide silences nobody: another person reads each voice, and where
nobody else can, the phrase holds nothing.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, holder, posts_with_right, today
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.feedback import phrases, rules
from gongkai.procedure.feedback.models import Held, Phrase
from gongkai.procedure.feedback.states import TO_REFUSE, HeldState

MOST_PHRASES = 500
"""Phrases of one organisation: each is looked for in every voice."""
LONGEST_SPELT = 200
LONGEST_WHY = 200
LOOKED_AT = 2
"""Working days within which somebody reads a voice that was held; its sender is told the day."""


def list_obstacles(organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not change the block list."""
    return not_theirs(officer, organisation, Right.ASSIGN)


def phrase_obstacles(
    organisation: Organisation, officer: Officer, phrase: str, why: str
) -> list[str]:
    """Why this phrase cannot be put on the list."""
    obstacles, parts = list_obstacles(organisation, officer), phrases.parts(phrase)
    if sum(map(len, parts)) < phrases.LEAST:
        obstacles.append(_("拦截词至少要有2个字，星号和标点不算。"))
    if len(phrase) > phrases.LONGEST or len(phrases.written(phrase)) > LONGEST_SPELT:
        obstacles.append(_("拦截词最多%(most)s个字。") % {"most": phrases.LONGEST})
    if len(parts) > phrases.MOST_GAPS + 1:
        obstacles.append(_("一条里最多用%(most)s个星号。") % {"most": phrases.MOST_GAPS})
    if not why:
        obstacles.append(_("请写明为什么要先看。监督岗位会看到。"))
    if len(why) > LONGEST_WHY:
        obstacles.append(_("理由最多%(most)s个字。") % {"most": LONGEST_WHY})
    if Phrase.objects.filter(organisation=organisation).count() >= MOST_PHRASES:
        obstacles.append(_("拦截词最多%(most)s条。请先去掉用不着的。") % {"most": MOST_PHRASES})
    if not readers(organisation):
        obstacles.append(_("没有在任的监督岗位来看拦下的意见，现在不能用拦截词。"))
    return obstacles


def readers(organisation: Organisation) -> set[int]:
    """The members who may read what is held today, by key."""
    day = today(organisation)
    held = (holder(post, day) for post in posts_with_right(organisation, Right.SUPERVISE))
    return {member.pk for member in held if member is not None}


def holding(organisation: Organisation, text: str) -> Phrase | None:
    """The phrase for which ``text`` is held; none when it is not, or when nobody but whoever
    listed the phrase could read it: 1 query where the list is empty.
    """
    letters = phrases.spelt(text)
    listed = Phrase.objects.filter(organisation=organisation).order_by("pk")
    found = [each for each in listed if phrases.stands(each.spelt, letters)]
    return _readable(found, readers(organisation)) if found else None


def _readable(found: Iterable[Phrase], readers: set[int]) -> Phrase | None:
    return next((each for each in found if readers - {each.listed_by_id}), None)


def read_obstacles(held: Held, officer: Officer) -> list[str]:
    """Why ``officer`` may not decide on ``held``."""
    obstacles = not_theirs(officer, held.organisation, Right.SUPERVISE)
    if held.listed_by_id == officer.member.pk:
        obstacles.append(_("这条拦截词是您写的，请另一位监督岗位的同志看。"))
    if held.state != HeldState.WAITING:
        state = HeldState(held.state).label
        obstacles.append(_("这一件已经是“%(state)s”，不用再看。") % {"state": state})
    return obstacles


def refuse_obstacles(held: Held, officer: Officer, reason: str, why: str) -> list[str]:
    """Why ``officer`` may not refuse ``held`` for this ``reason``, which is counted for everybody,
    and in these words, which its sender reads.
    """
    obstacles = read_obstacles(held, officer)
    if reason not in TO_REFUSE:
        obstacles.append(_("请选一个不受理的理由。"))
    if not why:
        obstacles.append(_("请写明为什么不受理，送的人会看到。"))
    return obstacles + rules.too_long(why, rules.LONGEST_TEXT)


def take_back_obstacles(held: Held) -> list[str]:
    """Why whoever sent ``held`` may not take it back any more."""
    if held.state == HeldState.WAITING:
        return []
    return [_("这一件已经看过了，不能撤回。")]

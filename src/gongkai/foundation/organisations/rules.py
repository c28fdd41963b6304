"""Who may arrange posts and people, and when. Reads, never writes."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations import queries
from gongkai.foundation.organisations.models import (
    Absence,
    Account,
    Member,
    Organisation,
    Post,
    Tenure,
)
from gongkai.foundation.organisations.queries import By, Officer
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui.marks import day

LONGEST_NAME = 60
LONGEST_CAPACITY = 100
"""Characters that papers and registers keep for the post by which somebody acted."""
LONGEST_ABSENCE = 366
"""Days. Whoever is away for longer should hand the post over."""
LONGEST_NOTE = 500
"""Characters of a public note or reason: it stands in one line of a register."""


def administer_obstacles(organisation: Organisation, by: By) -> list[str]:
    """Why ``by`` may not arrange people and posts of ``organisation``; empty when they may.

    Whoever runs the machine may: they could write the database as well.
    """
    match by:
        case Actor():
            return []
        case Officer() if by.organisation.pk != organisation.pk:
            return [
                _("这是%(organisation)s的事，只能由它自己的%(administrators)s登记。")
                % {
                    "organisation": organisation,
                    "administrators": queries.administrators(organisation),
                }
            ]
        case Officer() if not by.may(Right.ADMINISTER):
            return [
                _("您今天的岗位不管登记。请找%(administrators)s。")
                % {"administrators": queries.administrators(organisation)}
            ]
    return []


def not_theirs(officer: Officer, organisation: Organisation, right: Right) -> list[str]:
    """Why ``officer`` lacks ``right`` in ``organisation``, naming the posts that have it."""
    if officer.organisation == organisation and officer.may(right):
        return []
    posts = _("、").join(post.name for post in queries.posts_with_right(organisation, right))
    if not posts:
        wording = _("实施办法没有把“%(right)s”交给任何岗位。请先修改实施办法。")
        return [wording % {"right": right.label}]
    return [_("“%(right)s”要由%(posts)s来办。") % {"right": right.label, "posts": posts}]


def sentence_obstacles(text: str, ask: str) -> list[str]:
    """What is wrong with a sentence for a public register: missing (then ``ask``), or too long."""
    if not text.strip():
        return [ask]
    if len(text) > LONGEST_NOTE:
        said = {"most": LONGEST_NOTE, "now": len(text)}
        return [_("这句话最多%(most)s个字，现在有%(now)s个。请写短一些。") % said]
    return []


def appoint_obstacles(
    post: Post, member: Member, since: date, until: date | None, by: By
) -> list[str]:
    """Why ``member`` cannot be registered in ``post`` from ``since`` to ``until``."""
    obstacles = administer_obstacles(post.organisation, by) + _fitness(post, member, since)
    if until is not None and until < since:
        return [*obstacles, _("最后一天不能早于第一天。请改日期。")]
    obstacles += [_overlap(tenure, since) for tenure in _overlapping(post, since, until)]
    return obstacles


def hand_over_obstacles(post: Post, to: Member, on: date, by: By) -> list[str]:
    """Why ``post`` cannot pass to ``to`` on that day from whoever holds it the day before."""
    obstacles = administer_obstacles(post.organisation, by) + _fitness(post, to, on)
    leaving = tenure_to_hand_over(post, on)
    begun = [tenure for tenure in _overlapping(post, on, None) if tenure != leaving]
    if begun:
        return obstacles + [_too_early(tenure) for tenure in begun]
    if leaving is None:
        obstacles.append(
            _("“%(post)s”到%(day)s没有人可以移交。请直接登记任职。")
            % {"post": post.name, "day": day(on)}
        )
        return obstacles
    if leaving.member_id == to.pk:
        obstacles.append(
            _("“%(post)s”已经由%(member)s担任，不用移交。") % {"post": post.name, "member": to.name}
        )
    return obstacles


def end_obstacles(tenure: Tenure, on: date, by: By) -> list[str]:
    """Why ``tenure`` cannot have ``on`` as its last day."""
    post = tenure.post
    obstacles = administer_obstacles(post.organisation, by)
    if on < tenure.since:
        obstacles.append(
            _("这段任职从%(since)s开始，最后一天不能比它早。请改日期。")
            % {"since": day(tenure.since)}
        )
    if tenure.until is not None and tenure.until < on:
        obstacles.append(
            _("这段任职登记到%(until)s为止，不能再往后改。请另外登记一段任职。")
            % {"until": day(tenure.until)}
        )
    if Right.ADMINISTER in post.rights and not _administered_without([tenure.pk], post):
        obstacles.append(_only_administrator(post))
    return obstacles


def leave_obstacles(member: Member, on: date, by: By) -> list[str]:
    """Why ``member`` cannot cease to be one from ``on``."""
    obstacles = administer_obstacles(member.organisation, by)
    if member.left_on is not None:
        obstacles.append(
            _("%(member)s已经登记为%(day)s离开。")
            % {"member": member.name, "day": day(member.left_on)}
        )
    held = list(queries.tenures_on(on).filter(member=member).select_related("post"))
    administering = [t for t in held if Right.ADMINISTER in t.post.rights and not t.post.retired]
    if administering and not _administered_without([t.pk for t in held], administering[0].post):
        obstacles.append(_only_administrator(administering[0].post))
    return obstacles


def absence_obstacles(
    tenure: Tenure, deputy: Post, since: date, until: date, today: date, by: By
) -> list[str]:
    """Why the holder of ``tenure`` cannot be registered as away, with ``deputy`` to act for them.

    Holders register themselves; whoever arranges posts may do it for them.
    """
    obstacles = _away_obstacles(tenure.post, tenure.member, by)
    if since < today:
        obstacles.append(_("已经过去的日子不能补登。请从今天或者以后的日子起。"))
    if until < since:
        return [*obstacles, _("最后一天不能早于第一天。请改日期。")]
    if (until - since).days >= LONGEST_ABSENCE:
        obstacles.append(
            _("一次最多登记%(most)s天。离开更久的，请移交岗位。") % {"most": LONGEST_ABSENCE}
        )
    if tenure.since > today:
        obstacles.append(_("任职从%(day)s才开始。请从那天起再登记。") % {"day": day(tenure.since)})
    if tenure.until is not None and tenure.until < until:
        obstacles.append(_("任职到%(day)s为止，外出不能比它长。") % {"day": day(tenure.until)})
    obstacles += _deputy_obstacles(tenure, deputy, since)
    return obstacles + _meeting_obstacles(tenure.post, deputy, since, until)


def return_obstacles(absence: Absence, today: date, by: By) -> list[str]:
    """Why it cannot be registered that whoever was away is back."""
    obstacles = _away_obstacles(absence.tenure.post, absence.tenure.member, by)
    if absence.until < today:
        obstacles.append(_("这次外出到%(day)s已经结束。") % {"day": day(absence.until)})
    return obstacles


def _away_obstacles(post: Post, member: Member, by: By) -> list[str]:
    if isinstance(by, Officer) and by.member.pk == member.pk:
        return []
    return administer_obstacles(post.organisation, by)


def _deputy_obstacles(tenure: Tenure, deputy: Post, since: date) -> list[str]:
    """Why ``deputy`` cannot act for the holder at all."""
    if deputy.pk == tenure.post_id:
        return [_("代行的要是另一个岗位。")]
    if deputy.organisation_id != tenure.post.organisation_id or deputy.retired:
        return [_("“%(post)s”不是本单位现行的岗位，不能代行。") % {"post": deputy.name}]
    acting = queries.holder(deputy, since)
    if acting is None:
        return [_("“%(post)s”到那天没有人担任，不能代行。请另选。") % {"post": deputy.name}]
    if acting.pk == tenure.member_id:
        return [_("“%(post)s”也由本人担任，不能代行。请另选。") % {"post": deputy.name}]
    if len(queries.Capacity(tenure.post, deputy).name) > LONGEST_CAPACITY:
        return [_("两个岗位的名称合起来太长，写不进意见里。请另选一个岗位代行。")]
    return []


def _meeting_obstacles(post: Post, deputy: Post, since: date, until: date) -> list[str]:
    """Absences that meet this one: of the same post, or such that a deputy would need a deputy."""
    obstacles = []
    for other in queries.absences_on(since, until):
        said = {
            "post": other.tenure.post.name,
            "deputy": other.deputy.name,
            "since": day(other.since),
            "until": day(other.until),
        }
        if other.tenure.post_id == post.pk:
            obstacles.append(_("“%(post)s”已经登记%(since)s至%(until)s外出，日期重叠。") % said)
        elif other.tenure.post_id == deputy.pk:
            wording = _("“%(post)s”%(since)s至%(until)s自己外出，不能代行。请另选。")
            obstacles.append(wording % said)
        elif other.deputy_id == post.pk:
            wording = _(
                "“%(deputy)s”%(since)s至%(until)s代行“%(post)s”。代行不能再转给别人，"
                "请先给“%(post)s”换一个代行的岗位。"
            )
            obstacles.append(wording % said)
    return obstacles


def member_obstacles(organisation: Organisation, name: str, by: By) -> list[str]:
    """Why a member of this name cannot be added. Two people may share a name."""
    obstacles = administer_obstacles(organisation, by)
    if not name.strip():
        obstacles.append(_("姓名没有填。"))
    elif len(name) > LONGEST_NAME:
        obstacles.append(_("姓名太长了，最多%(n)s个字。") % {"n": LONGEST_NAME})
    elif not name.isprintable():
        obstacles.append(_("姓名里有看不见的控制字符。请重新输入，不要粘贴。"))
    return obstacles


def account_obstacles(member: Member, username: str, on: date, by: By) -> list[str]:
    """Why ``member`` cannot get the account ``username``."""
    obstacles = administer_obstacles(member.organisation, by)
    if member.account_id is not None:
        obstacles.append(_("%(member)s已经有账号了。") % {"member": member.name})
    if not queries.belongs(member, on):
        obstacles.append(_gone(member))
    return obstacles + username_obstacles(username)


def username_obstacles(username: str) -> list[str]:
    """Why nobody can get the account ``username``."""
    if wrong := username_wording(username):
        return wrong
    if Account.objects.filter(username__iexact=username).exists():
        return [_("用户名“%(username)s”已经有人用了。请换一个。") % {"username": username}]
    return []


def username_wording(username: str) -> list[str]:
    """Why ``username`` cannot be one at all. Letters, digits and Chinese are free to use."""
    if not username or not username.isprintable() or any(map(str.isspace, username)):
        return [_("用户名不能空着，也不能有空格。可以用汉字、字母和数字。")]
    if len(username) > LONGEST_NAME:
        return [_("用户名太长了，最多%(n)s个字。") % {"n": LONGEST_NAME}]
    return []


def link_obstacles(member: Member, on: date, by: By) -> list[str]:
    """Why no one-time link can be issued to ``member``."""
    obstacles = administer_obstacles(member.organisation, by)
    if member.account_id is None:
        obstacles.append(_("%(member)s还没有账号。请先开账号。") % {"member": member.name})
    if not queries.belongs(member, on):
        obstacles.append(_gone(member))
    return obstacles


def tenure_to_hand_over(post: Post, on: date) -> Tenure | None:
    """The tenure that a hand-over on that day ends: one begun before it and not ended before it."""
    begun = queries.tenures_on(on).filter(post=post, since__lt=on).select_related("member")
    return begun.order_by("-since").first()


def _fitness(post: Post, member: Member, since: date) -> list[str]:
    """Why ``member`` cannot hold ``post`` at all from that day."""
    obstacles = []
    if post.retired:
        obstacles.append(_("现行实施办法里已经没有“%(post)s”这个岗位。") % {"post": post.name})
    if member.organisation_id != post.organisation_id:
        obstacles.append(
            _("%(member)s不是%(organisation)s的成员。请先添加为成员。")
            % {"member": member.name, "organisation": post.organisation}
        )
    if not queries.belongs(member, since):
        obstacles.append(_gone(member))
    return obstacles


def _overlapping(post: Post, since: date, until: date | None) -> list[Tenure]:
    tenures = Tenure.objects.filter(post=post).exclude(until__lt=since).select_related("member")
    if until is not None:
        tenures = tenures.filter(since__lte=until)
    return list(tenures.order_by("since"))


def _too_early(tenure: Tenure) -> str:
    """Why a hand-over cannot take place before ``tenure`` has had a day: a post has one holder a
    day, for rights follow the day.
    """
    return _(
        "%(member)s从%(since)s起担任这个岗位，一个岗位一天只由一人担任。"
        "请选%(next)s或者以后的日期移交。"
    ) % _begins(tenure)


def _begins(tenure: Tenure) -> dict[str, str]:
    return {
        "member": tenure.member.name,
        "since": day(tenure.since),
        "next": day(tenure.since + timedelta(days=1)),
    }


def _overlap(tenure: Tenure, since: date) -> str:
    if tenure.until is None and tenure.since == since:
        return _too_early(tenure)
    if tenure.until is None and tenure.since > since:
        return _(
            "%(member)s从%(since)s起担任这个岗位。请把这一段的最后一天写在这以前，"
            "或者选%(next)s或者以后的日期移交。"
        ) % _begins(tenure)
    if tenure.until is None:
        return _("%(member)s从%(since)s起担任这个岗位，还没有结束。请用“移交”，或先登记结束。") % {
            "member": tenure.member.name,
            "since": day(tenure.since),
        }
    return _("%(member)s在%(since)s至%(until)s担任这个岗位，日期重叠。请改日期。") % {
        "member": tenure.member.name,
        "since": day(tenure.since),
        "until": day(tenure.until),
    }


def _administered_without(tenures: list[int], post: Post) -> bool:
    """Whether somebody still administers the organisation for good without these tenures."""
    others = Tenure.objects.filter(
        post__organisation=post.organisation_id, post__retired=False, until=None
    ).exclude(pk__in=tenures)
    return any(Right.ADMINISTER in other.post.rights for other in others.select_related("post"))


def _only_administrator(post: Post) -> str:
    return _("“%(post)s”是最后一个有人担任的管理员岗位，空出来以后谁也登记不了。请先移交。") % {
        "post": post.name
    }


def _gone(member: Member) -> str:
    assert member.left_on is not None
    return _("%(member)s已在%(day)s离开，不再是成员。") % {
        "member": member.name,
        "day": day(member.left_on),
    }

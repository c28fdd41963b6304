"""Who may apply a charter, and who may change its catalogue. Reads, never writes."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import By, Officer
from gongkai.foundation.organisations.rules import (
    administer_obstacles,
    not_theirs,
    sentence_obstacles,
)
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue import queries
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.models import CharterVersion, Revision
from gongkai.procedure.catalogue.states import EDITABLE, UNFINISHED, RevisionState


def apply_obstacles(organisation: Organisation | None, by: By) -> list[str]:
    """Why ``by`` may not apply a charter to ``organisation``; empty when they may.

    A new organisation is made by whoever runs the machine alone.
    """
    if organisation is not None:
        return administer_obstacles(organisation, by)
    if isinstance(by, Officer):
        return [_("这份实施办法是另一个单位的，这里还没有它。请系统管理员在命令行里生效。")]
    return []


# -- revisions -------------------------------------------------------------------------------------


def revise_obstacles(
    organisation: Organisation, officer: Officer, revision: Revision | None
) -> list[str]:
    """Why ``officer`` may not change the catalogue now; ``revision`` is the one in hand, if any."""
    if obstacles := not_theirs(officer, organisation, Right.PROPOSE):
        return obstacles
    if revision is None:
        return []
    return edit_obstacles(revision, officer)


def edit_obstacles(revision: Revision, officer: Officer) -> list[str]:
    """Why ``officer`` may not go on with ``revision``."""
    if revision.proposer_id != officer.member.pk:
        return [_("这份修改是%(post)s提出的，只有提出人能改。") % {"post": revision.proposer_post}]
    if revision.state == RevisionState.PROPOSED:
        return [_("这份修改已经交去审定。要接着改，请先收回。")]
    if revision.state not in EDITABLE:
        return [_finished(revision)]
    return not_theirs(officer, revision.organisation, Right.PROPOSE)


def propose_obstacles(
    revision: Revision, officer: Officer, charter: Charter, text: str | None = None
) -> list[str]:
    """Why ``revision`` cannot be handed over for approval; ``text`` is why it is wanted.

    ``charter`` is the one in force.
    """
    obstacles = edit_obstacles(revision, officer) or behind_obstacles(revision)
    if not obstacles and revision.charter == charter:
        obstacles = [_("还没有改什么。请先改一项、添一项或者取消一项。")]
    if text is not None:
        obstacles += sentence_obstacles(text, _("请写明为什么要改目录。"))
    return obstacles


def recall_obstacles(revision: Revision, officer: Officer) -> list[str]:
    """Why ``officer`` may not take ``revision`` back to go on with it."""
    if revision.proposer_id != officer.member.pk:
        return [
            _("这份修改是%(post)s提出的，只有提出人能收回。") % {"post": revision.proposer_post}
        ]
    if revision.state != RevisionState.PROPOSED:
        return [_("这份修改没有在等审定，不用收回。")]
    return []


def withdraw_obstacles(revision: Revision, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``revision`` up."""
    if revision.proposer_id != officer.member.pk:
        return [
            _("这份修改是%(post)s提出的，只有提出人能撤销。") % {"post": revision.proposer_post}
        ]
    return [] if revision.state in UNFINISHED else [_finished(revision)]


def decide_obstacles(revision: Revision, officer: Officer, charter: Charter) -> list[str]:
    """Why ``officer`` may not decide on ``revision``: approve it, or return it.

    Whoever fixes the review seal has the last word on what is disclosed, so also on the catalogue;
    and never on one's own proposal.
    """
    if revision.state != RevisionState.PROPOSED:
        if revision.state in EDITABLE:
            return [_("提出人还在改，还没有交来审定。")]
        return [_finished(revision)]
    obstacles = []
    if officer.organisation != revision.organisation or not queries.decides(officer, charter):
        posts = _("、").join(charter.post(key).name for key in charter.seal.posts)
        obstacles.append(_("目录的修改要由%(posts)s来审定。") % {"posts": posts})
    if revision.proposer_id == officer.member.pk:
        obstacles.append(_("这份修改是您提出的，要由另一个人来审定。"))
    return obstacles


def approve_obstacles(revision: Revision, officer: Officer, charter: Charter) -> list[str]:
    """Why ``officer`` may not put ``revision`` in force."""
    return decide_obstacles(revision, officer, charter) or behind_obstacles(revision)


def return_obstacles(
    revision: Revision, officer: Officer, charter: Charter, text: str | None = None
) -> list[str]:
    """Why ``officer`` may not return ``revision``; ``text`` is the reason."""
    obstacles = decide_obstacles(revision, officer, charter)
    if text is not None:
        obstacles += sentence_obstacles(text, _("请写明为什么退回、要改什么。"))
    return obstacles


def rebase_obstacles(revision: Revision, officer: Officer) -> list[str]:
    """Why ``officer`` may not bring ``revision`` upon the charter now in force."""
    if obstacles := edit_obstacles(revision, officer):
        return obstacles
    return [] if behind_obstacles(revision) else [_("这份修改就是照现行的实施办法改的，不用换。")]


def behind_obstacles(revision: Revision) -> list[str]:
    """That another charter has come into force since, if so."""
    latest: CharterVersion | None = queries.latest_version(revision.organisation)
    if latest is None or latest.pk == revision.base_id:
        return []
    said = {"base": revision.base.number, "now": latest.number, "post": revision.proposer_post}
    return [
        _(
            "这份修改是照第%(base)s版实施办法改的，现在生效的已经是第%(now)s版。"
            "请%(post)s先换到新的一版，再交来审定。"
        )
        % said
    ]


def _finished(revision: Revision) -> str:
    if revision.state == RevisionState.APPROVED:
        return _("这份修改已经生效。要再改，请另外提出。")
    return _("这份修改已经撤销。要再改，请另外提出。")

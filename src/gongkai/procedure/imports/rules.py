"""Who may read a file in, and make something of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.imports import queries
from gongkai.procedure.imports.models import Import
from gongkai.procedure.imports.states import OPEN, ImportState, Use
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Draft


def visible(officer: Officer) -> QuerySet[Import]:
    """The imports that ``officer`` may look into: those who write for the organisation see all."""
    own = queries.rows().filter(organisation=officer.organisation)
    return own if officer.may(Right.PROPOSE) else own.filter(member=officer.member)


def take_obstacles(officer: Officer, draft: Draft | None) -> list[str]:
    """Why ``officer`` may not read a file in, for ``draft`` if one is named."""
    if draft is None:
        return proposals.writer_obstacles(officer.organisation, officer)
    return proposals.edit_obstacles(draft, officer)


def use_obstacles(row: Import, officer: Officer, use: Use, draft: Draft | None) -> list[str]:
    """Why ``officer`` may not make ``use`` of what was read in."""
    obstacles = proposals.writer_obstacles(row.organisation, officer)
    if row.state not in OPEN:
        obstacles.append(_("这个文件已经办过了。请看最新的情况。"))
    elif use != Use.ATTACH and row.state != ImportState.READY:
        obstacles.append(_("还没有读出文字。可以先等等，或者只把它作附件。"))
    if use != Use.NEW and draft is None:
        obstacles.append(_("没有说要放进哪一份草稿。请从那份草稿里打开“读入文件”。"))
    if row.file.erased_at:
        obstacles.append(_("这个文件已经按规定清除，不能再用。"))
    return obstacles


def drop_obstacles(row: Import, officer: Officer) -> list[str]:
    """Why ``officer`` may not put the file aside."""
    obstacles = proposals.writer_obstacles(row.organisation, officer)
    if row.state not in OPEN:
        obstacles.append(_("这个文件已经办过了。请看最新的情况。"))
    return obstacles

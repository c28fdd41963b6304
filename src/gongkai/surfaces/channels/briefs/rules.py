"""Who may write, seal, send round and read a brief, and when. Reads, never writes."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import not_theirs
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.archive import office_paper_rules as papers
from gongkai.procedure.catalogue.charter import Channel, Charter, Scope
from gongkai.procedure.review.checks.kinds import KINDS
from gongkai.surfaces.channels.briefs import queries
from gongkai.surfaces.channels.briefs.models import Brief
from gongkai.surfaces.channels.briefs.queries import Piece
from gongkai.surfaces.channels.briefs.states import CHANNEL, BriefState, Share

MOST_LEAD = 2000
MOST_ITEMS = 60
MOST_WHOLE = 8000
"""Characters of an item that may stand in a brief with its whole text; a longer one as excerpt."""
MOST_TEXT = 60_000
"""Characters of all whole texts of one brief: some eighty pages."""
LONGEST = timedelta(days=366)
MOST_ADDRESSES = 500

SAY = papers.Sayings(
    fixed=gettext_lazy("简报已经签发，不能再改。"),
    dropped=gettext_lazy("这期简报已经放弃。"),
    proposed=gettext_lazy("简报已经送签，不能再改。要改，请签发的人先退回。"),
    unproposed=gettext_lazy("简报还在编，还没有送签。"),
    decided=gettext_lazy("简报要由%(posts)s来签发。"),
    own=gettext_lazy("这期简报是您编的，要由另一个人来签发。"),
)


def channel_of(charter: Charter) -> Channel | None:
    """The brief as a channel of ``charter``; none where it has none."""
    return next((each for each in charter.channels if each.key == CHANNEL), None)


def scopes_of(charter: Charter) -> list[Scope]:
    """For whom a brief may be: whole scopes, and where the channel is not for the public, only
    those within.
    """
    channel = channel_of(charter)
    if channel is None:
        return []
    return [each for each in charter.scopes if not each.choose and (channel.public or each.inner)]


def draft_obstacles(
    organisation: Organisation,
    officer: Officer,
    charter: Charter,
    scope: str = "",
    first: date | None = None,
    last: date | None = None,
) -> list[str]:
    """Why ``officer`` may not begin a brief, or not one for these readers over these days."""
    if obstacles := not_theirs(officer, organisation, Right.PUBLISH):
        return obstacles
    if channel_of(charter) is None:
        return [_("实施办法的公开渠道里没有简报（brief）。请先修订实施办法。")]
    if first is None or last is None:
        return []
    if all(each.code != scope for each in scopes_of(charter)):
        return [_("简报不能发给这个范围。请另选一个范围。")]
    if first > last:
        return [_("第一天不能在最后一天以后。")]
    if last - first > LONGEST:
        return [_("一期简报最多收一年的内容。请分成几期。")]
    if queries.unfinished(organisation, scope, first, last):
        return [_("这一时期已经有一期简报在编。请接着编那一期。")]
    return []


def edit_obstacles(
    brief: Brief,
    officer: Officer,
    lead: str = "",
    shares: Sequence[Share] = (),
) -> list[str]:
    """Why ``officer`` may not go on editing ``brief``, or not with these words and items."""
    if obstacles := papers.write_obstacles(brief, officer, SAY):
        return obstacles
    if len(lead) > MOST_LEAD:
        return [_("导语最多%(most)s个字。请写短一些。") % {"most": MOST_LEAD}]
    if len(shares) > MOST_ITEMS:
        return [_("一期最多%(most)s件。请去掉几件，或者分成几期。") % {"most": MOST_ITEMS}]
    return []


def propose_obstacles(brief: Brief, officer: Officer, charter: Charter) -> list[str]:
    """Why ``officer`` may not hand ``brief`` over to be sealed."""
    if obstacles := papers.write_obstacles(brief, officer, SAY):
        return obstacles
    obstacles = contents_obstacles(brief)
    for found in queries.findings(brief, charter):
        if found.blocking and KINDS[found.kind].mended:
            obstacles.append(_("请先改好：%(found)s") % {"found": found.label})
    return obstacles


def drop_obstacles(brief: Brief, officer: Officer) -> list[str]:
    """Why ``officer`` may not give ``brief`` up."""
    return papers.drop_obstacles(brief, officer, SAY)


def seal_obstacles(
    brief: Brief, officer: Officer, charter: Charter, clearance: str | None = None
) -> list[str]:
    """Why ``officer`` may not seal ``brief``; ``clearance`` is why what the checks found stands."""
    obstacles = papers.unproposed_obstacles(brief, SAY)
    if obstacles := obstacles or papers.decide_obstacles(brief, officer, charter, SAY):
        return obstacles
    obstacles = contents_obstacles(brief)
    if clearance is not None and not clearance.strip():
        blocking = [each for each in queries.findings(brief, charter) if each.blocking]
        obstacles += [
            _("%(found)s。要留着，请写明理由；不该有，请退回修改。") % {"found": each.label}
            for each in blocking
        ]
    return obstacles


def return_obstacles(
    brief: Brief, officer: Officer, charter: Charter, text: str | None = None
) -> list[str]:
    """Why ``officer`` may not send ``brief`` back to be changed, for the reason ``text``."""
    return papers.return_obstacles(brief, officer, charter, SAY, text)


def circulate_obstacles(brief: Brief, officer: Officer, addresses: Sequence[str] = ()) -> list[str]:
    """Why ``officer`` may not send ``brief`` round, or not to these ``addresses`` too."""
    if obstacles := not_theirs(officer, brief.organisation, Right.PUBLISH):
        return obstacles
    if brief.state != BriefState.SEALED:
        return [_("简报还没有签发，不能分送。")]
    if brief.erased_at:
        return [_("这一期的内容已经清除，不能分送。")]
    if brief.circulated_at:
        return [_("这一期已经分送过了。")]
    if brief.paper_id is None:
        return [_("PDF还在制作，做好以后再分送。")]
    if addresses and not is_public(brief.audience):
        return [_("这一期只给成员看，只能寄给成员账号里登记的邮箱，不能另写邮箱。")]
    if len(addresses) > MOST_ADDRESSES:
        return [_("一次最多另寄%(most)s个邮箱。") % {"most": MOST_ADDRESSES}]
    return []


def contents_obstacles(brief: Brief) -> list[str]:
    """What is missing in a brief, and what may not stand in it."""
    pieces = queries.pieces(brief)
    obstacles = [sentence for each in pieces for sentence in piece_obstacles(each)]
    if not pieces:
        obstacles.append(_("还没有选内容。"))
    if sum(each.length for each in pieces if each.share == Share.WHOLE) > MOST_TEXT:
        obstacles.append(_("全文合起来太长了。请把几件改登摘要，或者分成几期。"))
    if not brief.lead.strip():
        obstacles.append(_("导语还没有写。"))
    return obstacles


def piece_obstacles(piece: Piece) -> list[str]:
    """Why an item may not stand in the brief."""
    said = {"title": piece.title or piece.address}
    if piece.opening is None:
        if piece.gone:
            return [_("《%(title)s》已经撤下。请从这一期里去掉。") % said]
        return [_("《%(title)s》没有向这一期的读者公开。请从这一期里去掉。") % said]
    if not piece.channel:
        return [_("《%(title)s》盖章时定的公开渠道里没有简报。请从这一期里去掉。") % said]
    if piece.share == Share.WHOLE and piece.length > MOST_WHOLE:
        wording = _("《%(title)s》有%(n)s个字，全文太长。请改登摘要，全文扫码看网页。")
        return [wording % {**said, "n": piece.length}]
    return []

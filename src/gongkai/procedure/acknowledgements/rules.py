"""Who may confirm, and who may see who has. Reads, never writes."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.acknowledgements.models import Acknowledgement
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties.reminding import responsible
from gongkai.procedure.proposals.models import Disclosure


def confirm_obstacles(asked: Acknowledgement | None, stands: bool) -> list[str]:
    """Why what was ``asked`` may not be confirmed now; ``stands``: the edition may be read and is
    the newest that the member may read.
    """
    if asked is None:
        return [_("这一件没有请您确认阅读。")]
    if not stands:
        return [_("这一版已经更正或者撤回。请看最新的情况。")]
    return []


def may_see_names(officer: Officer, disclosure: Disclosure, charter: Charter) -> bool:
    """Whether one of the posts of ``officer`` answers for the entry: its department's head, and
    those of the department that propose. Nobody else learns who has read what.
    """
    if officer.organisation != disclosure.organisation:
        return False
    return any(map(officer.holds, responsible(charter, disclosure.entry.department)))

"""What hangs in the demonstration, and what was read out at a meeting: by the real verbs, once."""

from collections.abc import Collection

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.publication import assemblies, hanging
from gongkai.procedure.publication.models import Assembly, Evidence, Posting
from gongkai.procedure.publication.posting_rules import Held
from gongkai.procedure.publication.states import WAITING

HUNG = ("jc-05.docx", "zz-08.txt", "fw-01.txt", "fw-04-autumn.txt")
"""Hung before one of them is corrected and another withdrawn: both must then come down."""
SEEN, READ = ("zz-08.txt", "fw-01.txt"), ("jc-05.docx", "qt-01.txt")
WALL, MEETING = "wall", "delegates-meeting"


def hang(found: dict[str, Disclosure], officer: Officer) -> None:
    """Put up the sheets of ``HUNG``, see some of them there, and read two items out."""
    hung = _waiting(WALL, [found[file] for file in HUNG if file in found])
    if hung:
        hanging.put_up(chosen=hung, officer=officer)
        seen = {found[file].pk for file in SEEN if file in found}
        there = [each for each in hung if each.release.disclosure_id in seen]
        hanging.confirm(chosen=there, officer=officer)
    read = _waiting(MEETING, [found[file] for file in READ if file in found])
    if read and not Assembly.objects.filter(organisation=officer.organisation).exists():
        held = Held(MEETING, clock.now(), "镇政府三楼会议室", 52, 47)
        assemblies.read_out(held=held, chosen=read, officer=officer)


def _waiting(channel: str, among: Collection[Disclosure]) -> list[Posting]:
    """Of items of which nobody has said anything yet on this channel: what is to go out there."""
    now = clock.now()
    told = Evidence.objects.filter(posting__channel=channel, posting__release__disclosure__in=among)
    known = set(told.values_list("posting__release__disclosure", flat=True))
    rows = Posting.objects.filter(
        channel=channel, state__in=WAITING, release__disclosure__in=among
    ).select_related("release")
    standing = [each for each in rows if each.comes_down is None or each.comes_down > now]
    return [each for each in standing if each.release.disclosure_id not in known]

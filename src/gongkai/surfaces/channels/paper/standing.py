"""What really hangs on the physical board, as postings tell, where the plan only knows the rule.

Of what was opened before there were postings nothing is told: there the rule stands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.foundation.core.clock import civil_day
from gongkai.procedure.publication.models import Posting
from gongkai.procedure.publication.states import OUT, PostingState

Key = tuple[str, int]


@dataclass(frozen=True)
class Told:
    """What the postings of one wall tell (张贴情况), by address and edition.

    ``out`` says whether it hangs, ``down`` are those that were taken down, ``posting`` is the key
    of each one's row and ``since`` the day on which it went up.
    """

    out: Mapping[Key, bool]
    down: Collection[Key]
    posting: Mapping[Key, int]
    since: Mapping[Key, date]

    def hangs(self, key: Key, rule: bool) -> bool:
        """Whether this edition hangs; as the ``rule`` says where nothing is told of it.

        Edition 0 stands for one that is not known any more: somebody looks, until each that there
        was is taken down.
        """
        address, edition = key
        if edition:
            return self.out.get(key, rule)
        theirs = {each for each in self.out if each[0] == address}
        return not theirs <= set(self.down) if theirs else rule

    def besides(self, keys: set[Key]) -> set[Key]:
        """What hangs and is not among ``keys``."""
        lost = {address for address, edition in keys if not edition}
        found = {key for key, hangs in self.out.items() if hangs}
        return {key for key in found - keys if key[0] not in lost}


def told(slug: str, channel: str, addresses: Sequence[str], zone: str) -> Told:
    """What is told of these items, and of all that hangs on the wall besides: 1 query."""
    about = Q(release__disclosure__address__in=addresses)
    rows = Posting.objects.filter(
        Q(state__in=OUT) | about, organisation__slug=slug, channel=channel
    ).values_list(
        "release__disclosure__address", "release__edition__number", "pk", "state", "since"
    )
    out, down, posting, since = {}, set(), {}, {}
    for address, edition, pk, state, at in rows:
        key = (address, edition)
        out[key], posting[key] = state in OUT, pk
        if state == PostingState.TAKEN_DOWN:
            down.add(key)
        if at:
            since[key] = civil_day(at, zone)
    return Told(out, down, posting, since)

"""青溪镇 under a charter that asks for confirmations of JC-05."""

from datetime import UTC, datetime

import pytest
from tests.cast import CHARTERS
from tests.procedure.editions import disclosure_of, opened, planned, sealed

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.acknowledgements import jobs
from gongkai.procedure.acknowledgements.models import Acknowledgement
from gongkai.procedure.catalogue.workflow import apply

MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


def confirming(qingxi) -> Organisation:
    """``qingxi`` after JC-05 has come to ask for confirmations."""
    source = (CHARTERS / "township.toml").read_text("utf-8")
    apply(source=source.replace('code = "JC-05"', 'code = "JC-05"\nconfirm = true'), by=SYSTEM)
    return qingxi


@pytest.fixture
def township(qingxi, time_machine):
    """The township on a Monday morning; the clock stands."""
    time_machine.move_to(MONDAY, tick=False)
    return confirming(qingxi)


@pytest.fixture
def circulated(township, log):
    """An edition open to the township's members, exposed, and its readers asked."""

    def make(*scopes, disclosure=None, plan=("A3", "A1")):
        plan = [planned(each)[0] if isinstance(each, str) else each for each in plan]
        edition = sealed(disclosure or disclosure_of(township), plan=plan)
        opened(edition, *(scopes or ("A3",)))
        log()
        jobs.ask(MONDAY)
        return edition

    return make


def asked(edition) -> set[str]:
    """The names of those who were asked about ``edition``."""
    rows = Acknowledgement.objects.filter(circular__edition=edition)
    return set(rows.values_list("member__name", flat=True))

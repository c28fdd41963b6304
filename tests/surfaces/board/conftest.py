"""A board of one's own on a fixed day."""

from datetime import UTC, datetime

import pytest
from tests.surfaces.board.office import Office, forget
from tests.surfaces.board.remembered import RememberedHome

from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.translog.note import Signer


@pytest.fixture(autouse=True)
def _fixed_day(time_machine):
    """Noon in Qingxi on 23 November 2026, a Monday."""
    time_machine.move_to(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def office(home, settings, db):
    """An office without a charter yet."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    forget()
    lease = Lease()
    assert lease.acquire()
    yield Office(home, lease)
    lease.release()


@pytest.fixture
def qingxi_board(office):
    """A township whose charter is published and followed."""
    render(office.home, office)
    return office


@RememberedHome
def render(_home, office: Office) -> None:
    """The charter's own pages, before anything is published under it."""
    office.charter()
    office.go()

"""A receiver on this machine, and who may have hooks lead there."""

import pytest
from tests.cast import officer_named
from tests.foundation.notices.receiving import receiver
from tests.surfaces.channels import conftest as around

from gongkai.surfaces.channels.hooks import jobs

__all__ = ["receiver"]
office = around.office


@pytest.fixture
def keeper(office, qingxi):
    """党政办信息员, who may arrange hooks."""
    return officer_named(qingxi, "党政办信息员")


def go(office) -> None:
    """A pass of the keeper, and what the worker does then."""
    office.go()
    jobs.wake()
    around.work()

"""A list of the township's office."""

import pytest
from tests.cast import officer_named
from tests.surfaces.channels import conftest as around

from gongkai.surfaces.channels.lists import workflow

office = around.office


@pytest.fixture
def clerk(office, qingxi):
    """党政办主任, who may keep lists."""
    return officer_named(qingxi, "党政办主任")


@pytest.fixture
def delegates(clerk):
    """A list of everything, by item."""
    return workflow.make(
        officer=clerk, name="人大代表", purpose="请代表监督", pace="now", categories=[]
    )

"""A network, never a household."""

import pytest

from gongkai.foundation.core.network import network


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_keeps_no_household(address, kept):
    assert network(address) == kept

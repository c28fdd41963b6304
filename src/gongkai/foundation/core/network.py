"""Which network a request comes from, and no more of it than counting needs."""

import ipaddress

NETWORK = "GONGKAI_NETWORK"
"""Where the middleware leaves a request's network in ``request.META``; no header can name it."""


def network(address: str) -> str:
    """A client's address without the part that tells the household: /24, or /48 in IPv6.

    Empty when ``address`` is none.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))

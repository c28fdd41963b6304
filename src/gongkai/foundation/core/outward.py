"""Handing something to a server whose address a person typed: never into our own network.

A name may lead to this machine, to the cloud's own address of secrets (169.254.169.254) or to a
neighbour behind the firewall, and may lead elsewhere each time it is asked. So the name is asked
once, all that it leads to is looked at, and the connection goes to just that. No proxy, no
redirect, and of the answer only its status is read: a long one costs nothing.
"""

import socket
import ssl
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from gongkai.foundation.core.fetching import Unreachable, Watch, alarm, is_address

Network = IPv4Network | IPv6Network
SECONDS = 10.0
"""The longest that handing over takes, from the first packet to the answer's status."""
_NAT64 = ip_network("64:ff9b::/96")


class Forbidden(OSError):
    """The address leads where nothing may be sent; the message says where."""


class TooSlow(Unreachable):
    """No answer in time."""


def networks(written: str) -> tuple[Network, ...]:
    """The networks in ``written``, which commas divide. ``ValueError`` where one is none."""
    return tuple(ip_network(each.strip(), strict=False) for each in written.split(",") if each)


def post(
    address: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    inside: Sequence[Network] = (),
    seconds: float = SECONDS,
) -> int:
    """Hand ``body`` to ``address``; the HTTP status that is answered, whatever it is.

    Only https, and only to addresses that anybody may reach; what lies in the networks ``inside``
    may be reached too, by http as well. Raises ``Forbidden`` for any other, ``TooSlow`` when no
    status came in time, ``ssl.SSLError`` for a certificate that does not hold, ``Unreachable``.
    """
    if not is_address(address):
        raise Unreachable("no address on the web")
    parts = urlsplit(address)
    with alarm(seconds) as watch:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, inside, watch)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status
        except (Forbidden, ssl.SSLError):
            if watch.rung:
                raise TooSlow(f"no answer within {seconds:.0f} s") from None
            raise
        except (OSError, HTTPException, ValueError) as error:
            if watch.rung or isinstance(error, TimeoutError):
                raise TooSlow(f"no answer within {seconds:.0f} s") from error
            raise Unreachable(type(error).__name__) from error
        finally:
            connection.close()


def _connection(
    scheme: str, host: str, port: int | None, inside: Sequence[Network], watch: Watch
) -> HTTPConnection:
    made: HTTPConnection
    if scheme == "https":
        made = HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        made = HTTPConnection(host, port, timeout=SECONDS)

    def connect(place: tuple[str, int], *given: Any, **named: Any) -> socket.socket:
        found = _looked_up(*place, plain=scheme == "http", inside=inside)
        return watch.connect((found, place[1]), *given, **named)

    vars(made)["_create_connection"] = connect
    return made


def _looked_up(host: str, port: int, *, plain: bool, inside: Sequence[Network]) -> str:
    """The number of the host to connect to; ``Forbidden`` if any that it has is not permitted."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(row[4][0]) for row in rows))
    for number in numbers:
        if not permitted(number, plain=plain, inside=inside):
            raise Forbidden(number)
    return numbers[0]


def permitted(number: str, *, plain: bool = False, inside: Sequence[Network] = ()) -> bool:
    """Whether something may be sent to the host with this ``number``; ``plain``: without TLS."""
    try:
        meant = _meant(ip_address(number.partition("%")[0]))
    except ValueError:
        return False
    if any(meant.version == each.version and meant in each for each in inside):
        return True
    return not plain and meant.is_global and not meant.is_multicast


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries in itself, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address

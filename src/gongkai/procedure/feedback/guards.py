"""What keeps foreign pages and robots from the public forms, which have no session and no token.

The board's pages are static files, so a form there can carry nothing that was made for its reader.
Instead the browser says where a form comes from, a person confirms on a page that expires, and one
network may knock only so often in ten minutes.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from gongkai.foundation.core import clock
from gongkai.foundation.core.network import NETWORK

WINDOW = 10
"""Minutes in which knocks are counted: whoever knocked too often waits no longer."""
LIMITS = {"write": 60, "send": 20, "look": 40, "paper": 10}
"""How often one network may write, send, look up, and have a PDF checked within that time: a
village behind one address still gets through, a robot does not. How fast voices come is counted
apart (:mod:`paces`)."""


def foreign(request: HttpRequest) -> bool:
    """Whether the browser says that another site's page sent the form.

    A browser too old to say is let in: it can only reach a page that must still be confirmed.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "same-site", "none"} and not _ours(request)
    return "Origin" in request.headers and not _ours(request)


def network(request: HttpRequest) -> str:
    """The network a request comes from (/24, or /48 in IPv6), as a keyed hash."""
    own = str(request.META.get(NETWORK, ""))
    return salted_hmac("gongkai.network", own, algorithm="sha256").hexdigest()


def this_window() -> datetime:
    """The ten minutes that are counted now, by their beginning."""
    now = clock.now()
    return now.replace(minute=now.minute - now.minute % WINDOW, second=0, microsecond=0)


def _ours(request: HttpRequest) -> bool:
    """Whether the ``Origin`` is the board's, the office's, or the very host that was asked."""
    own = f"{request.scheme}://{request.get_host()}"
    known = {_origin(settings.BOARD_URL), _origin(settings.OFFICE_URL), own}
    return request.headers.get("Origin") in known


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

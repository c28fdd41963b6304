"""What counts as a call of an item's page 页面调用. Pure, and knows no Django.

The same few questions are asked of a request that the embedded server answers and of a line in
another server's log: is it the page of an item, did somebody get it, and was it a browser that
somebody looks at.
"""

import re
from functools import lru_cache

PAGE = re.compile(r"(?:/en)?/i/([0-9A-HJKMNP-TV-Z]{10})")
"""The page of an item in either language; not its earlier versions, attachments and files."""
ANSWERED = frozenset((200, 304))
"""The page was sent, or the browser had it and was told that it is still right."""

_MACHINES = re.compile(
    "bot|crawl|spider|slurp|archiv|preview|facebookexternal|curl|wget|python|java/|okhttp|libwww"
    "|go-http|headless|lighthouse|monitor|uptime|check|scan|fetch|http-client|feed|rss",
    re.IGNORECASE,
)
"""What programs call themselves that nobody looks at. A program may call itself a browser: then it
is counted, and nobody can tell.
"""
_SHOWN = frozenset(("", "document", "iframe"))


@lru_cache(maxsize=4096)
def item(path: str) -> str:
    """The address of the item whose page ``path`` is; empty for any other path."""
    found = PAGE.fullmatch(path)
    return found[1] if found else ""


@lru_cache(maxsize=1024)
def is_machine(agent: str) -> bool:
    """Whether this is the name of a program that nobody looks at; without a name it is."""
    return not agent or _MACHINES.search(agent) is not None


def looked_at(agent: str, purpose: str, dest: str) -> bool:
    """Whether a browser asked for a page to show it now.

    ``purpose`` is what ``Sec-Purpose``, ``Purpose`` or ``X-Moz`` say, of pages that are fetched in
    case somebody wants them; ``dest`` is ``Sec-Fetch-Dest``, which scripts cannot set.
    """
    return "prefetch" not in purpose and dest in _SHOWN and not is_machine(agent)

"""Residents who speak to a real web process over real connections, each from a network of its own.

On this machine every address under 127.0.0.0/8 is ours, so each voice may come from another /24.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

FORM = {
    "say": "水渠什么时候修好？",
    "show": "yes",
    "kind": "opinion",
    "name": "某人",
    "tel": "0000-1",
    "tell_mail": "on",
}
TOKEN = re.compile(r'name="token" value="([^"]+)"')
CODE = re.compile(r'class="receipt">([^<]+)<')
BUSY = frozenset({429, 503})
WAIT = 30.0
_networks = count(1)


@dataclass
class Voice:
    """One resident's attempt (一次来件): what they hold, the longer the better.

    ``token`` is their confirmation page, ``code`` the receipt that was shown; ``status`` is the
    last answer, none when the line broke.
    """

    token: str = ""
    code: str = ""
    status: int | None = None
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether a page told them to come later."""
        return self.status in BUSY


def speak(port: int, voice: Voice) -> Voice:
    """Through form and confirmation to the receipt; goes on from the confirmation it holds."""
    begun, number = time.perf_counter(), next(_networks)
    source = f"127.{1 + number // 256 % 250}.{number % 256}.1"
    line = HTTPConnection("127.0.0.1", port, timeout=WAIT, source_address=(source, 0))
    voice.status = None
    try:
        if not voice.token:
            own = {**FORM, "mail": f"resident{number}@example.org"}
            voice.token = _found(TOKEN, voice, line, own)
        if voice.token:
            voice.code = _found(CODE, voice, line, {"token": voice.token})
    except (OSError, HTTPException):
        voice.status = None
    finally:
        line.close()
    voice.seconds = time.perf_counter() - begun
    return voice


def _found(pattern: re.Pattern[str], voice: Voice, line: HTTPConnection, form: dict) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}
    line.request("POST", "/say/", urlencode(form), headers)
    answer = line.getresponse()
    page = answer.read().decode()
    voice.status = answer.status
    found = pattern.search(page)
    return found[1] if found else ""


def without_end(port: int, until: float) -> Iterator[Voice]:
    """One voice after the other until the clock says ``until``, or nobody answers."""
    while time.monotonic() < until:
        yield (said := speak(port, Voice()))
        if said.status is None:
            return

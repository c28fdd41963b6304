"""Short messages 短信: handed to a gateway of the operator's own, signed as our webhooks are.

It gets the number and the words, and nothing that says whose case it is. ``webhook-id`` is the same
however often a message is handed over, so that the gateway sends it once.
"""

import ssl

from django.conf import settings

from gongkai.foundation.core import canonical, clock, outward
from gongkai.foundation.core.fetching import Unreachable
from gongkai.foundation.notices import signing
from gongkai.foundation.notices.states import Trouble

FORMAT = "gongkai-text/1"
NOT_A_NUMBER = 422
"""The status by which a gateway says that the number is good for nothing; it is not tried again."""


def installed() -> bool:
    """Whether there is a gateway."""
    return bool(settings.SMS_URL)


def hand_over(number: str, text: str, identity: str) -> Trouble | None:
    """What the gateway had against the message; none when it took it."""
    body = canonical.encode({"format": FORMAT, "to": number, "text": text})
    headers = signing.headers(identity, clock.now(), body, [settings.SMS_SECRET])
    try:
        status = outward.post(settings.SMS_URL, body, headers=headers, inside=settings.HOOKS_INSIDE)
    except (outward.Forbidden, ssl.SSLError, Unreachable):
        return Trouble.GATEWAY
    if 200 <= status < 300:
        return None
    return Trouble.NUMBER if status == NOT_A_NUMBER else Trouble.GATEWAY

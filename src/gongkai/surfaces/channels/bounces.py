"""Letters that mail servers send back (RFC 3464): was it for good, and whose was it? Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

FOLLOW, VOICES, RECEPTIONS = "follow", "voices", "receptions"
"""Whose letters there are: alerts, news of a voice, news of a booking."""
_WORDS = {
    FOLLOW: re.compile(r"/follow/leave/([0-9A-Z]+)/"),
    VOICES: re.compile(r"/say/letters/([0-9A-Z]+)/"),
    RECEPTIONS: re.compile(r"^Message-ID:\s*<r\.([0-9A-Z]+)\.", re.IGNORECASE),
}


@dataclass(frozen=True)
class Returned:
    """A letter that came back (退信): whose it was, the word of ours that it bears, and whether
    nothing will ever reach that mailbox.
    """

    whose: str
    word: str
    for_good: bool


def returned(data: bytes) -> Returned | None:
    """What the report in ``data`` says of a letter of ours; none where it says nothing.

    The word is signed by us, so a forged report names nobody. A report of a delay, a warning, an
    answer from an absent reader: nothing.
    """
    message = message_from_bytes(data, policy=policy.default)
    failed = [status for part in message.walk() if (status := _failed(part))]
    if not failed:
        return None
    for header in _headers(message):
        for whose, words in _WORDS.items():
            if found := words.search(header):
                return Returned(whose, found[1], "5" in failed)
    return None


def _failed(part: object) -> str:
    """The class of the status with which a part reports that the letter failed: 5 for good, 4 when
    the server has tried for as long as it does; else nothing.
    """
    if not isinstance(part, EmailMessage) or part.get_content_type() != "message/delivery-status":
        return ""
    told = part.as_string()
    if not re.search(r"^Action:\s*failed", told, re.IGNORECASE | re.MULTILINE):
        return ""
    status = re.search(r"^Status:\s*([45])\.", told, re.IGNORECASE | re.MULTILINE)
    return status[1] if status else ""


def _headers(message: EmailMessage) -> Iterator[str]:
    """The headers that bear a word, of what was returned, whole or its headers alone."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield from re.findall(
                r"^(?:List-Unsubscribe|Message-ID):.*(?:\n[ \t].*)*",
                part.get_content(),
                re.IGNORECASE | re.MULTILINE,
            )
        elif part is not message:
            for name in ("List-Unsubscribe", "Message-ID"):
                if part[name]:
                    yield f"{name}: {part[name]}"

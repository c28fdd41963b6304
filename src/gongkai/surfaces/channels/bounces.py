"""Letters that mail servers send back (RFC 3464): was it for good, and whose was it? Pure."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

_LINK = re.compile(r"/follow/leave/([0-9A-Z]+)/")


def returned(data: bytes) -> str:
    """The word in the leaving link of the letter that came back for good; else nothing.

    The link is signed by us, so a forged report can name no subscriber. A report of a delay, a
    warning, an answer from an absent reader: nothing.
    """
    message = message_from_bytes(data, policy=policy.default)
    if not any(_for_good(part) for part in message.walk()):
        return ""
    links = (_LINK.search(text) for text in _headers(message))
    return next((found[1] for found in links if found), "")


def _for_good(part: object) -> bool:
    """Whether a part reports that the letter failed with a status of 5."""
    if not isinstance(part, EmailMessage) or part.get_content_type() != "message/delivery-status":
        return False
    told = part.as_string()
    failed = re.search(r"^Action:\s*failed", told, re.IGNORECASE | re.MULTILINE)
    return bool(failed and re.search(r"^Status:\s*5\.", told, re.IGNORECASE | re.MULTILINE))


def _headers(message: EmailMessage) -> Iterator[str]:
    """The List-Unsubscribe headers of what was returned, whole or its headers alone."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield from re.findall(
                r"^List-Unsubscribe:.*(?:\n[ \t].*)*",
                part.get_content(),
                re.IGNORECASE | re.MULTILINE,
            )
        elif part is not message and part["List-Unsubscribe"]:
            yield str(part["List-Unsubscribe"])

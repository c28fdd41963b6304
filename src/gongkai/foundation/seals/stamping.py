"""Time stamps 时间戳 by RFC 3161: somebody else says when a signature was there.

They get its digest only. One question of at most some seconds: who seals does not wait for others.
"""

from typing import TYPE_CHECKING, Any

from gongkai.foundation.core import fetching

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10.0
LARGEST = 12 * 1024
"""A token fits into the room that the signature has; those of known authorities have 2 to 7 KB."""
_ASKED, _ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class Unstamped(Exception):
    """The authority answered, and gave no usable time stamp."""


def at(address: str) -> "TimeStamper":
    """The authority at ``address``, as the library asks it. Asking raises ``Unreachable`` or
    ``Unstamped``.
    """
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

    class Authority(TimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                token = await super().async_timestamp(message_digest, md_algorithm)
                _compare(token, message_digest)
            except (TimestampRequestError, ValueError, TypeError, KeyError) as error:
                raise Unstamped(str(error) or type(error).__name__) from error
            return token

        async def async_request_tsa_response(self, req: Any) -> Any:
            answer = fetching.post(address, req.dump(), kind=_ASKED, most=LARGEST, seconds=SECONDS)
            return tsp.TimeStampResp.load(answer)

    return Authority()  # type: ignore[no-untyped-call]  # pyhanko leaves it open


def _compare(token: Any, digest: bytes) -> None:
    """``ValueError`` unless the token speaks of ``digest``: the library does not look."""
    told = token["content"]["encap_content_info"]["content"].parsed
    if told["message_imprint"]["hashed_message"].native != digest:
        raise ValueError("the time stamp is for something else")

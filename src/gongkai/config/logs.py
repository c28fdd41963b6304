"""The log that operators read: one JSON object on each line, and no personal text.

A line says when, where and what happened, with the request and the act it belongs to. It never
holds a form's contents, a query string, a permanent address or a receipt code (the route's
pattern stands for them), or a client's whole address. What a person did is in the ledger.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from gongkai.foundation.core.errors import Broken

request_id: ContextVar[str] = ContextVar("request_id", default="")

EXTRAS = ("act", "route", "method", "status", "milliseconds", "client", "signed_in")


class Lines(logging.Formatter):
    """Formats a record as one line of JSON. Pass ``extra={"act": …}`` to name the act."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if identity := request_id.get():
            line["request"] = identity
        line |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and (error := record.exc_info[1]):
            line["error"] = places(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """What to say; Django's lines on security quote addresses and hosts, so only their kind."""
    if record.name.startswith("django.security."):
        return f"A request was refused: {record.name.rpartition('.')[2]}."
    return record.getMessage()


def places(error: BaseException) -> dict[str, object]:
    """An error's type and the places it passed.

    Its words are left out, since they may quote what a person typed; ``Broken`` keeps its own.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        **({"words": str(error)} if isinstance(error, Broken) else {}),
        **({"cause": places(error.__cause__)} if error.__cause__ else {}),
    }


class WithoutDetails(logging.Filter):
    """Keeps Django's own request lines (they quote addresses) down to the errors' places."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets errors through, renamed; drops the rest, which RequestIdentity has told already."""
        if record.levelno < logging.ERROR:
            return False
        record.msg, record.args = "The request failed.", ()
        return True

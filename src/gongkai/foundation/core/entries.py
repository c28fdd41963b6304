"""The log's entries: what the log must hold for a record, made from what is shown with the item.

The one place that knows their form, for those who write entries and for those who only check them
and have neither database nor Django. Described for strangers in ``docs/reference/log-format.md``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.foundation.core import canonical


def commitment(
    salt: bytes,
    *,
    subject: str,
    version: int,
    organisation: str,
    audience: Iterable[str],
    digest: str,
) -> str:
    """The salted commitment that stands in the log for a record, in hexadecimal."""
    covered = {
        "audience": sorted(audience),
        "digest": digest,
        "organisation": organisation,
        "subject": subject,
        "version": version,
    }
    return canonical.digest(salt + canonical.encode(covered))


def entry(facts: Mapping[str, Any]) -> bytes:
    """The entry that belongs to the facts of a ``vV.log.json``.

    ``ValueError``, ``TypeError`` or ``KeyError`` when they are no such facts.
    """
    made = commitment(
        bytes.fromhex(facts["salt"]),
        subject=facts["subject"],
        version=facts["version"],
        organisation=facts["organisation"],
        audience=list(map(str, facts["audience"])),
        digest=facts["digest"],
    )
    return canonical.encode({"commitment": made, "kind": facts["kind"], "time": facts["time"]})

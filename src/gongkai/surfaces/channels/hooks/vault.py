"""Where a hook leads and what it signs with, encrypted: who reads the database learns neither."""

from dataclasses import asdict, dataclass
from datetime import datetime

from gongkai.procedure.feedback import contacts
from gongkai.surfaces.channels.hooks.models import Hook


@dataclass(frozen=True)
class Kept:
    """What nobody is shown again (地址和密钥): ``old`` signs too until its time is over."""

    address: str
    secret: str = ""
    old: str = ""

    @property
    def sealed(self) -> bytes:
        """The same, encrypted."""
        return contacts.seal(asdict(self))


def opened(hook: Hook) -> Kept:
    """What ``hook`` keeps; ``Broken`` when it was sealed with another key."""
    return Kept(**contacts.unseal(bytes(hook.sealed)))


def keys(hook: Hook, kept: Kept, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    both = bool(kept.old and hook.old_until and now < hook.old_until)
    return [kept.secret, kept.old] if both else [kept.secret]

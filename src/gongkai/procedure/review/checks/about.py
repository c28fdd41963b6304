"""What the checks must know beside the text: handed in, so that each stays pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.foundation.core.workdays import NATIONAL, Calendar


@dataclass(frozen=True)
class Listed:
    """A row of the word list (词表的一条): ``instead`` is a leader's title, or the right word."""

    kind: str
    word: str
    instead: str = ""


@dataclass(frozen=True)
class About:
    """The circumstances of a draft (检查的依据).

    ``notice_workdays`` is the least a notice has to stand, 0 for what is no notice. ``elements``
    are the things to be said, each with the words of which one will do. ``standing`` says of each
    address of ours that the text names whether it is ``missing`` or ``withdrawn``. ``own`` are
    words of the organisation itself, such as its address, which are nobody's home.
    """

    today: date
    notice_workdays: int = 0
    calendar: Calendar = NATIONAL
    words: Sequence[Listed] = ()
    elements: Sequence[Sequence[str]] = ()
    standing: Mapping[str, str] = field(default_factory=dict)
    hosts: Sequence[str] = ()
    own: Sequence[str] = ()

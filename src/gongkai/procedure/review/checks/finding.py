"""What a check found, and where: data that is kept, said in the language of whoever reads."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gongkai.procedure.review.checks.kinds import sentence

_PLACES_SHOWN = 5


@dataclass(frozen=True)
class Place:
    """Where something stands (位置): in a field, a paragraph, a cell, or a line of an attachment.

    ``name`` is the field's in Chinese, as the source has it, or the attachment's title. ``number``
    counts the body's blocks, the attachments, or an attachment's lines; ``row`` and ``column`` a
    table's cells, ``row`` also a block's links. ``start`` and ``length`` are characters of the
    block's, the field's or the line's text.
    """

    part: str
    name: str = ""
    number: int = 0
    row: int = 0
    column: int = 0
    start: int = 0
    length: int = 0

    @property
    def said(self) -> str:
        """The place in the reader's language."""
        match self.part:
            case "body":
                return _("正文第%d段") % self.number
            case "link":
                return _("正文第%d段的链接") % self.number
            case "cell":
                told = {"number": self.number, "row": self.row, "column": self.column}
                return _("正文第%(number)d段的表格第%(row)d行第%(column)d列") % told
            case "title":
                return _("附件名称")
            case "line":
                return _("附件“%(title)s”第%(line)d行") % {
                    "title": self.name,
                    "line": self.number,
                }
            case "file":
                return _("附件“%s”") % self.name
            case "whole":
                return _("全文")
        return _(self.name)


@dataclass(frozen=True)
class Hit:
    """What a check saw (一处发现), before the hits of one thing are told together.

    ``secret`` tells things apart and is never kept; ``masked`` is what may be shown of it;
    ``variant`` and ``facts`` choose and fill the sentence.
    """

    kind: str
    place: Place
    masked: str = ""
    secret: str = ""
    variant: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One thing found, with all its places (检查发现).

    ``code`` is a short name for pages and the command line; ``digest`` identifies the finding and
    cannot be turned back into what was found. ``blocking`` is as the charter had it on the day.
    """

    code: str
    kind: str
    masked: str
    places: tuple[Place, ...]
    digest: str
    blocking: bool = True
    variant: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The first few places in words, and how many there are."""
        said = list(dict.fromkeys(each.said for each in self.places))
        where = _("、").join(said[:_PLACES_SHOWN])
        if len(said) > _PLACES_SHOWN:
            where = _("%(where)s等%(count)d处") % {"where": where, "count": len(said)}
        return where

    @property
    def label(self) -> str:
        """What was found, masked, and where."""
        told = {**self.facts, "masked": self.masked, "name": self.places[0].name}
        said = str(sentence(self.kind, self.variant) % told)
        if self.places[0].part in {"whole", "file"}:
            return said
        return _("%(said)s（%(where)s）") % {"said": said, "where": self.where}

    def as_data(self) -> dict[str, Any]:
        """What is kept with the review: places without what merely repeats a default."""
        places = [
            {name: value for name, value in asdict(place).items() if value} for place in self.places
        ]
        return {**asdict(self), "places": places, "facts": dict(self.facts)}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "Finding":
        """What :meth:`as_data` kept."""
        places = tuple(Place(**each) for each in data["places"])
        return cls(**{**data, "places": places})


def made(hits: list[Hit], *, blocking: bool) -> Finding:
    """The finding that ``hits``, all of one thing, amount to."""
    first = hits[0]
    told = f"{first.kind}:{first.variant}:{first.secret}"
    digest = salted_hmac("gongkai.review.finding", told, algorithm="sha256").hexdigest()
    places = tuple(dict.fromkeys(hit.place for hit in hits))
    return Finding(
        code=f"{first.kind}-{digest[:8]}",
        kind=first.kind,
        masked=first.masked,
        places=places,
        digest=digest,
        blocking=blocking,
        variant=first.variant,
        facts=first.facts,
    )

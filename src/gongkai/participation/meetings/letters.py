"""The letters to who booked: only to an address they left, in the language they booked in.

A letter holds no receipt code, which nobody keeps, and nothing of what they want to talk about.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongkai.foundation.core import clock
from gongkai.foundation.notices import addresses, links
from gongkai.foundation.notices import jobs as notices
from gongkai.foundation.ui import marks
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.procedure.catalogue.queries import charter_of

ORIGIN = "reception"
PURPOSE = "reception.letters"
"""What the name of a letter is signed for, so that it is known when it comes back."""
REMINDER, NEWS = "R", "N"
"""What a letter is: one that reminds, or one without which somebody comes in vain."""


def about(booking: Booking, kind: str) -> str:
    """What the queue knows the letters of this kind to this booking by."""
    return f"{booking.pk}{kind}"


def named(text: str) -> tuple[int, str]:
    """The booking and the kind in such a word; 0 and nothing when it is none."""
    number, kind = text[:-1], text[-1:]
    return (int(number), kind) if number.isdecimal() and kind in (REMINDER, NEWS) else (0, "")


def in_name(word: str) -> str:
    """What the signed word in a letter's name is about; nothing when it is forged or mangled."""
    return links.handle_in(PURPOSE, word)


def tell(booking: Booking, day: ReceptionDay, address: str, said: str, reason: str = "") -> None:
    """Send one letter: ``said`` is which, by its key below."""
    with override(booking.language):
        house = charter_of(day.organisation)[1].organisation
        name = house.name_en if marks.english() else house.name
        told = {**_when(booking, day), "name": name, "reason": reason}
        subject, lead = _words(said)
        lines = [
            lead % told,
            _("凭查询码可以看、改、退：%s") % f"{settings.OFFICE_URL}/say/reception/status/",
            *(
                f"{each.name_en if marks.english() else each.name} {each.number}"
                for each in house.telephones[:2]
            ),
        ]
        message = EmailMessage(subject % told, "\n\n".join(lines), None, [address])
    own = about(booking, REMINDER if said == "remind" else NEWS)
    name = f"r.{links.word(PURPOSE, own)}.{clock.now():%Y%m%d%H%M%S}"
    message.extra_headers = {
        "Message-ID": f"<{name}@{addresses.sender_host()}>",
        "Auto-Submitted": "auto-generated",
    }
    notices.queue(message, ORIGIN, own)


def _words(said: str) -> tuple[str, str]:
    """Subject and first sentence."""
    match said:
        case "remind":
            return (
                _("%(name)s：%(day)s接访"),
                _("您约了%(day)s%(time)s%(post)s接访，地点：%(place)s。不来了请退，让别人来。"),
            )
        case "seated":
            return (
                _("%(name)s：候补约上了"),
                _("有人退了，您约上了%(day)s%(time)s%(post)s接访，地点：%(place)s。"),
            )
        case "changed":
            return (
                _("%(name)s：接访安排改了"),
                _("接访安排改了：%(day)s%(time)s%(post)s接访，地点：%(place)s。原因：%(reason)s"),
            )
        case _:
            return (
                _("%(name)s：接访取消了"),
                _("%(day)s%(post)s接访取消了。原因：%(reason)s 可以凭查询码另约一天。"),
            )


def _when(booking: Booking, day: ReceptionDay) -> Mapping[str, str]:
    charter = charter_of(day.organisation)[1]
    posts = {each.key: each for each in charter.posts}
    rule = posts.get(day.post.key)
    post = rule.name_en if rule and marks.english() else day.post.name
    begins = day.at(booking.slot) if booking.slot else day.at(1)
    return {
        "day": marks.day(day.date),
        "time": f"{begins:%H:%M}",
        "post": post,
        "place": day.place,
    }

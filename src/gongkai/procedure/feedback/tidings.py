"""The letters to whoever gave a voice 给说话的人的信: a number, what happened, what to do. Pure.

A letter cannot be taken back and is read by others. So it has nothing of what was said or answered,
no receipt code and no name of a person. A short message says the same in one line, without a link
that does anything: a gateway reads along.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongkai.foundation.notices import addresses, links
from gongkai.foundation.ui import marks
from gongkai.procedure.catalogue.staffing import House
from gongkai.procedure.feedback.states import PETITIONS, Happened

PURPOSE = "say.letters"
"""What the link in a letter is signed for."""


@dataclass(frozen=True)
class Told:
    """What a letter is made from (告知内容): nothing of it tells what was said, or by whom.

    ``number`` is the one that the reader knows the voice by, ``now`` the one it has since, where
    another body deals with it; ``key`` is the letter's own.
    """

    what: str
    number: str
    now: str
    kind: str
    day: date | None
    body: str
    house: House
    language: str
    handle: str
    key: str


def letter(told: Told, address: str) -> EmailMessage:
    """The letter to ``address``, which says how to get no more of them."""
    with override(told.language):
        leave = f"{settings.OFFICE_URL}{reverse('say:letters', args=[word(told.handle)])}"
        lines = [
            _happened(told).strip(),
            _look(told),
            *(
                _("%(name)s：%(number)s")
                % {"name": _either(each.name, each.name_en), "number": each.number}
                for each in told.house.telephones[:2]
            ),
            _("公开栏：%s") % f"{settings.BOARD_URL}/",
            _("不想再收这一件的信：%s") % leave,
        ]
        subject = _("%(name)s：第%(number)s号%(what)s") % {
            "name": _either(told.house.name, told.house.name_en),
            "number": told.number,
            "what": Happened(told.what).label,
        }
    headers = {
        "Message-ID": f"<v.{told.handle}.{told.key}@{addresses.sender_host()}>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return EmailMessage(subject, "\n\n".join(lines), None, [address], headers=headers)


def message(told: Told) -> str:
    """The same as a short message."""
    with override(told.language):
        said = {"name": _either(told.house.name, told.house.name_en)}
        return _("%(name)s：") % said + _happened(told) + _look(told)


def word(handle: str) -> str:
    """The word in the link of a letter."""
    return links.word(PURPOSE, handle)


def handle_in(text: str) -> str:
    """The handle that such a word names; nothing when it is forged or mangled."""
    return links.handle_in(PURPOSE, text)


def _happened(told: Told) -> str:
    said = {"number": told.number, "now": told.now, "body": told.body}
    said["day"] = marks.day(told.day) if told.day else ""
    match told.what:
        case Happened.RECEIVED if told.kind in PETITIONS and told.day:
            return _("您说的事登记了，编号%(number)s，最晚%(day)s告知是否受理。") % said
        case Happened.RECEIVED if told.day:
            return _("您说的事收下了，编号%(number)s，最晚%(day)s答复。") % said
        case Happened.RECEIVED:
            return _("您说的事收下了，编号%(number)s。还没有答应哪一天答复。") % said
        case Happened.ACCEPTED:
            return _("编号%(number)s受理了，最晚%(day)s答复。") % said
        case Happened.EXTENDED:
            return _("编号%(number)s延长了期限，最晚%(day)s答复。") % said
        case Happened.STOPPED if told.day:
            return _("编号%(number)s暂停计时，最晚%(day)s接着计时。也许在等您补充。") % said
        case Happened.STOPPED:
            return _("编号%(number)s暂停计时。也许在等您补充。") % said
        case Happened.RESUMED:
            return _("编号%(number)s接着计时，最晚%(day)s答复。") % said
        case Happened.HANDED:
            return _("编号%(number)s转交%(body)s办，那边的编号是%(now)s。查询码照用。") % said
        case Happened.SURVEY:
            return _("编号%(number)s答复四周了。真办好了没有，请您说一声。") % said
        case _:
            return _("编号%(number)s有答复了。") % said


def _look(told: Told) -> str:
    where = f"{settings.OFFICE_URL}{reverse('say:status')}"
    if told.what == Happened.RECEIVED:
        return _("凭查询码看进展：%s") % where
    return _("写了什么、要做什么，凭查询码看：%s") % where


def _either(chinese: str, english: str) -> str:
    return english if marks.english() and english else chinese

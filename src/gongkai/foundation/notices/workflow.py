"""The verbs on letters."""

from datetime import timedelta

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet

from gongkai.foundation.core.clock import now
from gongkai.foundation.notices import addresses, sealing
from gongkai.foundation.notices.models import Letter
from gongkai.foundation.notices.states import PERMANENT, Carrier, Trouble

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long to wait after each failure; after the last one the letter is given up."""


def accept(message: EmailMessage, origin: str = "", about: str = "") -> Letter:
    """Keep ``message`` until it is sent, sealed. ``ValueError`` for attachments: letters carry
    words only, a file would leave by a way that no audience decides.

    ``origin`` and ``about`` are for a later step that looks after its own letters.
    """
    if message.attachments:
        raise ValueError("a letter has no attachments")
    alternatives = getattr(message, "alternatives", [])
    shown = "、".join(addresses.hidden(address) for address in message.recipients())[:320]
    content = {
        "recipients": message.recipients(),
        "subject": str(message.subject),
        "body": str(message.body),
        "alternatives": [[str(part[0]), str(part[1])] for part in alternatives],
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
    }
    return Letter.objects.create(
        sender=message.from_email,
        shown="" if origin else shown,
        content={"sealed": sealing.seal(content)},
        origin=origin,
        about=about,
    )


def accept_text(number: str, text: str, origin: str, about: str) -> Letter:
    """Keep a short message to the tidied ``number`` until the gateway has it, sealed likewise."""
    return Letter.objects.create(
        carrier=Carrier.TEXT,
        content={"sealed": sealing.seal({"to": number, "text": text})},
        origin=origin,
        about=about,
    )


def short_message(letter: Letter) -> tuple[str, str]:
    """The number and the words of a ``letter`` that goes as a short message."""
    content = sealing.unseal(letter.content["sealed"])
    return content["to"], content["text"]


def message(letter: Letter) -> EmailMessage:
    """The message that ``letter`` keeps, ready for a mail server."""
    content = letter.content
    if "sealed" in content:
        content = sealing.unseal(content["sealed"])
    made = EmailMultiAlternatives(
        content["subject"],
        content["body"],
        letter.sender,
        content.get("recipients", letter.recipients),
        headers=content["headers"],
    )
    for text, kind in content["alternatives"]:
        made.attach_alternative(text, kind)
    return made


def sent(letter: Letter) -> None:
    """The mail server has it: nothing is kept here."""
    Letter.objects.filter(pk=letter.pk).delete()


@transaction.atomic
def failed(letter: Letter, trouble: Trouble) -> timedelta | None:
    """Note that ``letter`` did not go out; how long to wait, none when it is given up."""
    Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1, trouble=trouble)
    letter.refresh_from_db()
    if trouble not in PERMANENT and letter.attempts <= len(PAUSES):
        return PAUSES[letter.attempts - 1]
    letter.given_up_at = now()
    letter.content, letter.recipients = {}, []
    letter.save(update_fields=["given_up_at", "content", "recipients"])
    return None


def take_back(letters: QuerySet[Letter]) -> None:
    """These letters are not to go out any more; what the mail server has cannot be stopped."""
    letters.delete()


def set_aside(pk: int) -> None:
    """The administrator has seen that the letter was given up; one still waiting is left alone."""
    Letter.objects.filter(pk=pk, given_up_at__isnull=False, origin="").delete()

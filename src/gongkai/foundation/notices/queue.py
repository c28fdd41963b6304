"""The mail backend: letters go through the worker, so a mail server that is down breaks no page."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from gongkai.foundation.notices import jobs


class QueuedMail(BaseEmailBackend):
    """Keeps each letter in the database and leaves it to the worker.

    Inside a verb's transaction the letter goes out only if the verb succeeds.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Accept every message that has a recipient; returns how many."""
        addressed = [message for message in email_messages if message.recipients()]
        with transaction.atomic():
            for message in addressed:
                jobs.queue(message)
        return len(addressed)

"""``gongkai mail``: what the mail server hands back."""

import sys

import click
from django.utils.translation import gettext as _

from gongkai.participation.meetings import visiting
from gongkai.procedure.feedback import telling
from gongkai.surfaces.channels import bounces, workflow

LARGEST = 5 * 1024 * 1024


@click.group(help="邮件。 / Mail.")
def mail() -> None:
    """The group."""


@mail.command(help="收一封退信（从标准输入读）。 / Take in a bounced letter from standard input.")
def bounce() -> None:
    """Note for whom a letter of ours came back; all else is let pass.

    Exit status 0 in either case: a mail server would send a report about the report.
    """
    found = bounces.returned(sys.stdin.buffer.read(LARGEST))
    if found and _noted(found):
        click.echo(_("记下了一次退信。"))
    else:
        click.echo(_("不是我们寄的信退了回来，没有记。"))


def _noted(found: bounces.Returned) -> bool:
    """Whether the letter was ours. An alert counts only when it came back for good."""
    if found.whose == bounces.VOICES:
        return telling.returned(word=found.word, for_good=found.for_good)
    if found.whose == bounces.RECEPTIONS:
        return visiting.returned(word=found.word)
    return found.for_good and workflow.bounced(token=found.word)

"""``gongkai mail``: what the mail server hands back."""

import sys

import click
from django.utils.translation import gettext as _

from gongkai.surfaces.channels import bounces, workflow

LARGEST = 5 * 1024 * 1024


@click.group(help="邮件。 / Mail.")
def mail() -> None:
    """The group."""


@mail.command(help="收一封退信（从标准输入读）。 / Take in a bounced letter from standard input.")
def bounce() -> None:
    """Count a refusal for the subscriber whose alert came back for good; all else is let pass.

    Exit status 0 in either case: a mail server would send a report about the report.
    """
    token = bounces.returned(sys.stdin.buffer.read(LARGEST))
    if token and workflow.bounced(token=token):
        click.echo(_("记下了一次退信。"))
    else:
        click.echo(_("不是我们的提醒被永久退回，没有记。"))

"""Who may apply a charter. Reads, never writes."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import By, Officer
from gongkai.foundation.organisations.rules import administer_obstacles


def apply_obstacles(organisation: Organisation | None, by: By) -> list[str]:
    """Why ``by`` may not apply a charter to ``organisation``; empty when they may.

    A new organisation is made by whoever runs the machine alone.
    """
    if organisation is not None:
        return administer_obstacles(organisation, by)
    if isinstance(by, Officer):
        return [_("这份实施办法是另一个单位的，这里还没有它。请系统管理员在命令行里生效。")]
    return []

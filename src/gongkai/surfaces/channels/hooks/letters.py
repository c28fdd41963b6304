"""The letter to those who look after hooks, when one has been given up."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from gongkai.foundation.organisations.letters import reaches
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import belongs, tenures_on, today
from gongkai.foundation.organisations.states import Right
from gongkai.surfaces.channels.hooks.models import Hook
from gongkai.surfaces.channels.hooks.states import Trouble


def given_up(hook: Hook) -> None:
    """Tell whoever may resume it, if a letter reaches them; the desk shows it in any case."""
    subject = _("推送“%(name)s”一天送不到，不再试") % {"name": hook.name}
    lines = [
        Trouble(hook.trouble).label,
        _("没有送到的都留着。修好以后请在这里恢复：%(page)s")
        % {"page": f"{settings.OFFICE_URL}/desk/messages/hooks/{hook.pk}/"},
    ]
    addresses = [*dict.fromkeys(_addresses(hook.organisation))]
    for address in addresses:
        send_mail(subject, "\n\n".join(map(str, lines)), None, [address])


def _addresses(organisation: Organisation) -> list[str]:
    on = today(organisation)
    held = tenures_on(on).filter(post__organisation=organisation, post__retired=False)
    return [
        tenure.member.account.email
        for tenure in held.select_related("post", "member__account").order_by("pk")
        if Right.ADMINISTER in tenure.post.rights
        and belongs(tenure.member, on)
        and tenure.member.account
        and reaches(tenure.member.account)
    ]

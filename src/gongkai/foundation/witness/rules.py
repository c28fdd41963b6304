"""Whom one may witness, and whom one may trust."""

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.fetching import is_address
from gongkai.foundation.ledger.logs import PUBLIC
from gongkai.foundation.translog.cosignature import Witness
from gongkai.foundation.translog.note import Verifier


def watch_obstacles(url: str, vkey: str) -> list[str]:
    """Why the log at ``url`` with the key ``vkey`` cannot be witnessed; empty when it can."""
    obstacles = _address_obstacles(url)
    try:
        verifier = Verifier.parse(vkey)
    except ValueError:
        wording = _("这不是日志的公钥：%(vkey)s。公钥在对方公开栏的/log/vkey，请另找途径核对。")
        return [*obstacles, wording % {"vkey": vkey}]
    if verifier.name == settings.LOG_ORIGIN or verifier in PUBLIC.verifiers:
        obstacles.append(_("这是本站自己的日志。自己给自己见证，什么也证明不了。"))
    return obstacles


def trust_obstacles(url: str, vkey: str, own: Witness) -> list[str]:
    """Why the witness at ``url`` with the key ``vkey`` cannot be trusted; empty when it can."""
    obstacles = _address_obstacles(url)
    try:
        witness = Witness.parse(vkey)
    except ValueError:
        wording = _("这不是联署人的公钥：%(vkey)s。请对方运行gongkai witness key，照抄那一行。")
        return [*obstacles, wording % {"vkey": vkey}]
    if witness.public_key == own.public_key:
        obstacles.append(_("这是本站自己的联署公钥。自己给自己联署，什么也证明不了。"))
    return obstacles


def _address_obstacles(url: str) -> list[str]:
    if is_address(url) and len(url) <= 300:
        return []
    return [_("网址要以https://或者http://开头，是对方公开栏的首页：%(url)s") % {"url": url}]

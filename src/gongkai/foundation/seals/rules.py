"""What may be done with certificates, and what is to be said of a paper that somebody holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.seals.certificates import spoken
from gongkai.foundation.seals.examining import Found, State
from gongkai.foundation.seals.models import Certificate, Sealing
from gongkai.foundation.seals.states import Verdict
from gongkai.foundation.ui import marks

EARLY = timedelta(days=60)
"""So long before its end a certificate made here is followed by another, and one that was brought
is asked for."""


def unfit(reason: str) -> str:
    """Why a certificate cannot be taken, and what to do."""
    said = {
        "unreadable": _("读不出证书。请用 PKCS#12（.p12、.pfx）或者 PEM 文件。"),
        "password": _("密码不对，或者文件坏了。请用 --password-file 给出这个文件的密码。"),
        "none": _("文件里缺私钥或者缺证书。请用 PKCS#12，或者用 --key 另给私钥。"),
        "key": _("这种密钥盖不了 PDF。请用 RSA（2048位以上）或者 P-256、P-384、P-521 的密钥。"),
        "weak": _("RSA 密钥不到2048位，太弱了。请换一张证书。"),
        "usage": _("这张证书不许签名（密钥用途里没有数字签名，也没有不可否认）。请换一张证书。"),
        "pair": _("私钥和证书不是一对。请核对两个文件。"),
    }
    return said[reason]


def change_obstacles(before: Certificate | None, *, first: bool) -> list[str]:
    """Why another certificate cannot be put into use now; ``first``: where none stood."""
    if first and before is not None:
        return [_("已经有在用的证书。要换一张，请运行 gongkai seal certificate rotate。")]
    if not first and before is None:
        return [_("现在没有在用的证书。请运行 gongkai seal certificate make。")]
    return []


def in_force_obstacles(not_before: datetime, not_after: datetime, at: datetime) -> list[str]:
    """Why a certificate cannot seal at the moment ``at``."""
    if at >= not_after:
        return [_("这张证书已经到期。请换一张。")]
    return [_("这张证书还没有生效。请到它生效以后再导入。")] if at < not_before else []


def revoke_obstacles(certificate: Certificate, since: datetime, reason: str) -> list[str]:
    """Why a certificate cannot be revoked so."""
    if certificate.revoked_from is not None and certificate.revoked_from <= since:
        return [_("这张证书已经作废，从更早的时候算起。")]
    if since > clock.now():
        return [_("作废的时间不能在以后。请写失密的时间，说不准的就写得早一点。")]
    return [] if reason.strip() else [_("请写明作废的理由，理由会公开。")]


# -- judging a paper -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judgement:
    """What is to be said of a paper (核对结果): the verdict, and its sentences in their order."""

    verdict: Verdict
    sentences: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether this is a paper of ours, unchanged, that may be believed."""
        return self.verdict == Verdict.SEALED


def judge(
    found: Found, certificates: Mapping[str, Certificate], filed: Sealing | None, zone: str
) -> Judgement:
    """The judgement on a paper of which ``found`` was found; ``filed`` is our note of having sealed
    these very bytes. ``certificates`` are ours by fingerprint, ``zone`` is where the reader is.
    """
    match found.state:
        case State.EMPTY:
            return Judgement(Verdict.UNREADABLE, (_("文件是空的。请看是不是下载完整了。"),))
        case State.NOT_PDF:
            return Judgement(Verdict.UNREADABLE, (_("这不是 PDF 文件。请选盖过章的 PDF。"),))
        case State.LOCKED:
            said = _("这个 PDF 加了密码，看不了里面。本站盖章的文件从来不加密码。")
            return Judgement(Verdict.LOCKED, (said,))
        case State.NONE:
            said = _("这个 PDF 里没有签章。它可能是打印或者另存出来的，签章只在原来的文件里。")
            return Judgement(Verdict.NONE, (said,))
        case State.FOREIGN:
            said = _(
                "签章不是本站的证书盖的（证书名称“%(name)s”，指纹 %(mark)s）。本站不能证明它。"
            )
            told = {"name": found.subject, "mark": found.certificate[:16].upper()}
            return Judgement(Verdict.FOREIGN, (said % told,))
        case State.EXTENDED:
            said = _(
                "盖章以后有人在文件后面添加了%(count)d个字节的内容，看到的可能不是盖章时的样子。"
            )
            kept = _("盖章时的那一段没有改动，但是整个文件不能作准。请找没有添加过的原件。")
            return Judgement(Verdict.EXTENDED, (said % {"count": found.added}, kept))
        case State.CHANGED:
            said = _("文件和签章对不上：盖章以后被改动过，或者下载、转存时损坏了。不能作准。")
            return Judgement(Verdict.CHANGED, (said,))
        case State.WHOLE:
            return _of_whole(found, certificates[found.certificate], filed, zone)


def _of_whole(
    found: Found, certificate: Certificate, filed: Sealing | None, zone: str
) -> Judgement:
    """Our certificate, and not a byte that it covers was changed: does our own record agree?"""
    revoked = certificate.revoked_from
    if filed is None or filed.certificate_id != certificate.pk:
        said = _(
            "签章对得上，但是本站没有盖过这一份的记录：有人改动过签章不管的字节，或者盗用了密钥。"
        )
        lines = [said, _("不能作准。请告诉本站，也请告诉监督的人。")]
        if revoked:
            lines.insert(1, _gone(certificate, revoked, zone))
        return Judgement(Verdict.UNFILED, tuple(lines))
    who = _("“%(name)s”于%(at)s盖的签章，盖章以后一个字节也没有改动。")
    whole = who % {"name": certificate.organisation.name, "at": marks.moment(filed.at, zone)}
    if revoked and filed.at >= revoked:
        false = _("这一份是在那以后盖的，不能作准。")
        return Judgement(Verdict.REVOKED, (_gone(certificate, revoked, zone), false))
    if filed.at >= certificate.not_after:
        late = _("盖章的时候证书已经到期（%(at)s），不能作准。")
        at = marks.moment(certificate.not_after, zone)
        return Judgement(Verdict.EXPIRED, (late % {"at": at},))
    lines = [whole, _("证书指纹：%(mark)s") % {"mark": _mark(certificate)}]
    if revoked:
        before = _("这一份是在那以前盖的，本站的日志里有当时的记录，照样作准。")
        lines += [_gone(certificate, revoked, zone), before]
    if found.stamped:
        at = marks.moment(clock.unstamp(found.stamped), zone)
        said = _("时间戳：“%(name)s”说它在%(at)s已经有了。") % {"name": found.authority, "at": at}
        lines.append(said)
    return Judgement(Verdict.SEALED, (*lines, not_legal()))


def not_legal() -> str:
    """What a seal of ours is not; it stands wherever one is shown."""
    return _("这能证明内容没有被改动，不等同于法律意义上的电子公章。")


def _gone(certificate: Certificate, since: datetime, zone: str) -> str:
    said = _("这张证书（指纹 %(mark)s）已经声明从%(at)s起作废。")
    return said % {"mark": _mark(certificate), "at": marks.moment(since, zone)}


def _mark(certificate: Certificate) -> str:
    return spoken(certificate.fingerprint)

"""``gongkai seal``: fix the review seal, look after the certificates, check a sealed PDF 签章."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.config.backups.commands import OftenUnsaid
from gongkai.config.env import Unusable
from gongkai.config.keycommands import AS
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.ledger.workflow import Actor
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.seals import certificates, judging, keys, queries, rules, workflow
from gongkai.foundation.seals.certificates import Sealer, Unfit
from gongkai.foundation.seals.models import Certificate
from gongkai.foundation.seals.states import Origin
from gongkai.foundation.ui import marks
from gongkai.procedure.review.commands import seal as fix

LARGEST = 1024 * 1024
"""A file with a certificate has at most so many bytes."""
LATE = timedelta(days=7)
"""So long before its end the worker should have let another follow a certificate made here."""
ORG = click.option("--org", default="", help="The organisation's slug; the first one if left out.")
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(cls=OftenUnsaid, usual="to")
def seal() -> None:
    """Fix the review seal on an item; look after the certificates of PDFs; check a sealed PDF."""


seal.add_command(fix, "to")


@seal.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
def check(files: tuple[Path, ...]) -> None:
    """Say of each PDF whether it is sealed by us and unchanged; exit status 1 when one is not."""
    top = organisations.installation()
    zone = top.zone if top else ""
    bad = False
    for file in files:
        judgement = judging.judged(file, zone)
        bad |= not judgement.good
        name = f"{file}：" if len(files) > 1 else ""
        click.echo(f"{name}{judgement.verdict.label}")
        for sentence in judgement.sentences:
            click.echo(f"  {sentence}")
    raise SystemExit(1 if bad else 0)


@seal.group()
def certificate() -> None:
    """The certificates under which PDFs are sealed: make, import, show, rotate, revoke."""


@certificate.command()
@ORG
@AS
def make(org: str, post: str) -> None:
    """Make a certificate by this installation's own authority, and use it from now on."""
    organisation = _organisation(org)
    by = _administrator(organisation, post)
    _tell([workflow.make(organisation=organisation, by=by, first=True)])


@certificate.command()
@ORG
@AS
@click.option("--reason", required=True, help="Why; it is published.")
def rotate(org: str, post: str, reason: str) -> None:
    """Let a new certificate follow the one in use. What that one sealed stays good."""
    organisation = _organisation(org)
    by = _administrator(organisation, post)
    _tell([workflow.make(organisation=organisation, by=by, first=False, reason=reason.strip())])


@certificate.command("import")
@click.argument("file", type=FILE)
@ORG
@AS
@click.option("--key", type=FILE, help="The private key in PEM, where FILE does not hold it.")
@click.option("--password-file", type=FILE, help="A file that holds the password of the key.")
@click.option("--token-key", default="", help="The key's label in the token; FILE is then PEM.")
@click.option("--reason", default="", help="Why; it is published.")
def import_(
    file: Path,
    org: str,
    post: str,
    key: Path | None,
    password_file: Path | None,
    token_key: str,
    reason: str,
) -> None:
    """Use the certificate in FILE (PKCS#12, or PEM with its chain) from now on."""
    organisation = _organisation(org)
    by = _administrator(organisation, post)
    sealer = _brought(file, key, password_file, token_key)
    made = workflow.bring(
        organisation=organisation, sealer=sealer, label=token_key, by=by, reason=reason.strip()
    )
    _tell([made])
    if made.origin != Origin.TOKEN:
        click.echo(_("私钥已经收进 keys 文件夹。带来的文件请从这台机器上删掉。"))


@certificate.command()
@ORG
@click.option("--pem", is_flag=True, help="Print the certificates themselves, with their chains.")
def show(org: str, pem: bool) -> None:
    """Every certificate there ever was: fingerprint, from when until when, how it stands."""
    every = queries.every()
    if org:
        every = every.filter(organisation=_organisation(org))
    found = list(every)
    if not found:
        click.echo(_("还没有证书。盖第一份文件的时候会自己签发一张，也可以现在运行 make。"))
    if pem:
        for each in found:
            click.echo("".join([each.certificate, *each.chain]), nl=False)
        return
    _tell(found)


@certificate.command()
@click.argument("fingerprint")
@ORG
@AS
@click.option("--reason", required=True, help="Why; it is published.")
@click.option(
    "--from",
    "since",
    default="",
    help="What it sealed from then on is not to be believed: 2026-11-26 or '2026-11-26 9:40';"
    " now, if left out.",
)
def revoke(fingerprint: str, org: str, post: str, reason: str, since: str) -> None:
    """Declare that a certificate (the first digits of its FINGERPRINT) is not to be believed."""
    organisation = _organisation(org)
    by = _administrator(organisation, post)
    found = queries.by_mark(organisation, fingerprint)
    if len(found) != 1 or len(fingerprint) < 8:
        raise Refused([_("请写指纹的前8位以上，认得出是哪一张：gongkai seal certificate show。")])
    since_when = _moment(since, organisation.zone) if since else timezone.now()
    _tell([workflow.revoke(certificate=found[0], since=since_when, reason=reason, by=by)])
    if queries.standing(organisation) is None:
        click.echo(
            _(
                "现在没有在用的证书，以后的文件不盖签章。"
                "查清以后运行 gongkai seal certificate make。"
            )
        )


def ailing() -> str:
    """What is wrong with a certificate in use; nothing while each has its key and is in force."""
    now = timezone.now()
    for each in queries.every().filter(until=None):
        named = {"name": each.organisation.name, "at": marks.moment(each.not_after)}
        if each.not_after <= now:
            return _("“%(name)s”的签章证书已经到期（%(at)s），文件不盖签章。请换一张。") % named
        early = LATE if each.origin == Origin.MADE else rules.EARLY
        if each.not_after <= now + early:
            return _("“%(name)s”的签章证书快到期（%(at)s）。请换一张，导入以后再用。") % named
        if each.origin == Origin.TOKEN:
            if not settings.SEAL_TOKEN_MODULE:
                return _("“%(name)s”的签章密钥在密码设备里，还没有设 SEAL_TOKEN_MODULE。") % named
            continue
        try:
            keys.find(each.organisation.slug, each.certificate)
        except Broken:
            return _("“%(name)s”的签章密钥不在 keys 里。请从备份取回，或者换一张证书。") % named
    return ""


def _brought(file: Path, key: Path | None, password_file: Path | None, label: str) -> Sealer:
    try:
        if label:
            return certificates.in_token(_read(file))
        password = _read(password_file).decode("utf-8").strip() if password_file else ""
        return certificates.imported(_read(file), _read(key) if key else b"", password)
    except Unfit as error:
        raise Refused([rules.unfit(error.reason)]) from error
    except UnicodeDecodeError as error:
        raise Refused([rules.unfit("password")]) from error


def _read(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise Refused([_("%(file)s 太大，不像证书。请核对。") % {"file": file}])
    return file.read_bytes()


def _organisation(slug: str) -> Organisation:
    if slug:
        return organisations.organisation(slug)
    top = organisations.installation()
    if top is None:
        raise Unusable("数据库里没有单位。 / The database holds no organisation.")
    return top


def _administrator(organisation: Organisation, post: str) -> Actor:
    officer = organisations.officer_of_post(organisation, post, organisations.today(organisation))
    if not officer.may(Right.ADMINISTER):
        raise Refused([_("签章证书要由管理岗位和账号的岗位来管。")])
    return officer.actor


def _moment(said: str, zone: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(said, form).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            continue
    raise Refused(
        [_("“%(said)s”不是时间。请写成 2026-11-26 或者 '2026-11-26 9:40'。") % {"said": said}]
    )


def _tell(found: Iterable[Certificate]) -> None:
    now = timezone.now()
    for each in found:
        zone = each.organisation.zone
        click.echo(f"{each.organisation.name}  {each.standing(now).label}")
        click.echo(f"  {certificates.spoken(each.fingerprint)}")
        until = marks.moment(each.until, zone) if each.until else _("今")
        told = {"since": marks.moment(each.since, zone), "until": until}
        click.echo(_("  盖章：%(since)s至%(until)s") % told)
        ends = marks.moment(each.not_after, zone)
        click.echo(
            _("  来源：%(origin)s，有效到%(ends)s")
            % {"origin": each.get_origin_display(), "ends": ends}
        )
        if each.revoked_from:
            at = marks.moment(each.revoked_from, zone)
            said = _("  从%(at)s起作废：%(reason)s")
            click.echo(said % {"at": at, "reason": each.reason})

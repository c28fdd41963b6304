"""``gongkai init``: set up a real installation, whole or not at all.

Everything is built in a folder inside the home and moved up at the end, the settings file last:
whoever finds that file finds all the rest. The demonstration has its own home and its own log,
since what a log once took in stays in it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import click

from gongkai.config import wrapping
from gongkai.config.env import LOOPBACK, Home, Unusable
from gongkai.config.keys import make_keys

__all__ = ["init", "make_keys"]

WORK = ".init"
DEMONSTRATION = "demo.invalid"
MAIL_SCHEMES = {"smtp", "smtps", "smtp+starttls"}
HARMLESS = {WORK, "lost+found"}


@dataclass(frozen=True)
class Answers:
    """What ``gongkai.toml`` will hold."""

    public_url: str
    log_origin: str
    time_zone: str
    mail_url: str
    mail_from: str
    allow_plain_http: bool


@dataclass(frozen=True)
class Administrator:
    """The first one, who registers everybody else."""

    name: str
    username: str
    email: str
    post: str


Check = Callable[[str], str]


@click.command(help="建立一个正式的站点。 / Set up a real installation.")
@click.option("--charter", type=click.Path(path_type=Path), help="实施办法 TOML / the charter")
@click.option(
    "--sample", type=click.Choice(["township", "village"]), help="印出样本 / print a sample"
)
@click.option("--public-url", help="公开网址 / public address, https://…")
@click.option("--origin", help="日志名，定了不能改 / log origin, chosen once")
@click.option("--time-zone", help="时区 / time zone (Asia/Shanghai)")
@click.option("--administrator", help="第一位管理员的姓名 / the first administrator's name")
@click.option("--username", help="管理员的用户名 / user name")
@click.option("--email", help="管理员的邮箱，可以空着 / mail address, may be empty")
@click.option("--post", help="管理员的岗位代号 / post key, if several posts administer")
@click.option("--mail-url", help="smtps://user:password@host:465，可以空着 / may be empty")
@click.option("--mail-from", help="发信地址 / sender address")
@click.option("--allow-plain-http", is_flag=True, help="内网明文 http / plain http on a closed net")
@click.option("--no-input", is_flag=True, help="不提问，缺的报错 / never ask")
def init(**given: Any) -> None:
    """Ask, check, build, move into place, tell how to sign in."""
    if given["sample"]:
        click.echo(_sample(given["sample"]), nl=False)
        return
    home = Home()
    check_home(home)
    questions = Questions(given, ask=not given["no_input"])
    charter = Path(questions.get("charter", "实施办法文件 / Charter file", "", check_charter))
    answers = _answers(questions, given["allow_plain_http"])
    administrator = _administrator(questions)
    questions.end()
    for warning in warnings(answers):
        click.secho(warning, fg="yellow", err=True)
    with built(home) as work:
        _write_settings(work, answers)
        make_keys(work, answers.log_origin)
        link = _found(work, charter, administrator)
        _try_mail(answers, administrator)
    _tell(home, answers, administrator, link)


# -- asking ----------------------------------------------------------------------------------------


class Questions:
    """Answers from flags, else from the person; with ``--no-input`` all that is missing at once."""

    def __init__(self, given: dict[str, Any], *, ask: bool) -> None:
        self.given = given
        self.ask = ask
        self.wrong: list[str] = []

    def get(self, name: str, words: str, default: str | None, check: Check) -> str:
        """The checked answer to ``name``; ``default`` None means there must be one."""
        value = self.given.get(name)
        if value is None and self.ask:
            return self._ask(words, default, check)
        try:
            return check(str(value if value is not None else default or ""))
        except ValueError as error:
            self.wrong.append(f"--{name.replace('_', '-')}：{error}")
            return ""

    def end(self) -> None:
        """``Unusable`` with everything that was wrong or missing."""
        if self.wrong:
            raise Unusable("\n".join(self.wrong))

    def _ask(self, words: str, default: str | None, check: Check) -> str:
        while True:
            value = click.prompt(words, default=default, show_default=bool(default))
            try:
                return check(str(value).strip())
            except ValueError as error:
                click.echo(f"  {error}")


def _answers(questions: Questions, allow_plain_http: bool) -> Answers:
    url = questions.get(
        "public_url", "公开网址 / Public address", None, check_url(allow_plain_http)
    )
    origin = questions.get(
        "origin",
        "日志名，定了不能改 / Log origin, chosen once",
        default_origin(url),
        check_origin,
    )
    zone = questions.get("time_zone", "时区 / Time zone", "Asia/Shanghai", check_zone)
    mail_url = questions.get(
        "mail_url", "邮件服务器，没有就空着 / Mail server, may be empty", "", check_mail_url
    )
    host = urlsplit(url).hostname or "localhost"
    sender = questions.get(
        "mail_from", "发信地址 / Sender address", f"gongkai@{host}", check_sender
    )
    return Answers(url, origin, zone, mail_url, sender, allow_plain_http)


def _administrator(questions: Questions) -> Administrator:
    return Administrator(
        name=questions.get(
            "administrator", "第一位管理员的姓名 / First administrator's name", None, check_name
        ),
        username=questions.get("username", "管理员的用户名 / User name", "admin", check_username),
        email=questions.get("email", "管理员的邮箱，可以空着 / Mail address", "", check_email),
        post=questions.given.get("post") or "",
    )


# -- checking: each returns the value, or raises ValueError with a sentence ------------------------


def check_home(home: Home) -> None:
    """``Unusable`` unless ``home`` is missing or empty, and can be written."""
    try:
        home.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        there = {entry.name for entry in home.path.iterdir()} - HARMLESS
        writable = os.access(home.path, os.W_OK | os.X_OK)
    except OSError as error:
        raise Unusable(
            f"数据文件夹 {home.path} 用不了（{error.strerror}）。请换一个 GONGKAI_HOME。"
            " / The data folder cannot be used."
        ) from error
    if not writable:
        raise Unusable(
            f"数据文件夹 {home.path} 不能写入。请换一个 GONGKAI_HOME，或改它的权限。"
            " / The data folder cannot be written."
        )
    if there:
        raise Unusable(
            f"{home.path} 里已经有东西（{sorted(there)[0]}），没有动它。"
            "请用一个空文件夹作 GONGKAI_HOME。 / The folder is not empty; nothing was changed."
        )


def check_charter(value: str) -> str:
    """A file that can be read; its content is checked when the application is loaded."""
    if not value:
        raise ValueError(
            "要一份实施办法。没有的，先运行 gongkai init --sample township > charter.toml，改成"
            "自己的。 / A charter is needed; print a sample and edit it."
        )
    if not Path(value).is_file():
        raise ValueError(f"没有 {value} 这个文件。 / No such file.")
    return value


def check_url(allow_plain_http: bool) -> Check:
    """A checker for addresses like ``https://gongkai.example.gov.cn``."""

    def check(value: str) -> str:
        if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:]+\])(:\d{1,5})?/?", value):
            raise ValueError(
                "请写成 https://gongkai.example.gov.cn 的样子，后面不带路径。"
                " / Like https://host, without a path."
            )
        parts = urlsplit(value.rstrip("/"))
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_plain_http:
            raise ValueError(
                "明文 http 会让密码在路上被人看到。请用 https；确实是封闭内网的，加上"
                " --allow-plain-http。 / Use https, or --allow-plain-http on a closed network."
            )
        return f"{parts.scheme}://{parts.netloc}"

    return check


def default_origin(url: str) -> str | None:
    """The log's name after the public host; none where the host names only this machine."""
    host = urlsplit(url).hostname or ""
    named = "." in host and not re.fullmatch(r"[\d.]+", host)
    return f"{host}/log" if named else None


def check_origin(value: str) -> str:
    """A name for the log that nobody else has: host and path, without scheme."""
    if value.split("/", 1)[0] == DEMONSTRATION:
        raise ValueError(
            "demo.invalid 只给演示用。请换成自己的域名。 / Only demonstrations use it."
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*\.[a-z0-9-]+(/[a-z0-9._-]+)*", value):
        raise ValueError(
            "请写成 gongkai.example.gov.cn/log 的样子：小写的域名和路径，不带 https://。"
            " / Like host/log, lower case, without scheme."
        )
    return value


def check_zone(value: str) -> str:
    """A zone of the tz database."""
    if value not in available_timezones():
        raise ValueError(f"没有“{value}”这个时区，例如 Asia/Shanghai。 / No such time zone.")
    return value


def check_mail_url(value: str) -> str:
    """Empty, or the address of a mail server with user and password."""
    parts = urlsplit(value)
    try:
        usable = parts.scheme in MAIL_SCHEMES and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if value and not usable:
        raise ValueError(
            "请写成 smtps://用户:密码@主机:465 的样子，密码里的特殊字符用 %XX 写。"
            " / Like smtps://user:password@host:465."
        )
    return value


def check_sender(value: str) -> str:
    """A mail address."""
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("发信地址要像 gongkai@example.gov.cn。 / A mail address is needed.")
    return value


def check_email(value: str) -> str:
    """Empty, or a mail address."""
    return check_sender(value) if value else value


def check_name(value: str) -> str:
    """Not empty."""
    if not value.strip():
        raise ValueError("姓名没有填。 / A name is needed.")
    return value.strip()


def check_username(value: str) -> str:
    """Not empty, without blanks."""
    if not value or any(map(str.isspace, value)):
        raise ValueError("用户名不能空着，也不能有空格。 / A user name without blanks.")
    return value


def warnings(answers: Answers) -> Iterator[str]:
    """What is allowed, and worth a second thought."""
    parts = urlsplit(answers.public_url)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        yield "注意：这个网址只有本机打得开。 / Only this machine can open this address."
    elif parts.scheme == "http":
        yield "注意：明文 http，密码和内容都不加密。 / Plain http: nothing is encrypted."
    if not answers.mail_url:
        yield (
            "注意：没有邮件服务器，忘了密码要找管理员当面要链接。"
            " / Without mail, lost passwords go through the administrator."
        )


# -- building --------------------------------------------------------------------------------------


@contextmanager
def built(home: Home) -> Iterator[Home]:
    """A home to build in, moved to its place when all went well, and removed when it did not."""
    work = Home(home.path / WORK)
    shutil.rmtree(work.path, ignore_errors=True)
    work.lay_out()
    try:
        yield work
        _move_up(work, home)
    finally:
        shutil.rmtree(work.path, ignore_errors=True)


def _move_up(work: Home, home: Home) -> None:
    parts = sorted(work.path.iterdir(), key=lambda part: part == work.settings_file)
    for part in parts:  # the settings file, which says that this is a home, comes last
        part.rename(home.path / part.name)


def _write_settings(work: Home, answers: Answers) -> None:
    import tomli_w

    kept = {name: value for name, value in asdict(answers).items() if value not in ("", False)}
    with os.fdopen(os.open(work.settings_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("# gongkai init 写的。log_origin 定了不能改。\n")
        file.write(tomli_w.dumps(kept))


def _found(work: Home, charter: Path, administrator: Administrator) -> str:
    """Tables, charter, administrator; returns the link that sets the first password."""
    source = _source(charter)
    os.environ["GONGKAI_HOME"] = str(work.path)
    from gongkai.config.cli import set_up

    set_up()
    from django.core.management import call_command
    from django.db import connections, transaction

    from gongkai.procedure.catalogue.charter import parse

    parse(source)  # its mistakes are told before the tables are laid, which takes seconds
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    try:
        with transaction.atomic():
            return _people(source, administrator)
    finally:
        connections.close_all()


def _people(source: str, administrator: Administrator) -> str:
    """The organisation under its charter, its first administrator, the certificate of its PDFs."""
    from django.utils.translation import gettext as _

    from gongkai.foundation.core.errors import Refused
    from gongkai.foundation.ledger.workflow import SYSTEM
    from gongkai.foundation.organisations import queries, workflow
    from gongkai.foundation.organisations.adapter import link_address
    from gongkai.foundation.organisations.states import Right
    from gongkai.foundation.seals import workflow as seals
    from gongkai.procedure.catalogue.workflow import apply

    if queries.installation() is not None:
        raise Refused([_("这个数据库里已经有一个单位。请换一个空的数据库。")])
    apply(source=source, by=SYSTEM)
    organisation = queries.installation()
    assert organisation is not None
    posts = queries.posts_with_right(organisation, Right.ADMINISTER)
    chosen = [post for post in posts if administrator.post in {"", post.key}]
    if not chosen:
        raise Refused([_("实施办法里没有管登记的岗位“%(key)s”。") % {"key": administrator.post}])
    today: date = queries.today(organisation)
    member = workflow.make_member(organisation=organisation, name=administrator.name, by=SYSTEM)
    workflow.appoint(post=chosen[0], member=member, since=today, by=SYSTEM)
    seals.make(organisation=organisation, by=SYSTEM, first=True)
    workflow.make_account(
        member=member, username=administrator.username, email=administrator.email, by=SYSTEM
    )
    return link_address(*workflow.make_link(member=member, by=SYSTEM))


def _source(charter: Path) -> str:
    try:
        source = charter.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"{charter} 不是 UTF-8 文字，请另存为 UTF-8。 / Not UTF-8.") from error
    for sample in ("township", "village"):
        if source == _sample(sample):
            raise Unusable(
                f"{charter} 还是样本。请先把单位名称、地址、电话改成自己的。"
                " / This is the sample as it came; put your own name and address into it."
            )
    return source


def _sample(name: str) -> str:
    """The text of a sample charter; found without loading the application."""
    folder = Path(__file__).parents[1] / "procedure" / "catalogue" / "charters"
    return (folder / f"{name}.toml").read_text("utf-8")


def _try_mail(answers: Answers, administrator: Administrator) -> None:
    """Send a letter at once, past the queue; whatever happens, the set-up goes on."""
    if not answers.mail_url:
        return
    from django.conf import settings
    from django.core.mail import EmailMessage, get_connection

    to = administrator.email or answers.mail_from
    message = EmailMessage(
        "公开平台：邮件通了 / Gongkai: mail works",
        f"{answers.public_url}\n",
        answers.mail_from,
        [to],
        connection=get_connection(settings.MAIL_BACKEND),
    )
    try:
        message.send()
    except (OSError, UnicodeError) as error:
        click.secho(
            f"邮件没有寄出（{type(error).__name__}）。站点照样建好；请核对 gongkai.toml 里的"
            " mail_url，再运行 gongkai doctor。 / The test mail failed; set-up goes on.",
            fg="yellow",
            err=True,
        )
    else:
        click.echo(f"已寄一封试信到 {to}。 / A test mail is on its way.")


def _tell(home: Home, answers: Answers, administrator: Administrator, link: str) -> None:
    if not wrapping.is_sealed(home.keys):
        click.secho(
            "注意：密钥没有加密，谁拿到这块磁盘就能以本站名义签日志。要加密：gongkai keys encrypt。"
            " / The secret keys are not encrypted; gongkai keys encrypt does that.",
            fg="yellow",
        )
    click.echo(
        f"\n建好了：{home.path}\n"
        f"日志名：{answers.log_origin}（定了不能改；keys 文件夹请离线备份一份）\n"
        f"启动：  GONGKAI_HOME={home.path} gongkai run\n"
        f"然后请{administrator.name}（用户名 {administrator.username}）打开这条链接设定密码，"
        f"只能用一次，3日内有效：\n{link}\n"
        "失效了可以再要一条：gongkai members link 用户名\n"
        "Set up. Start it as above, then open the link once to set the password."
    )

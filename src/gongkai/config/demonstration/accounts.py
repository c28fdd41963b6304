"""The accounts of the demonstration, with passwords that its own file tells."""

import os
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as people
from gongkai.foundation.organisations.models import Account, Member

ACCOUNTS = "demo-accounts.txt"


class _Quick(Argon2PasswordHasher):
    """For passwords of 72 random bits, which need no slow hash: sixteen at full cost take two
    seconds. Django hashes each anew, at full cost, when it is first used.
    """

    time_cost, memory_cost, parallelism = 1, 1024, 1


def give(named: list[tuple[str, Member]], today: date) -> None:
    """An account for each; a new password wherever the file of accounts does not know one."""
    known = _known()
    passwords: dict[str, str] = {}
    accounts: dict[str, Account] = {}
    for username, member in named:
        account = member.account or people.make_account(member=member, username=username, by=SYSTEM)
        if account.username not in known or not account.has_usable_password():
            passwords[account.username] = secrets.token_urlsafe(9)
        accounts[account.username] = account
    if not passwords:
        return
    # The file first: whoever is cut off here finds a password that is not yet set, and the
    # next load, which sees that, makes another.
    lines = {**known, **passwords}
    _write([(name, lines[name], accounts[name]) for name in accounts], today)
    for username, password in passwords.items():
        account = accounts[username]
        account.password = _Quick().encode(password, _Quick().salt())
        account.save(update_fields=["password"])


def _known() -> dict[str, str]:
    """User names and passwords that the file holds already."""
    file = settings.HOME.path / ACCOUNTS
    if not file.exists():
        return {}
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 3}


def _write(rows: list[tuple[str, str, Account]], today: date) -> None:
    """The file of accounts, whole or not at all, for its owner alone."""
    holders = {
        member.account_id: member
        for member in Member.objects.filter(account__in=[account for _n, _p, account in rows])
    }
    lines = [
        f"{name}\t{password}\t{organisations.officer_of(holders[account.pk], today).actor.label}"
        for name, password, account in rows
    ]
    file = settings.HOME.path / ACCOUNTS
    draft = Path(f"{file}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join([_("演示账号：用户名、密码、岗位"), *lines, ""]))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)

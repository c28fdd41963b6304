"""The database as one file, and back: SQLite's own copying, or PostgreSQL's own programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from functools import partial
from pathlib import Path

from django.db import connection

from gongkai.config.env import Unusable
from gongkai.foundation.core.process import die_with

_OPTIONS = {"--host": "host", "--port": "port", "--username": "user", "--dbname": "dbname"}


def suffix() -> str:
    """How the name of a copy ends: ``.sqlite3`` or ``.dump``."""
    return ".sqlite3" if connection.vendor == "sqlite" else ".dump"


def require(program: str) -> None:
    """``Unusable`` where this database needs ``program``, and the machine does not have it."""
    if connection.vendor != "sqlite" and not shutil.which(program):
        raise Unusable(
            f"找不到 {program}，什么都没有做。请安装 PostgreSQL 客户端程序。"
            f" / {program} is missing; nothing was done. Install PostgreSQL's client programs."
        )


def copy_database(target: Path) -> None:
    """Write a consistent copy to ``target``, for its owner alone, while others may write.

    ``Unusable`` when it cannot be written whole.
    """
    require("pg_dump")
    if connection.vendor == "sqlite":
        target.touch(mode=0o600)
        source = connection.settings_dict["NAME"]
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
                old.backup(new)
        except sqlite3.Error as error:  # a full disk is one, too
            raise Unusable(
                f"数据库没有复制成：{error}。请看看盘满了没有。 / The database was not copied."
            ) from error
    else:
        _run(["pg_dump", "--format=custom", f"--file={target}", *_where()])


def load_database(copy: Path) -> None:
    """Fill an empty PostgreSQL database from ``copy``, wholly or not at all."""
    require("pg_restore")
    whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *whole, *_where(), str(copy)])


def _where() -> list[str]:
    facts = connection.get_connection_params()
    return [f"{option}={facts[key]}" for option, key in _OPTIONS.items() if facts.get(key)]


def _run(command: list[str]) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, seen by nobody."""
    password = str(connection.get_connection_params().get("password") or "")
    ours = {name for name in os.environ if name.endswith("_PASSPHRASE")}  # none of its business
    surroundings = {name: value for name, value in os.environ.items() if name not in ours}
    surroundings["PGPASSWORD"] = password
    done = subprocess.run(
        command,
        env=surroundings,
        umask=0o077,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        # Killed, we must not leave it loading behind the back of whoever begins again.
        preexec_fn=partial(die_with, os.getpid()),
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise Unusable(f"{command[0]} 没有做成：{said}。 / {command[0]} failed.")

"""The command line: every verb has its name there, and help comes before any set-up."""

import os
import pkgutil
import subprocess
import sys
from importlib import import_module

import click
import pytest

import gongkai
from gongkai.config import cli
from gongkai.config.sealcommands import seal
from gongkai.foundation.core.errors import Broken
from gongkai.procedure.catalogue.charter import sample

COMMAND_MODULES = [
    module.name
    for module in pkgutil.walk_packages(gongkai.__path__, "gongkai.")
    if module.name.endswith(".commands")
]


def asked(tmp_path, *words):
    surroundings = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    return subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", *words],
        env=surroundings | {"DATABASE_URL": "", "GONGKAI_HOME": str(tmp_path / "nothing here")},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", COMMAND_MODULES)
def test_every_command_of_an_app_has_its_name_on_the_line(name):
    found = [each for each in vars(import_module(name)).values() if isinstance(each, click.Command)]
    inner = {
        id(each)
        for group in (*found, seal)  # whose usual command is another app's
        if isinstance(group, click.Group)
        for each in group.commands.values()
    }
    addresses = [*cli.PLAIN.values(), *cli.WITH_DJANGO.values()]
    for command in found:
        callback = command.callback
        if id(command) not in inner and callback.__module__ == name:
            assert f"{name}:{callback.__name__}" in addresses


@pytest.mark.parametrize("words", [("--help",), (), ("publish", "--help"), ("charter", "-h")])
def test_help_needs_no_home(tmp_path, words):
    answer = asked(tmp_path, *words)
    assert "Usage:" in answer.stdout + answer.stderr
    assert "cannot be read" not in answer.stderr
    assert not (tmp_path / "nothing here").exists()


@pytest.mark.parametrize(("cut", "status"), [(None, 0), (40, 1)])
def test_a_charter_is_checked_without_a_home(tmp_path, cut, status):
    lines = sample("village").splitlines(keepends=True)
    file = tmp_path / "charter.toml"
    file.write_text("".join(lines[:cut]), "utf-8")
    answer = asked(tmp_path, "charter", "check", str(file))
    assert answer.returncode == status
    assert ("没有错误。" in answer.stdout) == (status == 0)
    assert ("缺少“entries”（目录事项）。" in answer.stderr) == (status == 1)
    assert "init" not in answer.stderr
    assert not (tmp_path / "nothing here").exists()


def test_a_command_before_the_set_up_says_what_to_run(tmp_path):
    answer = asked(tmp_path, "doctor")
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith("run 'gongkai init' first.")
    assert "Traceback" not in answer.stderr


def test_a_database_that_is_none_is_one_line(tmp_path):
    home = tmp_path / "nothing here"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "django.key").write_text("only for this test")
    (home / "gongkai.sqlite3").write_bytes(b"no database " * 1000)
    answer = asked(tmp_path, "members", "link", "somebody")
    assert answer.returncode == 1
    assert answer.stderr == (
        "gongkai: 数据库出错，没有做成：file is not a database。请运行 gongkai doctor。"
        " / The database failed.\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Broken("two histories"), "数据对不上，已经停下：two histories。"),
        (OSError(28, "No space left on device"), "没有做成：[Errno 28] No space left on device。"),
        (ValueError("a mistake of ours"), ""),
    ],
)
def test_what_a_person_can_put_right_is_one_line(error, said):
    assert said in cli._trouble(error)
    assert bool(cli._trouble(error)) == bool(said)

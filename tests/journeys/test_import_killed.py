"""``gongkai import`` is killed in the middle, again and again, and goes on: nothing twice or lost.

Real processes, a real SIGKILL, on the database under test. The last run is let finish.
"""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from hashlib import sha256

import pytest
from django.db import connection
from tests.foundation.files import made
from tests.procedure.editions import township
from tests.procedure.proposals.test_texts import picture

from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile

__all__ = ["township"]

ROWS, KILLED_AT = 16, (2, 7, 12)
COMMAND = """
import json, os, sys
from django.conf import settings
settings.DATABASES["default"].update(json.loads(os.environ["IMPORT_DATABASE"]))
from gongkai.config.cli import main
sys.argv[0] = "gongkai"
main()
"""


@pytest.fixture
def folder(tmp_path):
    """Old files, each a text with a picture of its own and an attachment, and their sheet."""
    found = tmp_path / "旧件"
    found.mkdir()
    rows = [["文件", "标题", "目录编号", "原件日期", "文号", "文种", "公开范围", "用法", "附件"]]
    for n in range(ROWS):
        (found / f"{n}.docx").write_bytes(picture(made.picture((40 + n, 30))))
        (found / f"{n}.txt").write_text(f"第{n}件的附件。", "utf-8")
        rows.append([f"{n}.docx", f"第{n}件", "JC-05", "2019-03-05", "", "", "", "", f"{n}.txt"])
    with (found / "录入.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return found


@pytest.fixture
def command(folder, tmp_path, home):
    """``command()``: the program at work on that folder, as a process of its own."""
    database = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD")}
    surroundings = {
        **os.environ,
        "GONGKAI_HOME": str(home.path),
        "IMPORT_DATABASE": json.dumps({name: str(value) for name, value in database.items()}),
    }
    asked = ["import", str(folder), "--org", "qingxi", "--as", "organiser"]
    asked += ["--report", str(tmp_path / "report.csv")]

    def start():
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *asked],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def whole() -> int:
    """How many rows have come in; each with all that belongs to it, and nothing besides."""
    drafts = list(Draft.objects.order_by("pk"))
    imports = {row.disclosure_id: row for row in Import.objects.select_related("file")}
    assert Disclosure.objects.count() == len(drafts) == len(imports)
    titles = [draft.title for draft in drafts]
    assert sorted(titles) == sorted(set(titles))
    for draft in drafts:
        row = imports[draft.disclosure_id]
        assert row.name == f"{draft.title[1:-1]}.docx"
        files = DraftFile.objects.filter(draft=draft).select_related("file").order_by("order")
        assert [each.title for each in files] == ["图1", draft.title[1:-1]]
        assert f"/files/{draft.disclosure.address}/{files[0].file.digest[:16]}.png" in draft.body
    return len(drafts)


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on(command, township, tmp_path):
    chance = random.Random(int(os.environ["CRASH_SEED"]))
    for enough in KILLED_AT:
        process = command()
        until = time.monotonic() + 60
        while Draft.objects.count() < enough and time.monotonic() < until:
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.002)
        time.sleep(chance.random() / 20)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert enough <= whole() < ROWS
    before = set(Draft.objects.values_list("pk", flat=True))
    last = command()
    told, _none = last.communicate(timeout=120)
    assert last.returncode == 0, told
    assert f"录入{ROWS - len(before)}件，以前录过{len(before)}件，没有录入0件。" in told
    assert whole() == ROWS
    assert before < set(Draft.objects.values_list("pk", flat=True))
    for file in StoredFile.objects.all():
        assert sha256(storage.path(file.digest).read_bytes()).hexdigest() == file.digest
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        results = [row[2] for row in csv.reader(file)][1:]
    assert results == ["以前录过"] * len(before) + ["录入了"] * (ROWS - len(before))

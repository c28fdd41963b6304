"""The programs of the reference tell our deliveries from others', in both languages."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest

from gongkai.foundation.notices import signing

pytestmark = pytest.mark.once
PAGE = (Path(__file__).parents[4] / "docs/reference/webhooks.md").read_text("utf-8")
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BODY = '{"title":"修渠的决定"}'.encode()
OLD, NEW = signing.new_secret(), signing.new_secret()


def program(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.mark.parametrize("secret", [OLD, NEW], ids=["old", "new"])
def test_python_takes_what_is_ours_and_lately_sent(secret):
    names: dict = {}
    exec(program("python"), names)
    headers, now = signing.headers("seq-7", AT, BODY, [NEW, OLD]), AT.timestamp()
    good = names["is_from_gongkai"]
    assert good(secret, headers, BODY, now)
    assert not good(secret, headers, BODY, now + 301)
    assert not good(secret, headers, BODY + b" ", now)
    assert not good(secret, {**headers, "webhook-id": "seq-8"}, BODY, now)
    assert not good(signing.new_secret(), headers, BODY, now)


@pytest.mark.skipif(not which("openssl"), reason="the program asks openssl")
def test_the_shell_does_too(tmp_path):
    (tmp_path / "body").write_bytes(BODY)
    headers = signing.headers("seq-7", AT, BODY, [NEW, OLD])

    def says(secret: str, identity: str = "seq-7") -> str:
        given = {
            "PATH": "/usr/bin:/bin",
            "ID": identity,
            "STAMP": headers["webhook-timestamp"],
            "SIGNATURE": headers["webhook-signature"],
            "SECRET": secret,
        }
        command = ["sh", "-c", program("sh")]
        return subprocess.run(
            command, env=given, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert (says(OLD), says(NEW)) == ("good\n", "good\n")
    assert (says(OLD, "seq-8"), says(signing.new_secret())) == ("forged\n", "forged\n")

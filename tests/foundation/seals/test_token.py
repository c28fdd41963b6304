"""A key that stays in a token: tried with SoftHSM, where that and ``gongkai[token]`` are there."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.foundation.seals.conftest import AT, WORDS

from gongkai.foundation.seals import signing
from gongkai.foundation.seals.certificates import Sealer
from gongkai.foundation.seals.examining import State, examine
from gongkai.foundation.seals.signing import Token, Unsealable

TOOL = shutil.which("softhsm2-util")
PLACES = (
    os.environ.get("SOFTHSM2_MODULE", ""),
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)
MODULE = next((each for each in PLACES if each and Path(each).exists()), "")
pytestmark = [
    pytest.mark.skipif(not (TOOL and MODULE), reason="SoftHSM (softhsm2) is not installed"),
    pytest.mark.skipif(find_spec("pkcs11") is None, reason="gongkai[token] is not installed"),
]


@pytest.fixture
def token(sealer, tmp_path, monkeypatch):
    """A token with our key in it."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    (tmp_path / "key").write_text(sealer.key)
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "conf"))
    begin = ["--init-token", "--free", "--label", "office", "--pin", "1234", "--so-pin", "5678"]
    bring = ["--import", str(tmp_path / "key"), "--token", "office", "--label", "seal"]
    for given in (begin, [*bring, "--id", "A1", "--pin", "1234"]):
        command = [TOOL, "--module", MODULE, *given]
        subprocess.run(command, check=True, capture_output=True)
    return Token(MODULE, "office", "1234", "seal")


def test_the_key_in_a_token_seals(token, sealer, paper, known, tmp_path):
    bare = Sealer(sealer.certificate, sealer.chain)
    file = tmp_path / "sealed.pdf"
    file.write_bytes(signing.sealed(paper, bare, at=AT, words=WORDS, token=token).data)
    assert examine(file, known).state == State.WHOLE
    wrong = Token(token.module, token.label, "9999", token.key)
    for reason in ("PinIncorrect", "the PIN was refused"):  # and not asked a second time
        with pytest.raises(Unsealable, match=reason):
            signing.sealed(paper, bare, at=AT, words=WORDS, token=wrong)
    with pytest.raises(Unsealable, match="nokey"):
        signing.sealed(
            paper, bare, at=AT, words=WORDS, token=Token(MODULE, "office", "1234", "nokey")
        )

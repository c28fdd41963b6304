"""Checkpoints: one text for one state, and nothing else."""

import pytest

from gongkai.foundation.translog.checkpoint import Checkpoint, OtherOrigin, open_checkpoint
from gongkai.foundation.translog.merkle import EMPTY_ROOT
from gongkai.foundation.translog.note import BadNote, Signer

# The example of the specification.
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SIGNER = Signer("demo.invalid/log", bytes(32))


def test_the_example_of_the_specification():
    checkpoint = Checkpoint.parse(TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text() == TEXT


def test_extension_lines_are_kept():
    checkpoint = Checkpoint.parse(TEXT + "one\ntwo\n")
    assert checkpoint.extensions == ("one", "two")
    assert checkpoint.text() == TEXT + "one\ntwo\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        "\n" + TEXT,
        TEXT.replace("20852163", "020852163"),
        TEXT.replace("20852163", "-1"),
        TEXT.replace("20852163", "٢"),
        TEXT.replace("20852163", "9" * 20),
        TEXT.replace("q2I=", "q2J="),
        TEXT.replace("q2I=", ""),
    ],
)
def test_what_is_no_checkpoint(text):
    with pytest.raises(ValueError, match=r"checkpoint|base64|tree"):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 0, EMPTY_ROOT), ("a\nb", 0, EMPTY_ROOT), ("a", -1, EMPTY_ROOT), ("a", 0, b"")],
)
def test_what_cannot_be_a_checkpoint(origin, size, root):
    with pytest.raises(ValueError, match=r"checkpoint|tree"):
        Checkpoint(origin, size, root)


def test_opening_checks_signer_form_and_origin():
    checkpoint = Checkpoint("demo.invalid/log", 0, EMPTY_ROOT)
    note = SIGNER.sign(checkpoint.text())
    assert open_checkpoint(note, SIGNER.verifier) == checkpoint
    with pytest.raises(OtherOrigin, match=r"demo\.invalid/log"):
        open_checkpoint(note, SIGNER.verifier, origin="demo.invalid/other")
    with pytest.raises(BadNote, match="no checkpoint"):
        open_checkpoint(SIGNER.sign("demo.invalid/log\n"), SIGNER.verifier)

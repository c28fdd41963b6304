"""The manifest: digests, a build's progress, doubts; lost without harm."""

import pytest

from gongkai.surfaces.board.manifest import Manifest, digest


@pytest.fixture
def manifest(tmp_path):
    return Manifest(tmp_path / "run/board.sqlite3")


def test_it_knows_what_was_noted_and_forgets_what_is_gone(manifest):
    manifest.note([("a.html", digest(b"x")), ("b.html", digest(b"y"))])
    manifest.note([("a.html", digest(b"z"))], ["b.html"])
    assert manifest.count() == 1
    assert manifest.known(["a.html", "b.html"]) == {"a.html": digest(b"z")}
    assert manifest.portion("") == [("a.html", digest(b"z"))]
    assert manifest.portion("a.html") == []


def test_what_a_build_has_not_made_again_is_left_over(manifest):
    manifest.note([("a.html", digest(b"x")), ("b.html", digest(b"y"))])
    manifest.note((), (), {"build": manifest.build + 1})
    manifest.note([("a.html", digest(b"x"))])
    assert manifest.left_over() == ["b.html"]


def test_another_process_sees_it_and_leaves_doubts(manifest):
    manifest.note([], (), {"plan": {"done": 3}})
    other = Manifest(manifest.path)
    assert other.fact("plan") == {"done": 3}
    other.doubt(["a.html", "b.html"])
    assert manifest.doubts() == ["a.html", "b.html"]
    manifest.settle(["a.html", "b.html"], {"b.html"})
    assert manifest.doubts() == []
    assert other.settled() == ["b.html"]
    assert other.settled() == []


def test_a_spoilt_manifest_is_begun_anew(manifest):
    manifest.note([("a.html", digest(b"x"))])
    manifest.close()
    manifest.path.write_bytes(b"not a database" * 1000)
    assert Manifest(manifest.path).count() == 0

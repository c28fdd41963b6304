"""The folder: whole files, twins of the same moment, nothing outside."""

import gzip
import os
from contextlib import suppress
from hashlib import sha256

import brotli
import pytest

from gongkai.surfaces.board.manifest import Manifest
from gongkai.surfaces.board.site import Site, Spoilt, Unsafe


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def files(site):
    return sorted(
        path.relative_to(site.root).as_posix() for path in site.root.rglob("*") if path.is_file()
    )


def test_a_page_has_two_twins_of_the_same_moment(site):
    assert site.write("i/A.html", "<p>公开")
    plain = site.root / "i/A.html"
    assert files(site) == ["i/A.html", "i/A.html.br", "i/A.html.gz"]
    stamps = {(plain.with_name(name)).stat().st_mtime_ns for name in os.listdir(plain.parent)}
    assert stamps == {plain.stat().st_mtime_ns}
    packed = plain.with_name("A.html.gz").read_bytes(), plain.with_name("A.html.br").read_bytes()
    assert gzip.decompress(packed[0]) == brotli.decompress(packed[1]) == "<p>公开".encode()


def test_the_same_bytes_are_not_written_again(site):
    site.write("a.html", "x")
    before = (site.root / "a.html").stat()
    assert not site.write("a.html", "x")
    assert (site.root / "a.html").stat().st_ino == before.st_ino
    assert site.changed == ["a.html"]


def test_a_twin_lost_by_a_crash_is_made_again(site):
    site.write("a.html", "x")
    (site.root / "a.html.br").unlink()
    os.utime(site.root / "a.html.gz")
    assert site.write("a.html", "x")
    stamps = {path.stat().st_mtime_ns for path in site.root.iterdir()}
    assert len(stamps) == 1


def test_an_edited_twin_is_found_when_looking_closely(tmp_path):
    Site(tmp_path).write("a.html", "x")
    twin = tmp_path / "a.html.gz"
    stamp = twin.stat().st_mtime_ns
    twin.write_bytes(gzip.compress(b"forged"))
    os.utime(twin, ns=(stamp, stamp))
    assert not Site(tmp_path).write("a.html", "x")
    assert Site(tmp_path, thorough=True).write("a.html", "x")
    assert gzip.decompress(twin.read_bytes()) == b"x"


def test_deleting_takes_the_twins_first(site, monkeypatch):
    site.write("a.html", "x")
    gone = []
    unlink = os.unlink
    monkeypatch.setattr(
        os, "unlink", lambda file: (gone.append(os.path.basename(file)), unlink(file))
    )
    assert site.delete("a.html")
    assert gone == ["a.html.gz", "a.html.br", "a.html"]
    assert not site.delete("a.html")


def test_replacing_takes_the_twins_first(site, monkeypatch):
    """nginx asks for a twin and never whether it fits: it must be gone before its page changes."""
    site.write("a.html", "old")
    stood = []
    replace = os.replace
    monkeypatch.setattr(
        os,
        "replace",
        lambda partial, target: (
            stood.append((os.path.basename(target), files(site))),
            replace(partial, target),
        ),
    )
    site.write("a.html", "new")
    seen = [(name, [file for file in there if "partial" not in file]) for name, there in stood]
    assert seen == [
        ("a.html", ["a.html"]),
        ("a.html.gz", ["a.html"]),
        ("a.html.br", ["a.html", "a.html.gz"]),
    ]


def test_a_linked_file_may_be_read_by_a_web_server_of_another_user(site, tmp_path):
    source = stored(tmp_path.parent, b"x")
    source.chmod(0o600)
    assert site.link("files/A/a.txt", source)
    assert (site.root / "files/A/a.txt").stat().st_mode & 0o777 == 0o644
    source.chmod(0o600)  # as an earlier version left it
    assert not site.link("files/A/a.txt", source)
    assert (site.root / "files/A/a.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../a.html",
        "i/../../a",
        "i//a",
        "i/.a",
        "i/a..b",
        "log/checkpoint",
        "assets/a.css",
        "i/a\0",
        "i/a\n.html",
        "a\\b",
        "i/" + "长" * 80,
        "a.html.br",
        "a.html.gz",
    ],
)
def test_no_page_stands_where_none_belongs(site, path):
    with pytest.raises(Unsafe):
        site.write(path, "x")
    with pytest.raises(Unsafe):
        site.delete(path)
    assert files(site) == []


def test_evidence_has_no_twins(site):
    site.write("i/A/v1.json", "{}")
    assert files(site) == ["i/A/v1.json"]
    assert not site.write("i/A/v1.json", "{}")


def test_looking_changes_nothing(site):
    site.write("a.html", "x")
    site.sync()
    (site.root / "a.html").write_text("forged")
    looking = Site(site.root, thorough=True, dry=True)
    assert looking.write("a.html", "x")
    assert looking.write("b.html", "y")
    assert looking.delete("a.html")
    assert looking.changed == ["a.html", "b.html", "a.html"]
    assert (site.root / "a.html").read_text() == "forged"
    assert not (site.root / "b.html").exists()


def test_strangers_are_what_the_manifest_does_not_know(site, tmp_path_factory):
    manifest = Manifest(tmp_path_factory.mktemp("run") / "board.sqlite3")
    site.write("new.html", "y")
    site.write("i/v1.json", "{}")
    manifest.note(site.written.items())
    strange = [".9-1.partial", "i/v1.json.gz", "old.html", "orphan.html.br"]
    for other in (*strange, "log/checkpoint", "assets/a.css"):
        (site.root / other).parent.mkdir(exist_ok=True)
        (site.root / other).write_text("z")
    assert sorted(path for paths in site.strangers(manifest) for path in paths) == strange
    assert [path for path in strange if site.discard(path)] == strange
    assert files(site) == [
        "assets/a.css",
        "i/v1.json",
        "log/checkpoint",
        "new.html",
        "new.html.br",
        "new.html.gz",
    ]


@pytest.mark.parametrize("path", ["", "../a", "log/checkpoint", "i//a", "/etc/passwd", "i/../../a"])
def test_nothing_outside_is_taken_away(site, path):
    with pytest.raises(Unsafe):
        site.discard(path)


def stored(folder, data):
    """A file of the store, named by its digest."""
    source = folder / sha256(data).hexdigest()
    source.write_bytes(data)
    return source


def test_a_file_is_linked_once_and_copied_where_links_do_not_go(
    site, tmp_path_factory, monkeypatch
):
    source = stored(tmp_path_factory.mktemp("files"), b"attachment")
    assert site.link("files/A/d.pdf", source)
    assert not site.link("files/A/d.pdf", source)
    assert (site.root / "files/A/d.pdf").stat().st_ino == source.stat().st_ino

    def no_link(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    assert site.link("files/B/d.pdf", source)
    assert (site.root / "files/B/d.pdf").read_bytes() == b"attachment"


def test_a_spoilt_attachment_does_not_stand(site, tmp_path_factory):
    source = stored(tmp_path_factory.mktemp("files"), b"attachment")
    site.link("files/A/d.pdf", source)
    source.write_bytes(b"ATTACHMENT")  # the link shares these bytes
    with pytest.raises(Spoilt):
        Site(site.root, thorough=True).link("files/A/d.pdf", source)
    assert files(site) == []


@pytest.mark.parametrize("cut", range(1, 8))
def test_cut_off_at_any_step_no_twin_tells_old_words(site, monkeypatch, cut):
    """Whoever serves a twin only where it has the plain file's time never serves what was there."""
    site.write("a.html", "withdrawn")
    left = cut

    class Cut(Exception):
        """The process ends here."""

    def counted(real):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                raise Cut
            return real(*args, **kwargs)

        return call

    for name in ("unlink", "replace", "utime"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    with suppress(Cut):
        Site(site.root).write("a.html", "tombstone")
    plain = site.root / "a.html"
    if plain.read_text() == "tombstone":
        for twin in (plain.with_name("a.html.gz"), plain.with_name("a.html.br")):
            if twin.exists() and twin.stat().st_mtime_ns == plain.stat().st_mtime_ns:
                assert b"tombstone" in (gzip.decompress, brotli.decompress)[twin.suffix == ".br"](
                    twin.read_bytes()
                )
    else:
        assert plain.read_text() == "withdrawn"


def test_syncing_survives_what_was_deleted_meanwhile(site):
    site.write("a.html", "x")
    site.delete("a.html")
    site.sync()


# -- for whoever waits -----------------------------------------------------------------------------


@pytest.fixture
def prompt(tmp_path):
    return Site(tmp_path, prompt=True)


def test_a_prompt_page_has_its_twins_when_it_is_synced(prompt):
    prompt.write("a.html", "old")
    prompt.write("a.html", "new")
    assert files(prompt) == ["a.html"]
    prompt.sync()
    assert files(prompt) == ["a.html", "a.html.br", "a.html.gz"]
    assert gzip.decompress((prompt.root / "a.html.gz").read_bytes()) == b"new"
    assert not prompt.write("a.html", "new")


def test_a_prompt_page_that_is_replaced_loses_its_twins_at_once(site, prompt):
    site.write("a.html", "withdrawn")
    prompt.write("a.html", "tombstone")
    assert files(prompt) == ["a.html"]


def test_a_prompt_page_taken_away_again_gets_no_twins(prompt):
    prompt.write("a.html", "x")
    prompt.write("b.html", "x")
    prompt.delete("a.html")
    prompt.discard("b.html")
    prompt.sync()
    assert files(prompt) == []

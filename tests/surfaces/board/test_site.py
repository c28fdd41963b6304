"""The folder: whole files, twins of the same moment, nothing outside."""

import gzip
import os

import brotli
import pytest

from gongkai.surfaces.board.site import Site, Unsafe


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
    unlink = type(site.root).unlink
    monkeypatch.setattr(
        type(site.root), "unlink", lambda self, **how: (gone.append(self.name), unlink(self, **how))
    )
    assert site.delete("a.html")
    assert gone == ["a.html.gz", "a.html.br", "a.html"]
    assert not site.delete("a.html")


def test_replacing_takes_the_twins_first(site, monkeypatch):
    """nginx asks for a twin and never whether it fits: it must be gone before its page changes."""
    site.write("a.html", "old")
    stood = []
    replace = type(site.root).replace
    monkeypatch.setattr(
        type(site.root),
        "replace",
        lambda self, target: (stood.append((target.name, files(site))), replace(self, target)),
    )
    site.write("a.html", "new")
    seen = [(name, [file for file in there if "partial" not in file]) for name, there in stood]
    assert seen == [
        ("a.html", ["a.html"]),
        ("a.html.gz", ["a.html"]),
        ("a.html.br", ["a.html", "a.html.gz"]),
    ]


def test_a_linked_file_may_be_read_by_a_web_server_of_another_user(site, tmp_path):
    source = tmp_path.with_name("stored")
    source.write_bytes(b"x")
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


def test_sweeping_leaves_what_was_asked_for_and_what_others_write(site):
    site.write("old.html", "x")
    fresh = Site(site.root)
    fresh.write("new.html", "y")
    for other in ("log/checkpoint", "assets/a.css", ".9-1.partial", "orphan.html.br"):
        (site.root / other).parent.mkdir(exist_ok=True)
        (site.root / other).write_text("z")
    assert fresh.sweep() == [
        ".9-1.partial",
        "old.html",
        "old.html.br",
        "old.html.gz",
        "orphan.html.br",
    ]
    assert files(fresh) == [
        "assets/a.css",
        "log/checkpoint",
        "new.html",
        "new.html.br",
        "new.html.gz",
    ]


def test_a_file_is_linked_once_and_copied_where_links_do_not_go(
    site, tmp_path_factory, monkeypatch
):
    source = tmp_path_factory.mktemp("files") / "digest"
    source.write_bytes(b"attachment")
    assert site.link("files/A/d.pdf", source)
    assert not site.link("files/A/d.pdf", source)
    assert (site.root / "files/A/d.pdf").stat().st_ino == source.stat().st_ino

    def no_link(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    assert site.link("files/B/d.pdf", source)
    assert (site.root / "files/B/d.pdf").read_bytes() == b"attachment"


def test_syncing_survives_what_was_deleted_meanwhile(site):
    site.write("a.html", "x")
    site.delete("a.html")
    site.sync()

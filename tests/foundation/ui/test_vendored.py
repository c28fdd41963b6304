"""What is vendored is what was released: undo the little that changed, and the digests agree."""

import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from tools.vendor import FOLDER, RELEASES, ours, theirs

from gongkai.foundation.ui.assets import Assets
from gongkai.surfaces import desk

NOTED = {
    package: (version, digest)
    for package, version, digest in re.findall(
        r"^([a-z0-9-]+) (\S+) sha256:([0-9a-f]{64})$",
        (FOLDER / "README.txt").read_text("utf-8"),
        re.MULTILINE,
    )
}


def test_every_release_is_noted_with_its_version():
    assert {package: version for package, (version, _digest) in NOTED.items()} == RELEASES
    assert {path.stem for path in FOLDER.glob("*.js")} == set(RELEASES)


@pytest.mark.parametrize("package", RELEASES)
def test_a_module_is_the_released_one_and_imports_only_its_neighbours(package):
    module = (FOLDER / f"{package}.js").read_bytes()
    assert sha256(theirs(module)).hexdigest() == NOTED[package][1]
    assert ours(theirs(module)) == module
    imported = re.findall(rb"""^import [^'"\n]*from ['"]([^'"]+)['"]""", module, re.MULTILINE)
    assert {name.decode() for name in imported} <= {f"./{each}.js" for each in RELEASES}


def test_a_page_names_every_module_of_the_editor_by_its_digest(tmp_path):
    ours_too = Path(desk.__file__).parent / "static/desk/editor"
    storage, found = Assets(tmp_path), FileSystemStorage(tmp_path)
    for folder, name in ((FOLDER, "vendored/prosemirror"), (ours_too, "desk/editor")):
        shutil.copytree(folder, tmp_path / name)
    paths = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.js")}
    named = {name: hashed for name, hashed, _done in storage.post_process(
        {path: (found, path) for path in paths})}  # fmt: skip
    assert set(named) == paths
    for hashed in named.values():
        text = (tmp_path / hashed).read_text("utf-8")
        for other in re.findall(r"""^import [^'"\n]*from ['"]([^'"]+)['"]""", text, re.MULTILINE):
            place = (tmp_path / hashed).parent / other
            assert place.resolve().relative_to(tmp_path.resolve()).as_posix() in named.values()

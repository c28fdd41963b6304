"""What is vendored is what was released: undo the little that changed, and the digests agree."""

import re
from hashlib import sha256

import pytest
from tools.vendor import FOLDER, RELEASES, ours, theirs

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

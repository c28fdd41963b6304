"""Fetches the editor's released modules from the npm registry and lays them where pages load them.

    python -m tools.vendor

Browsers cannot find ``prosemirror-model`` by its bare name without an import map, which our content
policy forbids inside a page. So each released file is kept as it is but for the names it imports:
``from "prosemirror-model"`` becomes ``from "./prosemirror-model.js"``, and the mark of a source
map, which we do not serve, becomes a plain comment. That is all, and it can be undone: a test takes
it back and compares the digests in ``README.txt`` with the released bytes.
"""

import json
import re
import subprocess
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

FOLDER = (
    Path(__file__).resolve().parents[1] / "src/gongkai/foundation/ui/static/vendored/prosemirror"
)
RELEASES = {
    "orderedmap": "2.1.1",
    "prosemirror-commands": "1.7.2",
    "prosemirror-gapcursor": "1.4.1",
    "prosemirror-history": "1.5.1",
    "prosemirror-keymap": "1.2.3",
    "prosemirror-model": "1.25.13",
    "prosemirror-schema-list": "1.6.0",
    "prosemirror-state": "1.4.4",
    "prosemirror-tables": "1.8.5",
    "prosemirror-transform": "1.12.6",
    "prosemirror-view": "1.42.9",
    "rope-sequence": "1.3.4",
    "w3c-keyname": "2.2.8",
}
HEAD = """\
ProseMirror, from its releases in the npm registry, put here by tools/vendor.py.
Each file is the released module but for the names it imports and the mark of its source map. All
are under the MIT licence, whose texts stand below. The digest is that of the released file.

"""
_BARE = re.compile(rb"""^(import [^'"\n]*?from )(['"])([a-z0-9-]+)(['"]);""", re.MULTILINE)
_MAP, _NO_MAP = b"//# sourceMappingURL=", b"//  sourceMappingURL="
_OURS = re.compile(rb"""^(import [^'"\n]*?from )(['"])\./([a-z0-9-]+)\.js(['"]);""", re.MULTILINE)


def main() -> None:
    """Fetch every release and write module, versions, digests and licence."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    licences: dict[str, list[str]] = {}
    for package, version in RELEASES.items():
        facts, module, licence = _released(package, version)
        assert facts["license"] == "MIT", f"{package} has another licence now: {facts['license']}"
        (FOLDER / f"{package}.js").write_bytes(ours(module))
        lines.append(f"{package} {version} sha256:{sha256(module).hexdigest()}\n")
        licences.setdefault(licence, []).append(package)
    texts = [f"\n{', '.join(of)}:\n\n{text}" for text, of in licences.items()]
    (FOLDER / "README.txt").write_text("".join([HEAD, *lines, *texts]), "utf-8")


def ours(module: bytes) -> bytes:
    """The released ``module`` with the names of its neighbours as browsers find them."""
    return _BARE.sub(rb"\1\2./\3.js\4;", module).replace(_MAP, _NO_MAP)


def theirs(module: bytes) -> bytes:
    """The module as it was released."""
    return _OURS.sub(rb"\1\2\3\4;", module).replace(_NO_MAP, _MAP)


def _released(package: str, version: str) -> tuple[dict[str, str], bytes, str]:
    """What its ``package.json`` says, its module, its licence; npm checks the registry's digest."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, f"{package}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            files = {
                member.name.partition("/")[2]: archive.extractfile(member).read()
                for member in archive
                if member.isfile()
            }
    facts = json.loads(files["package.json"])
    module = files[facts["module"].removeprefix("./")]
    return facts, module, files["LICENSE"].decode()


if __name__ == "__main__":
    main()

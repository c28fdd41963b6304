"""Which Gongkai stands here, and whether the home was last prepared by the same one.

Without Django, since the supervisor asks at every start.
"""

import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import gongkai
from gongkai.config.env import Home

# Their migrations and style sheets are part of what an upgrade prepares.
DISTRIBUTIONS = ("django", "django-allauth", "django-tasks-db", "fido2")
PREPARED = ("*/*/migrations/*.py", "*/*/static/**/*")


def mark(home: Home) -> Path:
    """The file that tells which Gongkai prepared the home."""
    return home.run / "version"


def differs(home: Home) -> bool:
    """Whether the home was prepared by another Gongkai, or never."""
    try:
        return mark(home).read_text("utf-8") != fingerprint()
    except FileNotFoundError:
        return True


def write(home: Home) -> None:
    """Note that this Gongkai has prepared the home."""
    mark(home).write_text(fingerprint(), "utf-8")


def fingerprint() -> str:
    """Version and a digest of everything that an upgrade carries into the home."""
    digest = hashlib.sha256("\n".join(_parts()).encode()).hexdigest()[:16]
    return f"{gongkai.__version__} {digest}\n"


def migrations() -> set[str]:
    """The changes of our own tables that this Gongkai knows, each as ``app.name``."""
    root = Path(gongkai.__file__).parent
    found = root.glob("*/*/migrations/[0-9]*.py")
    return {f"{file.parents[1].name}.{file.stem}" for file in found}


def _parts() -> Iterator[str]:
    root = Path(gongkai.__file__).parent
    for pattern in PREPARED:
        for file in sorted(path for path in root.glob(pattern) if path.is_file()):
            facts = file.stat()
            yield f"{file.relative_to(root)} {facts.st_size} {facts.st_mtime_ns}"
    for name in DISTRIBUTIONS:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue

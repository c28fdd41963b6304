"""Secret keys at rest 密钥加密: each is wrapped by a master key, and that by a passphrase.

    passphrase ──scrypt──► opens keys/master.json ──► opens each keys/*.key

Another passphrase is another ``master.json``, put in place by one rename; the keys themselves are
wrapped once. Every file stands whole or not at all, and a key that is not wrapped yet can be used
meanwhile, so whatever was cut off goes on with the same command. What a key signs as stays
readable, so whoever only checks needs no passphrase. Without Django, as the supervisor asks first.
"""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongkai.config.backups import sealing
from gongkai.config.env import Unusable, text
from gongkai.foundation.core import canonical
from gongkai.foundation.core.durable import sync
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.note import Signer

FORMAT, MASTER_FORMAT = "gongkai-key/1", "gongkai-master/1"
MASTER = "master.json"
CREDENTIAL = "gongkai-keys"
"""The name of systemd's credential that holds the passphrase."""
IN_CLEAR = frozenset(("django.key",))
"""Signs sessions and links: every process needs it at once, and a lost one is simply replaced."""

_opened: dict[Path, bytes] = {}
"""Master keys that this process has opened: scrypt runs once."""
_turn = threading.Lock()


# -- the passphrase --------------------------------------------------------------------------------


def passphrase() -> str:
    """The passphrase from the surroundings; empty when there is none. ``Unusable`` when unreadable.

    KEYS_PASSPHRASE, else the file KEYS_PASSPHRASE_FILE, else what systemd was told to hand over.
    """
    if given := text("KEYS_PASSPHRASE", ""):
        return given
    place = passphrase_file()
    return sealing.read(place) if place else ""


def passphrase_file() -> Path | None:
    """Where the passphrase stands, if a file holds it."""
    if named := text("KEYS_PASSPHRASE_FILE", ""):
        return Path(named)
    folder = text("CREDENTIALS_DIRECTORY", "")
    place = Path(folder) / CREDENTIAL
    return place if folder and place.exists() else None


def is_sealed(folder: Path) -> bool:
    """Whether the keys in ``folder`` are, or are about to be, wrapped."""
    return (folder / MASTER).exists()


def require(folder: Path) -> None:
    """``Unusable`` unless the passphrase that is at hand opens the keys in ``folder``.

    For processes that sign: they must not find out half-way.
    """
    if is_sealed(folder):
        _master(folder)


def opens(sealed: str, words: str) -> bytes:
    """The master key that ``words`` open in the text of a ``master.json``. ``Unusable`` if none."""
    try:
        told = json.loads(sealed)
        if told.pop("format") != MASTER_FORMAT:
            raise KeyError(MASTER_FORMAT)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(
            f"keys/{MASTER} 坏了，密钥打不开。请从备份取回这个文件，别的不要动。"
            f" / {MASTER} is damaged; bring it back from a backup."
        ) from error
    try:
        return sealing.unseal(told, words, MASTER_FORMAT.encode())["master"]
    except (sealing.NotOpened, KeyError) as error:
        raise Unusable(
            f"密钥口令不对，或者 keys/{MASTER} 被改动过。密钥没有动。请核对"
            " KEYS_PASSPHRASE 或 KEYS_PASSPHRASE_FILE。 / Wrong passphrase of the keys."
        ) from error


def _master(folder: Path) -> bytes:
    with _turn:
        if folder not in _opened:
            words = passphrase()
            if not words:
                raise Unusable(
                    "密钥是加密的，没有给口令。请设 KEYS_PASSPHRASE_FILE（口令文件）或"
                    " KEYS_PASSPHRASE，再做一次。"
                    " / The keys are encrypted and no passphrase was given."
                )
            _opened[folder] = opens(_text(folder / MASTER), words)
        return _opened[folder]


# -- reading ---------------------------------------------------------------------------------------


def read(file: Path) -> str:
    """The secret in a key file, wrapped or not. ``Unusable`` when it cannot be had."""
    found = _text(file)
    told = _wrapped(file, found)
    if told is None:
        return found
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        box, nonce = bytes.fromhex(told["box"]), bytes.fromhex(told["nonce"])
        plain = AESGCM(_master(file.parent)).decrypt(nonce, box, _covered(told["public"]))
        return plain.decode()
    except (InvalidTag, ValueError) as error:
        raise _damaged(file) from error


def public(file: Path) -> str:
    """What a signing key signs as, as readers know it. Needs no passphrase."""
    found = _text(file)
    told = _wrapped(file, found)
    if told is not None:
        return str(told["public"])
    try:
        return _known(found)
    except ValueError as error:
        raise _damaged(file) from error


def is_wrapped(file: Path) -> bool:
    """Whether a key file is wrapped; ``Unusable`` when it is neither that nor a key."""
    return _wrapped(file, _text(file)) is not None


def _wrapped(file: Path, found: str) -> dict[str, Any] | None:
    if found and not found.startswith("{"):
        return None
    try:
        told = json.loads(found)
        if told["format"] == FORMAT and all(
            isinstance(told[name], str) for name in ("public", "nonce", "box")
        ):
            return dict(told)
    except (ValueError, KeyError, TypeError):
        pass
    raise _damaged(file)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise Unusable(
            f"没有密钥 {file}。新站点请先运行 gongkai init；丢了的请从备份取回，不要另造一把。"
            " / The key is missing: bring a lost one back from a backup; on a new site,"
            " run 'gongkai init' first."
        ) from error
    except UnicodeDecodeError as error:
        raise _damaged(file) from error
    except OSError as error:
        raise Unusable(
            f"读不了密钥 {file}（{error.strerror}）。请看它的权限。 / The key cannot be read."
        ) from error


def _damaged(file: Path) -> Unusable:
    return Unusable(
        f"密钥 {file} 坏了或者不完整。请从备份取回这个文件，不要另造一把。"
        " / The key is damaged; bring it back from a backup."
    )


# -- writing ---------------------------------------------------------------------------------------


def to_write(file: Path, secret: str) -> str:
    """What is to stand in the key file ``file``: wrapped where the keys of its folder are."""
    if file.name in IN_CLEAR or not is_sealed(file.parent):
        return secret
    return _wrap(_master(file.parent), secret)


def seal(folder: Path, words: str) -> list[str]:
    """Wrap every key in ``folder`` by the passphrase ``words``; the names of those wrapped now.

    Goes on where it was cut off; then ``words`` must be those of the first time. *A crash leaves
    each key in one form or the other, whole.*
    """
    place = folder / MASTER
    if not place.exists():
        put(place, _sealed(os.urandom(32), words), new=True)
    _opened[folder] = master = opens(_text(place), words)
    done = []
    for file in unwrapped(folder):
        secret = _text(file)
        wrapped = _wrap(master, secret)
        put(file, wrapped)
        if read(file) != secret:
            raise Unusable(f"{file} 写坏了。 / {file} was not written well.")
        done.append(file.name)
    return done


def change(folder: Path, old: str, new: str) -> None:
    """Let the passphrase ``new`` open the keys from now on, and ``old`` no longer."""
    master = opens(_text(folder / MASTER), old)
    put(folder / MASTER, _sealed(master, new))


def unwrapped(folder: Path) -> Iterator[Path]:
    """The key files in ``folder`` that should be wrapped and are not."""
    for file in sorted(folder.glob("*.key")):
        if file.name not in IN_CLEAR and not is_wrapped(file):
            yield file


def put(file: Path, content: str, *, new: bool = False) -> None:
    """Have ``content`` stand in ``file``, whole and durable, for the owner alone.

    ``new``: an other file of that name stays; half a key, or another one, would be worse than none.
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    if new:
        try:
            os.link(partial, file)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    else:
        partial.replace(file)
    sync([file.parent])


def _sealed(master: bytes, words: str) -> str:
    sealed = sealing.seal({"master": master}, words, MASTER_FORMAT.encode())
    return canonical.encode({"format": MASTER_FORMAT, **sealed}).decode() + "\n"


def _wrap(master: bytes, secret: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    known = _known(secret) if secret.startswith("PRIVATE+KEY+") else ""
    nonce = os.urandom(12)
    box = AESGCM(master).encrypt(nonce, secret.encode(), _covered(known))
    told = {"box": box.hex(), "format": FORMAT, "nonce": nonce.hex(), "public": known}
    return canonical.encode(told).decode() + "\n"


def _known(secret: str) -> str:
    """What a signing or a cosigning key signs as. ``ValueError`` when ``secret`` is neither."""
    try:
        return Signer.parse(secret).verifier.vkey
    except ValueError:
        return Cosigner.parse(secret).verifier.vkey


def _covered(known: str) -> bytes:
    """What the wrapping covers besides the secret: nobody can name another public key."""
    return canonical.encode({"format": FORMAT, "public": known})

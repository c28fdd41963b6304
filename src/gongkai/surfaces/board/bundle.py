"""The proof bundle 证明文件: one opening with all that its check needs, as one file.

A page carries no inclusion proof, since a proof belongs to one checkpoint and the log goes on
growing; so a bundle is made when somebody asks for it, from what the board hands out. It is checked
from itself alone. ``static/board/prove.js`` makes and checks the same format in the browser.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from gongkai.foundation.core import canonical, entries
from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.translog import cosigned
from gongkai.foundation.translog.checkpoint import Checkpoint, OtherOrigin, open_checkpoint
from gongkai.foundation.translog.cosignature import Cosignature, Witness, cosignatures
from gongkai.foundation.translog.keylist import (
    LIST,
    OUTSIDE,
    STOLEN,
    UNCONNECTED,
    Distrusted,
    KeyList,
    Listed,
    NoList,
)
from gongkai.foundation.translog.note import (
    BadNote,
    UnknownSigner,
    Verifier,
    WrongSignature,
    split_note,
)
from gongkai.foundation.translog.proof import BadProof, Proof
from gongkai.foundation.translog.remote import Forked, ReadLog, Unverifiable, WentBack, extends
from gongkai.surfaces.board import addresses

FORMAT = "gongkai-proof/1"
FIELDS = {"facts": dict, "format": str, "page": str, "proof": str, "sealed": str, "vkey": str}
FACTS = {
    "audience": list,
    "digest": str,
    "index": int,
    "kind": str,
    "organisation": str,
    "salt": str,
    "subject": str,
    "time": str,
    "version": int,
}
"""The fields of ``vV.log.json`` and their types, as docs/reference/log-format.md has them."""

Read = Callable[[str], bytes | None]
"""``read("log/checkpoint")``: a file of the board; None when there is none."""


class NoBundle(ValueError):
    """The file is no proof bundle; the message says what it is missing."""


class Differs(ValueError):
    """The bundle does not prove what it says; the message says which part does not fit."""


@dataclass(frozen=True)
class Bundle:
    """An opening, its sealed bytes and its place in the log (证明文件). Nothing in it is believed.

    ``facts`` are those of ``vV.log.json``, ``proof`` is a C2SP tlog-proof. ``vkey`` and ``page``
    say whose key it was and where the item stood; they prove nothing. ``keys`` is the list of the
    log's keys, of a log that had more than one.
    """

    facts: Mapping[str, Any]
    sealed: str
    proof: str
    vkey: str
    page: str
    keys: Mapping[str, Any] | None = None

    def encode(self) -> bytes:
        """The bytes of the file: canonical JSON."""
        return canonical.encode(
            {
                "facts": dict(self.facts),
                "format": FORMAT,
                **({"keys": dict(self.keys)} if self.keys else {}),
                "page": self.page,
                "proof": self.proof,
                "sealed": self.sealed,
                "vkey": self.vkey,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The bundle in the file ``data``, not checked. Raises ``NoBundle``."""
        try:
            value = canonical.decode(data)
        except (ValueError, TypeError, RecursionError) as error:
            raise NoBundle(
                _("这不是证明文件，或者下载以后被改动过。请在公开栏的“核对真伪”页重新保存。")
            ) from error
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            wording = _("这不是%(format)s格式的证明文件。请在公开栏的“核对真伪”页保存证明文件。")
            raise NoBundle(wording % {"format": FORMAT})
        fields = FIELDS | ({"keys": dict} if "keys" in value else {})
        if not (_of(fields, value) and _of(FACTS, value["facts"])):
            raise NoBundle(_("证明文件里缺少内容，或者多出了内容。请重新保存一份。"))
        value.pop("format")
        return cls(**value)

    def check(self, vkey: str = "", *, origin: str = "", keys: KeyList | None = None) -> Checkpoint:
        """The checkpoint under which the log is shown to hold what was sealed.

        ``vkey`` is the key to be believed; without it, the bundle's own, which then must at least
        be of the log ``origin`` when that is given. ``keys`` is a newer list of the log's keys than
        the bundle's. Raises ``Differs``; ``ValueError`` when ``vkey`` is no key.
        """
        verifier = self.signer(vkey, keys).verifier
        if origin and verifier.name != origin:
            raise Differs(_other_log(verifier.name))
        if canonical.digest(self.sealed.encode()) != self.facts["digest"]:
            raise Differs(_("封存的原文和记下的内容指纹不一致，原文被改动过。"))
        return self._logged(verifier)

    def signer(self, vkey: str = "", keys: KeyList | None = None) -> Listed:
        """The key by which the checkpoint is to be checked: ``vkey`` (else the bundle's own), or
        the one that signed, where the list of keys leads from there to it. Raises ``Differs``.
        """
        own = Verifier.parse(vkey).vkey if vkey else self._own_key()
        try:
            listed = keys or (KeyList.parse(self.keys) if self.keys else None)
            if listed is None:
                return Listed(own, 0, None, bad=False, link=None)
            return listed.accept(Proof.parse(self.proof).checkpoint, own).key
        except Distrusted as error:
            raise Differs(_distrusted(error.why)) from error
        except NoList as error:
            raise Differs(_("公钥表不对，被改动过。")) from error
        except (BadNote, BadProof):  # what is wrong with it is told by the check that follows
            return Listed(own, 0, None, bad=False, link=None)

    def _own_key(self) -> str:
        try:
            return Verifier.parse(self.vkey).vkey
        except ValueError as error:
            raise Differs(_("文件里写的公钥不是公钥。")) from error

    def _logged(self, verifier: Verifier) -> Checkpoint:
        try:
            proof = Proof.parse(self.proof)
            checkpoint = proof.verify(self.entry(), verifier)
        except UnknownSigner as error:
            raise Differs(
                _("检查点上没有%(name)s用这把公钥所作的签名。") % {"name": verifier.name}
            ) from error
        except WrongSignature as error:
            raise Differs(_("检查点的签名与内容不符，内容或签名被改动过。")) from error
        except OtherOrigin as error:
            raise Differs(_other_log(error.origin)) from error
        except BadNote as error:
            raise Differs(_("证明里没有签了名的检查点。")) from error
        except BadProof as error:
            raise Differs(
                _("日志里没有这样一条：原文、随机数、时间、范围或者证明，有一处被改动过。")
            ) from error
        if proof.index != self.facts["index"]:
            raise Differs(_("证明说的不是日志里的这一条。"))
        return checkpoint

    def entry(self) -> bytes:
        """What the log must hold for this opening. Raises ``Differs`` on a salt that is none."""
        facts = self.facts
        try:
            salt = bytes.fromhex(facts["salt"])
        except ValueError as error:
            raise Differs(_("随机数不对，应当是64位十六进制数。")) from error
        if salt.hex() != facts["salt"]:
            raise Differs(_("随机数不对，应当是64位十六进制数。"))
        return entries.entry(facts)

    def seen(self, witnesses: Collection[Witness]) -> list[Cosignature]:
        """When which of ``witnesses`` saw the log with this entry in it; the earliest first.

        Of a bundle that was checked. Raises ``Differs`` when a cosignature of theirs is false.
        """
        try:
            found = cosignatures(Proof.parse(self.proof).checkpoint, witnesses)
        except WrongSignature as error:
            raise Differs(_("检查点上的联署是假的：检查点或者联署被改动过。")) from error
        return sorted(found, key=lambda each: each.at)

    def cosigners(self) -> list[str]:
        """The names under which others than the log signed the checkpoint; none of it checked."""
        note = Proof.parse(self.proof).checkpoint
        origin = note.partition("\n")[0]
        return sorted({name for name, _signature in split_note(note)[1] if name != origin})


def gather(read: Read, address: str, version: int | None = None) -> Bundle:
    """The bundle of a version of an item (the present one unless named), from a board's files.

    It is checked before it is given out. Raises ``Refused`` when the board has no such item or
    version any more, ``Broken`` when what it hands out does not fit together.
    """
    stand = _json(read, addresses.stand(address))
    if stand is None:
        raise Refused(
            [_("公开栏上没有%(address)s这一件。请看地址是否抄对。") % {"address": address}]
        )
    if stand["state"] != "open":
        raise Refused([_("%(address)s已经撤回或者清除，不再提供证明。") % {"address": address}])
    version = version or stand["current"]
    sealed = read(addresses.sealed(address, version)[1:])
    facts = _json(read, addresses.opened(address, version))
    if sealed is None or facts is None:
        told = {"address": address, "version": version}
        raise Refused([_("%(address)s没有第%(version)s次公开的内容，或者不再公开。") % told])
    note, vkey = read("log/checkpoint"), read("log/vkey")
    if note is None or vkey is None:
        raise Broken("the board hands out no checkpoint or no key")
    key, log = vkey.decode().strip(), ReadLog(lambda path: read(f"log/{path}"))
    size, index = cosigned.size_of(note.decode()), facts["index"]
    listed = _json(read, f"/log/{LIST}")
    signed = _witnessed(read, index, size, key, listed) or note.decode()
    proof = Proof.make(index, signed, log.hash_reader(size))
    made = Bundle(facts, sealed.decode(), proof.text(), key, stand["page"], listed)
    try:
        made.check()
    except Differs as error:
        raise Broken(str(error)) from error
    return made


def today(read: Read, vkey: str, keys: KeyList | None) -> Checkpoint:
    """The checkpoint that a board shows now, by ``vkey`` or a key it leads to. ``Differs``."""
    note = read("log/checkpoint")
    try:
        if note is not None and keys is not None:
            return keys.accept(note.decode(), vkey).checkpoint
        if note is not None:
            return open_checkpoint(note.decode(), Verifier.parse(vkey))
    except Distrusted as error:
        raise Differs(_distrusted(error.why)) from error
    except ValueError as error:
        raise Differs(_("公开栏现在的检查点不是用这把公钥签的。")) from error
    raise Differs(_("公开栏没有给出检查点。"))


def refuse_other_history(read: Read, old: Checkpoint, now: Checkpoint) -> None:
    """``Differs`` unless the log that a board shows ``now`` begins as ``old`` says it did."""
    try:
        extends(ReadLog(lambda path: read(f"log/{path}")), old, now)
    except Unverifiable as error:
        raise Differs(_("公开栏的日志文件不全，核对不了。")) from error
    except (WentBack, Forked) as error:
        wording = _("现在的日志不是从这个检查点接着长的：两段历史，这个检查点不能作准。")
        raise Differs(wording) from error


def _witnessed(
    read: Read, index: int, size: int, vkey: str, listed: Mapping[str, Any] | None
) -> str | None:
    """The earliest cosigned checkpoint that covers the entry: it proves "not later than".

    Signed by ``vkey``, or by an earlier key that the list ``listed`` leads back to. None when no
    witness has signed yet, or only under a key that was declared stolen: such a checkpoint proves
    nothing to who has only the bundle. Raises ``Broken`` when the board's files cannot be read.
    """
    try:
        told = _json(read, "/log/witnesses.json")
        if not (told and told["witnesses"]):
            return None
        note = cosigned.earliest(lambda path: read(f"log/{path}"), index, size)
        keys = KeyList.parse(listed) if listed else None
    except (LookupError, ValueError) as error:
        raise Broken(str(error)) from error
    with suppress(UnknownSigner, Distrusted):
        if note is not None and keys is None:
            open_checkpoint(note, Verifier.parse(vkey))
            return note
        if note is not None and keys is not None and not keys.accept(note, vkey).key.bad:
            return note
    return None


def _json(read: Read, address: str) -> dict[str, Any] | None:
    data = read(address[1:])
    if data is None:
        return None
    value = canonical.decode(data)
    assert isinstance(value, dict), "the board's files about an item hold objects"
    return value


def _of(types: Mapping[str, type], value: Mapping[str, Any]) -> bool:
    """Whether ``value`` has exactly these fields. JSON's true is no number here."""
    return value.keys() == types.keys() and all(type(value[name]) is types[name] for name in types)


def _distrusted(why: str) -> str:
    return {
        STOLEN: _("签名的公钥声明过失密，这个检查点在失密以后，不能作准。"),
        OUTSIDE: _("签名的公钥已经停用，这个检查点不在它签名的范围里。"),
        UNCONNECTED: _("签名的公钥和您信任的公钥之间，没有可以相信的交接记录。"),
    }[why]


def _other_log(origin: str) -> str:
    wording = _("这是另一个日志的证明：%(origin)s。请到它自己的公开栏核对，或者改用它的公钥。")
    return wording % {"origin": origin}

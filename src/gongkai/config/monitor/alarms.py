"""What a monitor may have to say, each in one sentence for a person and one word for a program."""

from dataclasses import dataclass

SENTENCES = {
    "wrong-key": "检查点不是用记下的公钥签的，日志里也没有公告过换密钥。"
    "核实以后用--vkey写新的公钥。"
    " / The checkpoint is not signed by the pinned key, and the log announced no other.",
    "stolen-key": "记下的公钥声明过失密。新的公钥请另找途径问到，再用--vkey写上。"
    " / The pinned key was declared stolen; ask people for the new one and name it by --vkey.",
    "wrong-signature": "检查点的签名是假的，内容或者签名被改动过。"
    " / The checkpoint's signature is false.",
    "wrong-origin": "检查点属于另一个日志。 / The checkpoint is of another log.",
    "rollback": "日志变短了：以前公布过的记录不见了。 / The log is shorter than it was.",
    "fork": "日志有两段不同的历史：以前公布的记录被改写过。"
    " / The log was rewritten: two histories.",
    "tiles": "日志的文件缺失或者损坏，算不出签了名的总指纹。"
    " / The log's files do not give the signed root.",
    "page-changed": "网页上的正文或者标题和封存的原文不一样。"
    " / What the page shows is not what was sealed.",
    "sealed-changed": "封存的原文和它自己的指纹不一样。 / The sealed bytes were changed.",
    "not-in-log": "日志里记的不是这一件。 / The log says something else of this item.",
    "unlogged": "网页说撤回或者清除了，日志里却没有这一条。"
    " / It says that it was withdrawn or erased, and the log does not.",
    "vanished": "网页不见了，也没有撤回或者清除的说明。 / The page vanished without a tombstone.",
    "unreadable": "网页旁边的文件读不懂。 / A file beside the page cannot be read.",
}


@dataclass(frozen=True)
class Alarm:
    """Something that must not be (警报); ``where`` is the address that it is about, if any."""

    kind: str
    where: str = ""
    detail: str = ""

    def sentence(self) -> str:
        """For a person."""
        place = f"{self.where}：" if self.where else ""
        return place + SENTENCES[self.kind] + (f" [{self.detail}]" if self.detail else "")

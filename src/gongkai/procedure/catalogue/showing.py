"""What a charter says about the public board itself, beside categories and catalogue."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gongkai.procedure.catalogue.reading import SLUG, said

PAPERS = ("a3", "a4")
SECTIONS = ("way", "deadlines", "groups", "posts")
"""The sections of the charter's page that a system may point to."""


@dataclass(frozen=True)
class Column:
    """A standing column of the board (固定栏目): what lies under these entries, newest first.

    It has no texts of its own, so whatever stands in it has been reviewed, sealed and filed.
    """

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    entries: tuple[str, ...] = said(gettext_lazy("目录事项"), least=1, most=20)
    intro: str = said(gettext_lazy("说明"), most=300, default="")
    intro_en: str = said(gettext_lazy("英文说明"), most=600, default="")


@dataclass(frozen=True)
class System:
    """A system of rules (制度): in one sentence, where it is written, where it is carried out.

    ``entries`` are those under which its text is disclosed; ``section`` is the part of the
    charter's own page that carries it out.
    """

    key: str = said(gettext_lazy("代号"), least=1, most=40, pattern=SLUG)
    name: str = said(gettext_lazy("名称"), least=1, most=60)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=100)
    summary: str = said(gettext_lazy("一句话说明"), least=1, most=300)
    summary_en: str = said(gettext_lazy("英文一句话说明"), least=1, most=600)
    entries: tuple[str, ...] = said(gettext_lazy("目录事项"), most=20, default=())
    section: str = said(gettext_lazy("实施办法的部分"), one_of=SECTIONS, default="")


@dataclass(frozen=True)
class Front:
    """What the home page (首页) takes from the catalogue: ``rota`` is the entry of 接访安排."""

    rota: str = said(gettext_lazy("接访安排的目录事项"), most=20, default="")


@dataclass(frozen=True)
class Wall:
    """The physical board (公开栏): how much hangs in each box, on which paper, and how long.

    ``channel`` is the charter's channel that means it. What invites comments hangs for its whole
    period; of the rest the newest ``sheets`` of a box hang, ``days`` at most.
    """

    channel: str = said(
        gettext_lazy("指公开栏的渠道"), least=1, most=40, pattern=SLUG, default="wall"
    )
    paper: str = said(gettext_lazy("张贴用纸"), one_of=PAPERS, default="a3")
    sheets: int = said(gettext_lazy("每个文件盒旁边贴几件"), least=1, most=20, default=2)
    days: int = said(gettext_lazy("最多贴多少日"), least=1, most=730, default=30)

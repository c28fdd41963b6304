"""A small township and a village below it, arranged without the catalogue, which stands above."""

from dataclasses import dataclass, field

import pytest
from tests.cast import staffed
from tests.remembered import Remembered

from gongkai.foundation.organisations import workflow
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer


@dataclass(frozen=True)
class Post:
    """A post as a charter would word it."""

    key: str
    name: str
    rights: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True)
class Group:
    """A group as a charter would word it."""

    key: str
    name: str
    seats: tuple[tuple[str, str], ...] = field(default=())


TOWNSHIP_POSTS = (
    Post("secretary", "党委书记", ("erase", "withdraw")),
    Post("deputy", "党委副书记", ("approve", "withdraw")),
    Post("discipline", "纪委书记", ("supervise", "erase")),
    Post("discipline-deputy", "纪委副书记", ("supervise", "approve")),
    Post("office", "党政办主任", ("administer", "publish", "assign", "file"), "党政综合办公室"),
    Post("organiser", "组织干事", ("propose", "answer"), "党建工作办公室"),
    Post("youth", "团委书记", ("propose", "answer")),
    Post("finance", "财政所长", ("propose", "answer"), "财政所"),
)
TOWNSHIP_GROUPS = (
    Group(
        "leading",
        "党务公开领导小组",
        (
            ("secretary", "组长"),
            ("deputy", "副组长"),
            ("discipline", "副组长"),
            ("office", "成员"),
            ("organiser", "成员"),
            ("discipline-deputy", "成员"),
            ("youth", "成员"),
            ("finance", "成员"),
        ),
    ),
    Group("supervision", "党务公开监督小组", (("discipline", "组长"),)),
)
VILLAGE_POSTS = (
    Post("branch-secretary", "村党支部书记", ("publish", "erase", "withdraw")),
    Post("village-clerk", "村文书", ("administer", "propose", "answer", "assign", "file")),
    Post("watch-head", "村务监督委员会主任", ("supervise", "approve")),
)


@pytest.fixture
def qingxi(db) -> Organisation:
    """The township; here 党政办主任 is its administrator."""
    return township()


@pytest.fixture
def shiqiao(qingxi) -> Organisation:
    """The village below it."""
    village = workflow.arrange(
        slug="shiqiao", name="中共石桥村支部委员会", parent="qingxi", posts=VILLAGE_POSTS
    )
    return staffed(village)


@pytest.fixture
def administrator(office) -> Officer:
    """党政办主任."""
    return office


@Remembered
def township() -> Organisation:
    """The township with every post held."""
    return staffed(arranged())


def arranged(posts=TOWNSHIP_POSTS, groups=TOWNSHIP_GROUPS) -> Organisation:
    """The township as its charter would have it."""
    return workflow.arrange(slug="qingxi", name="中共青溪镇委员会", posts=posts, groups=groups)

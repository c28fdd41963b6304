"""The people of the tests, named by post: a township, and a village with posts of its own.

The charters of the real demonstration are the catalogue's; this cast needs only who does what, so
it is arranged directly and stays what it is when the charters change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries, workflow
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import Officer

LONG_AGO = date(2020, 1, 1)


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
    Post("branch-secretary", "村党支部书记", ("administer", "publish", "erase", "withdraw")),
    Post("village-clerk", "村文书", ("propose", "answer", "assign", "file")),
    Post("watch-head", "村务监督委员会主任", ("supervise", "approve")),
)


@pytest.fixture
def qingxi(db) -> Organisation:
    """青溪镇党委, every post held since long ago by a member named after it."""
    township = workflow.arrange(
        slug="qingxi", name="中共青溪镇委员会", posts=TOWNSHIP_POSTS, groups=TOWNSHIP_GROUPS
    )
    return staffed(township)


@pytest.fixture
def shiqiao(qingxi) -> Organisation:
    """石桥村党支部, which stands below the township and has posts of its own."""
    village = workflow.arrange(
        slug="shiqiao", name="中共石桥村支部委员会", parent="qingxi", posts=VILLAGE_POSTS
    )
    return staffed(village)


@pytest.fixture
def officer(qingxi) -> Callable[..., Officer]:
    """``officer("组织干事")``: who holds the post today, in 青溪镇 or in ``organisation``."""

    def find(post_name: str, organisation: Organisation = qingxi) -> Officer:
        return officer_named(organisation, post_name)

    return find


@pytest.fixture
def organiser(officer) -> Officer:
    """组织干事, who proposes."""
    return officer("组织干事")


@pytest.fixture
def office(officer) -> Officer:
    """党政办主任, the administrator, who publishes, assigns and files."""
    return officer("党政办主任")


@pytest.fixture
def discipline_deputy(officer) -> Officer:
    """纪委副书记."""
    return officer("纪委副书记")


@pytest.fixture
def deputy(officer) -> Officer:
    """党委副书记."""
    return officer("党委副书记")


@pytest.fixture
def secretary(officer) -> Officer:
    """党委书记."""
    return officer("党委书记")


@pytest.fixture
def finance(officer) -> Officer:
    """财政所长."""
    return officer("财政所长")


@pytest.fixture
def youth(officer) -> Officer:
    """团委书记."""
    return officer("团委书记")


@pytest.fixture
def party_member(qingxi) -> Member:
    """党员 without a post."""
    return workflow.make_member(organisation=qingxi, name="一名党员", party=True, by=SYSTEM)


@pytest.fixture
def branch_secretary(officer, shiqiao) -> Officer:
    """村党支部书记, the other organisation's administrator."""
    return officer("村党支部书记", shiqiao)


@pytest.fixture
def signed_in(client) -> Callable:
    """``signed_in(officer or member)``: the test client with that person's session."""

    def enter(who: Officer | Member):
        member = who.member if isinstance(who, Officer) else who
        member.refresh_from_db()
        account = member.account or workflow.make_account(
            member=member, username=member.name, by=SYSTEM
        )
        client.force_login(account)
        return client

    return enter


def staffed(organisation: Organisation) -> Organisation:
    """``organisation`` with a Party member in every vacant post, named after the post."""
    for post in queries.vacant_posts(organisation, queries.today(organisation)):
        member = workflow.make_member(
            organisation=organisation, name=post.name, party=True, by=SYSTEM
        )
        workflow.appoint(post=post, member=member, since=LONG_AGO, by=SYSTEM)
    return organisation


def officer_named(organisation: Organisation, post_name: str) -> Officer:
    """Who holds the post of this name today."""
    post = next(post for post in queries.posts(organisation) if post.name == post_name)
    return queries.officer_of_post(organisation, post.key, queries.today(organisation))

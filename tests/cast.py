"""The people of the tests, named by post: a township and a village, each under its own charter.

Every post is held, since long ago, by a Party member named after it. The tests of ``foundation``
arrange a smaller township of the same name, since they stand below the catalogue.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.remembered import Remembered

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries, workflow
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure import catalogue
from gongkai.procedure.catalogue.workflow import apply

LONG_AGO = date(2020, 1, 1)


CHARTERS = Path(catalogue.__file__).parent / "charters"


@pytest.fixture
def qingxi(db) -> Organisation:
    """中共青溪镇委员会 under the township charter."""
    return township()


@pytest.fixture
def shiqiao(qingxi) -> Organisation:
    """石桥村村民委员会, another organisation, under the village charter."""
    return village()


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
    """党政办主任, who checks first, publishes, assigns and files."""
    return officer("党政办主任")


@pytest.fixture
def administrator(officer) -> Officer:
    """党政办信息员, who registers posts and accounts."""
    return officer("党政办信息员")


@pytest.fixture
def discipline(officer) -> Officer:
    """纪委书记."""
    return officer("纪委书记")


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
def village_clerk(officer, shiqiao) -> Officer:
    """村文书, the other organisation's administrator."""
    return officer("村文书", shiqiao)


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


@Remembered
def township() -> Organisation:
    """青溪镇, founded under its charter and staffed."""
    return _founded("township")


def village() -> Organisation:
    """石桥村, founded under its charter and staffed."""
    return _founded("village")


def village_below(above: Organisation, outside: str) -> Organisation:
    """石桥村 below ``above``, with the entry ``outside`` outside its catalogue; staffed."""
    source = (CHARTERS / "village.toml").read_text("utf-8")
    source = source.replace("[organisation]\n", f'[organisation]\nparent = "{above.slug}"\n')
    source = source.replace(f'code = "{outside}"\n', f'code = "{outside}"\noutside = true\n')
    apply(source=source, by=SYSTEM)
    return staffed(Organisation.objects.get(parent=above))


def _founded(charter: str) -> Organisation:
    apply(source=(CHARTERS / f"{charter}.toml").read_text("utf-8"), by=SYSTEM)
    return staffed(Organisation.objects.latest("pk"))


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

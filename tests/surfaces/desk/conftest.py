"""The township at work: a client for each post, and an item walked as far as a test needs it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from tests.procedure.editions import log, stored

from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import workflow as organisations
from gongkai.foundation.organisations.models import Member
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.queries import entry
from gongkai.procedure.feedback import workflow as feedback
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.publication import workflow as publication
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review import queries as reviews
from gongkai.procedure.review import workflow as review

__all__ = ["log", "stored"]

BODY = "<p>为做好工作，现决定如下。</p>\n<h2>一、管护</h2>\n<p>甲村的水渠由甲村管护。</p>"
STAGES = ("党政办主任", "党委副书记", "党委书记")
"""Who passes the three stages of a text of 党政综合办公室; the last one seals."""


@pytest.fixture
def at(qingxi, officer) -> Callable[..., Client]:
    """``at("党政办主任")``: a browser in which the holder of that post has signed in."""
    found: dict[str, Client] = {}

    def enter(post: str, organisation=qingxi) -> Client:
        key = f"{organisation.slug}/{post}"
        if key not in found:
            found[key] = entered(officer(post, organisation))
        return found[key]

    return enter


def entered(who: Officer | Member) -> Client:
    """A browser in which ``who`` has signed in."""
    member = who.member if isinstance(who, Officer) else who
    member.refresh_from_db()
    account = member.account or organisations.make_account(
        member=member, username=f"{member.name}{member.pk}", by=SYSTEM
    )
    client = Client()
    client.force_login(account)
    return client


@dataclass
class Walk:
    """An item on its way, by the verbs (办理过程)."""

    officer: Callable[..., Officer]
    draft: Draft

    @property
    def disclosure(self) -> Disclosure:
        return self.draft.disclosure

    @property
    def address(self) -> str:
        return self.disclosure.address

    def page(self, name: str = "item", *more) -> str:
        """The address of one of the item's pages."""
        return reverse(f"desk:{name}", args=[self.address, *more])

    def submitted(self) -> "Walk":
        review.submit(draft=self.draft, officer=self.officer("组织干事"))
        self.draft.refresh_from_db()
        return self

    def passed(self, *posts: str) -> "Walk":
        """Through the stages of these posts; through all when none is named."""
        for post in posts or STAGES:
            review.pass_stage(
                review=reviews.open_review(self.disclosure), officer=self.officer(post)
            )
        return self

    def sealed(self) -> "Walk":
        self.submitted().passed()
        self.edition = review.seal(
            review=reviews.open_review(self.disclosure), officer=self.officer("党委书记")
        )
        return self

    def planned(self, *steps: Step) -> "Walk":
        """Sealed and arranged; every stage at once when none is named."""
        self.sealed()
        scopes = [step["scope"] for step in self.draft.plan]
        self.releases = publication.schedule(
            edition=self.edition,
            officer=self.officer("党政办主任"),
            steps=steps or [Step(scope) for scope in scopes],
        )
        return self

    def opened(self) -> "Walk":
        """Open to everyone in the plan."""
        self.planned()
        for release in self.releases:
            publication.open_stages(stages=[release])
        return self


@pytest.fixture
def walk(qingxi, officer, home) -> Callable[..., Walk]:
    """``walk()``: a draft of 组织干事, to be taken further by its methods."""
    (home.keys / "contact.key").write_text("Zm9yIHRoZSB0ZXN0cyBvZiB0aGlzIG9uZSBzZXNzaW8=")

    def begin(title="关于水利设施管护的决定", body=BODY, code="JC-05", **more) -> Walk:
        draft = proposals.begin(
            organisation=qingxi,
            entry=entry(qingxi, code),
            officer=officer("组织干事"),
            title=title,
            body=body,
            kind="document",
            **more,
        )
        return Walk(officer, draft)

    return begin


@pytest.fixture
def voice(qingxi, home) -> Callable:
    """``voice(disclosure)``: a voice about an item, or about anything."""
    (home.keys / "contact.key").write_text("Zm9yIHRoZSB0ZXN0cyBvZiB0aGlzIG9uZSBzZXNzaW8=")

    def receive(disclosure=None, text="水渠什么时候修好？", show=True, **more):
        case, _code = feedback.receive(
            organisation=qingxi, disclosure=disclosure, text=text, show=show, **more
        )
        return case

    return receive

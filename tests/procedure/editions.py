"""Sealed editions as rows, and a log that exposes them: where publication and what follows begin.

The rows are the ones that proposing and reviewing leave behind; the whole way there is walked by
the journeys.
"""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from tests import cast
from tests.cast import officer_named

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger import jobs
from gongkai.foundation.ledger.lease import Lease
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.translog.note import Signer
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile, Submission
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.publication import workflow as publish
from gongkai.procedure.publication.plans import Step
from gongkai.procedure.review.models import Edition, Hand, Opinion, Review

MEMBERS, PUBLIC = "A3", "A1"
"""The township charter's scopes: its own members and officers, and society."""

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)
"""9:40 in 青溪镇, a working day."""

_seals = count(1)


@pytest.fixture
def township(db) -> Organisation:
    """青溪镇党委 with its real charter in force and every post held."""
    return cast.township()


@pytest.fixture
def who(township):
    """``who("党政办主任")``: the officer who holds the post."""
    return lambda post: officer_named(township, post)


@pytest.fixture
def log(home, settings):
    """``log()``: the keeper's ledger steps: whatever is committed becomes exposed."""
    (home.keys / "log.key").write_text(Signer.generate(settings.LOG_ORIGIN).skey)
    (home.keys / "contact.key").write_text("Zm9yIHRoZSB0ZXN0cyBvZiB0aGlzIG9uZSBzZXNzaW8=")
    lease = Lease()
    assert lease.acquire()

    def expose():
        jobs.order(lease)
        jobs.write_tiles()
        jobs.sign(lease)
        jobs.expose(lease)

    yield expose
    lease.release()


def disclosure_of(organisation, code="JC-05", title="关于水利设施的决定") -> Disclosure:
    """A disclosure under the entry ``code``."""
    entry = organisation_entry(organisation, code)
    return Disclosure.objects.create(
        organisation=organisation,
        entry=entry,
        address=new_address(),
        title=title,
        made_at=clock.now(),
    )


def organisation_entry(organisation, code):
    """The catalogue's row of an entry."""
    from gongkai.procedure.catalogue.queries import entry

    return entry(organisation, code)


def planned(*scopes, opens=""):
    """A sealed plan of these scopes in order."""
    return [{"scope": scope, "keys": [], "opens": opens} for scope in scopes]


def sealed(
    disclosure, *, plan=None, body="<p>正文。</p>", files=(), draft=None, **changes
) -> Edition:
    """An edition of ``disclosure`` as ``review.seal`` leaves it; of ``draft`` when it has one."""
    proposer = officer_named(disclosure.organisation, "组织干事")
    plan = planned(MEMBERS, PUBLIC) if plan is None else plan
    number = Edition.objects.filter(disclosure=disclosure).count() + 1
    draft = draft or Draft.objects.create(
        disclosure=disclosure,
        number=number,
        title=changes.get("title", disclosure.title),
        body=body,
        kind="document",
        form="daily",
        plan=plan,
        proposer=proposer.member,
        proposer_post=proposer.post_names,
        changed_at=clock.now(),
    )
    draft.state, draft.statement, draft.submitted_at = "sealed", {"text": "属实"}, clock.now()
    draft.save()
    disclosure.waits = True
    disclosure.save(update_fields=["waits"])
    for order, file in enumerate(files):
        DraftFile.objects.create(draft=draft, file=file, title=f"附件{order + 1}", order=order)
    return _sealed(draft, number, plan, files, changes)


def _sealed(draft, number, plan, files, changes):
    disclosure = draft.disclosure
    version = charter_of(disclosure.organisation)[0]
    Submission.objects.create(
        draft=draft, round=1, title=draft.title, body=draft.body, at=clock.now()
    )
    review = Review.objects.create(
        draft=draft,
        round=1,
        charter=version,
        state="sealed",
        stage=len(version.charter.stages),
        began_at=clock.now(),
        due_on=clock.civil_day(clock.now()),
    )
    reviewer = officer_named(disclosure.organisation, "党委副书记")
    hand = Hand.objects.create(
        key=f"{review.pk}:{reviewer.member.pk}:", review=review, member=reviewer.member
    )
    Opinion.objects.create(
        review=review,
        hand=hand,
        stage=0,
        post=reviewer.post_names,
        member=reviewer.member,
        decision="pass",
        text="内容属实，同意公开。",
        at=clock.now(),
    )
    seal_number = f"青委公审〔2026〕第{next(_seals)}号"
    data = {
        "format": "gongkai-edition/1",
        "organisation": disclosure.organisation.slug,
        "organisation_name": disclosure.organisation.name,
        "address": disclosure.address,
        "number": number,
        "entry": {"code": disclosure.entry.code, "title": disclosure.entry.title},
        "category": disclosure.entry.category,
        "box": disclosure.entry.box,
        "kind": "document",
        "document_number": "",
        "form": "daily",
        "title": draft.title,
        "body": draft.body,
        "attachments": [
            {
                "title": f"附件{order + 1}",
                "digest": file.digest,
                "size": file.size,
                "media_type": file.media_type,
                "extension": file.extension,
            }
            for order, file in enumerate(files)
        ],
        "plan": plan,
        "channels": [],
        "proposer": {"name": draft.proposer.name, "post": draft.proposer_post},
        "statement": draft.statement,
        "seal": {"number": seal_number, "post": "党委书记", "at": clock.stamp(clock.now())},
        "charter": version.digest,
        "corrects": draft.corrects,
        "note": draft.note,
        **changes,
    }
    text = canonical.encode(data)
    return Edition.objects.create(
        disclosure=disclosure,
        review=review,
        number=number,
        digest=canonical.digest(text),
        data=text,
        seal_number=seal_number,
        sealed_at=clock.now(),
        sealed_by="党委书记",
    )


def stored(home, data=b"%PDF-1.7 ...") -> StoredFile:
    """A stored attachment with its bytes in place."""
    from gongkai.foundation.files import storage

    digest = canonical.digest(data)
    path = storage.path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return StoredFile.objects.create(
        digest=digest,
        size=len(data),
        media_type="application/pdf",
        extension="pdf",
        stored_at=clock.now(),
    )


def opened(edition, *scopes):
    """Arrange these scopes (all sealed ones when none is named) at once, and open them."""
    officer = officer_named(edition.disclosure.organisation, "党政办主任")
    scopes = scopes or [stage.scope for stage in publication.sealed_stages(edition)]
    releases = publish.schedule(
        edition=edition, officer=officer, steps=[Step(scope) for scope in scopes]
    )
    return publish.open_stages(stages=releases)


def verbs(subject) -> list[str]:
    """What was done to a subject, in order."""
    return list(Act.objects.filter(subject=subject).order_by("id").values_list("verb", flat=True))

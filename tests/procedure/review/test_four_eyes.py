"""A deputy never breaks four eyes; and the database holds them for whoever goes round the rules."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations import workflow as posts
from gongkai.foundation.organisations.models import Tenure
from gongkai.foundation.organisations.states import AbsenceKind
from gongkai.procedure.review import queries, turns, workflow
from gongkai.procedure.review.models import Hand, Opinion

OTHERS_DRAFT = "提出人不能审核自己提出的内容，换一个岗位也不行。"


def refused(verb, **given):
    with pytest.raises(Refused) as refusal:
        verb(**given)
    return refusal.value.obstacles


@pytest.fixture
def away(township):
    """``away("secretary", "deputy")``: the one is away for three days, the other acts."""

    def register(post, deputy):
        today = organisations.today(township)
        return posts.register_absence(
            tenure=Tenure.objects.get(post=organisations.post(township, post), until=None),
            deputy=organisations.post(township, deputy),
            since=today,
            until=today + timedelta(days=2),
            kind=AbsenceKind.TRIP,
            by=SYSTEM,
        )

    return register


@pytest.fixture
def take_over(township):
    """``take_over("deputy", member)``: that member holds the post as well from today."""

    def hand(post, member):
        on = organisations.today(township)
        posts.hand_over(post=organisations.post(township, post), to=member, on=on, by=SYSTEM)

    return hand


# -- deputies --------------------------------------------------------------------------------------


def test_a_deputy_passes_and_seals_named_as_such(submitted, who, away):
    review = submitted()
    for post in ("党政办主任", "党委副书记"):
        review = workflow.pass_stage(review=review, officer=who(post))
    assert queries.waiting_for(who("纪委书记")) == []
    away("secretary", "discipline")
    deputy = who("纪委书记")
    assert [each.pk for each in queries.waiting_for(deputy)] == [review.pk]
    review = workflow.pass_stage(review=review, officer=deputy)
    edition = workflow.seal(review=review, officer=deputy)
    opinion = Opinion.objects.latest("pk")
    assert (opinion.post, opinion.post_key, opinion.deputy) == (
        "党委书记（纪委书记代）",
        "secretary",
        "discipline",
    )
    assert edition.sealed_by == queries.edition_data(edition)["seal"]["post"] == opinion.post
    act = Act.objects.get(verb="review.seal")
    assert (act.actor_label, act.facts["post"]) == ("纪委书记", opinion.post)


def test_an_author_does_not_review_as_a_deputy(submitted, who, away):
    review = submitted()
    away("office", "organiser")
    assert refused(workflow.pass_stage, review=review, officer=who("组织干事")) == [OTHERS_DRAFT]
    assert queries.waiting_for(who("组织干事")) == []


def test_nobody_reviews_in_an_authors_stead(submitted, who, away, take_over):
    review = submitted()
    take_over("office", who("组织干事").member)
    away("office", "youth")
    assert refused(workflow.pass_stage, review=review, officer=who("团委书记")) == [
        "您代行的党政办主任是提出人，不能审核，代行的人也不能。请另一个岗位审。"
    ]
    assert queries.waiting_for(who("团委书记")) == []


def test_a_deputy_does_not_decide_a_second_stage(submitted, who, away):
    review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
    away("deputy", "office")
    assert refused(workflow.pass_stage, review=review, officer=who("党政办主任")) == [
        "您已经以别的岗位审过前面一级，同一个人不能审两级。请另一位党委副书记或纪委书记审。"
    ]


def test_who_has_passed_a_stage_has_no_deputy_for_the_next(submitted, who, away, take_over):
    office = who("党政办主任")
    review = workflow.pass_stage(review=submitted(), officer=office)
    take_over("deputy", office.member)
    away("deputy", "youth")
    assert refused(workflow.pass_stage, review=review, officer=who("团委书记")) == [
        "您代行的党委副书记已经以别的岗位审过前面一级，代行的人也不能再审一级。"
    ]


def test_a_refusal_names_the_deputy(submitted, who, away):
    review = submitted()
    away("office", "youth")
    assert refused(workflow.pass_stage, review=review, officer=who("党委书记")) == [
        "现在轮到“责任部门负责人审核”（党政办主任），党政办主任外出期间由团委书记代行，不轮到您。"
    ]


def test_whoever_acted_by_one_of_two_posts_goes_on_by_it(submitted, who, take_over, township):
    review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
    take_over("discipline", who("党委副书记").member)
    both = organisations.officer_of(who("党委副书记").member, organisations.today(township))
    assert [post.key for post in both.posts] == ["deputy", "discipline"]
    Hand.objects.create(
        key=f"{review.pk}:{both.member.pk}:discipline",
        review=review,
        member=both.member,
        post="discipline",
    )
    review.__dict__.pop("parts", None)
    assert turns.capacity(review, both).name == "纪委书记"


# -- the database ----------------------------------------------------------------------------------


def opinion(review, member, post, **changes):
    given = {
        "review": review,
        "hand_id": f"{review.pk}:{member.pk}:{post}",
        "stage": 1,
        "post": post,
        "post_key": post,
        "member": member,
        "decision": "pass",
        "text": "同意。",
        "at": clock.now(),
    }
    return Opinion(**{**given, **changes})


def stored(*rows):
    """Write past every rule, and have deferred constraints looked at as a commit does."""
    with transaction.atomic():
        for row in rows:
            type(row)._default_manager.bulk_create([row])
        connection.check_constraints()


def hand(review, member, post):
    return Hand(key=f"{review.pk}:{member.pk}:{post}", review=review, member=member, post=post)


def test_no_opinion_of_an_author_can_be_stored(submitted, who):
    review, author = submitted(), who("组织干事").member
    attempts = [
        [opinion(review, author, "office")],  # a part that there is not
        [hand(review, author, "office"), opinion(review, author, "office")],  # a second part
        [opinion(review, author, "*")],  # the author's own part
        [
            opinion(review, author, "office", hand_id=f"{review.pk}:{author.pk}:*")
        ],  # another's words
    ]
    for rows in attempts:
        with pytest.raises(IntegrityError):
            stored(*rows)
    assert Opinion.objects.count() == 0


def test_no_second_stage_by_another_post_can_be_stored(submitted, who):
    office = who("党政办主任").member
    review = workflow.pass_stage(review=submitted(), officer=who("党政办主任"))
    with pytest.raises(IntegrityError):
        stored(hand(review, office, "deputy"), opinion(review, office, "deputy"))
    other = who("党委副书记").member
    with pytest.raises(IntegrityError):  # the part of somebody else
        stored(opinion(review, other, "office", hand_id=f"{review.pk}:{office.pk}:office"))
    with pytest.raises(IntegrityError):  # a stage that is decided already
        stored(hand(review, other, "deputy"), opinion(review, other, "deputy", stage=0))
    stored(opinion(review, office, "office"))  # the charter's exception: the same post again
    assert Opinion.objects.count() == 2


def test_a_part_is_called_by_what_it_is(submitted, who):
    review, office = submitted(), who("党政办主任").member
    with pytest.raises(IntegrityError):
        stored(Hand(key="anything", review=review, member=office, post="office"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.filter(review=review).update(post="office")

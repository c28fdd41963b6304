"""No identity number of the labelled set is missed; the reference gives the whole set's figures."""

from tests.procedure.review.checks.labelled import Maker, Score, positives, scores


def test_every_identity_number_of_the_set_is_found():
    found = scores(positives(Maker(), "p_identity", 400))
    assert found["identity"] == Score(right=400, missed=0, wrong=0)

"""The proof of work: only the answer to this very question, at this difficulty, counts."""

import pytest
from tests.procedure.feedback.worked import worked

from gongkai.procedure.feedback import work

QUESTION, BITS = "a number of one page", 6
ANSWER = worked(QUESTION, BITS)


def test_the_answer_counts_for_its_question_alone():
    assert work.done(QUESTION, BITS, ANSWER)
    assert not work.done("the number of another page", BITS, ANSWER)
    assert not work.done(QUESTION, BITS + 12, ANSWER)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "0 0 0 0 0 0 0 0",
        ANSWER.rpartition(" ")[0],
        f"{ANSWER} 1",
        ANSWER.replace(" ", "  "),
        ANSWER.replace(" ", "\t"),
        f"-{ANSWER}",
        f"{'0' * 20}{ANSWER}",
        f"{'9' * 100_000} {ANSWER}",
        "１ ２ ３ ４ ５ ６ ７ ８",
        "\x00" * 100_000,
    ],
)
def test_what_is_no_answer_is_none(answer):
    assert not work.done(QUESTION, BITS, answer)


def test_a_page_that_asks_for_none_is_never_done():
    assert not work.done(QUESTION, 0, ANSWER)
    assert not work.done("", BITS, worked("", BITS))


def test_the_work_grows_with_what_a_network_sent_and_stays_within_a_second_or_two():
    loads = (0, work.HARDER - 1, work.HARDER, 4 * work.HARDER, 10**6)
    assert [work.bits(load) for load in loads] == [11, 11, 12, 15, 15]

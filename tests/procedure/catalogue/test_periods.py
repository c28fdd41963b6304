"""How long comments are invited: the golden cases of the domain notes §9, and the charter's."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.catalogue.charter import Charter, parse, sample
from gongkai.procedure.catalogue.periods import NOTICE, Period, comment_period
from gongkai.procedure.proposals.states import DocumentKind

TOWNSHIP, VILLAGE = parse(sample("township")), parse(sample("village"))


def standing(charter: Charter, code: str, **changes: object) -> Charter:
    """``charter`` with its entry ``code`` changed."""
    entries = (replace(e, **changes) if e.code == code else e for e in charter.entries)
    return replace(charter, entries=tuple(entries))


def last(charter, code, kind, opened_on, inner=False) -> date | None:
    period = comment_period(charter, code, kind, opened_on, inner)
    return period.last if period else None


def test_the_word_for_a_notice_is_the_documents():
    assert DocumentKind.NOTICE == NOTICE


@pytest.mark.parametrize(
    ("days", "opened_on", "expected"),
    [
        (3, date(2020, 3, 11), date(2020, 3, 13)),  # the published notice: 共3个工作日
        (5, date(2026, 11, 23), date(2026, 11, 27)),
        (5, date(2026, 11, 21), date(2026, 11, 27)),  # begun on a Saturday
        (5, date(2026, 9, 18), date(2026, 9, 23)),  # 20 September, a Sunday, is worked
        (7, date(2026, 2, 13), date(2026, 2, 28)),  # the spring festival, two days made up
    ],
)
def test_a_notice_counts_its_first_day_and_working_days_only(days, opened_on, expected):
    charter = standing(TOWNSHIP, "JC-05", notice_workdays=days)
    assert last(charter, "JC-05", NOTICE, opened_on) == expected
    assert last(charter, "JC-05", NOTICE, opened_on, inner=True) == expected


def test_a_notice_without_its_own_length_has_the_charters():
    limits = replace(TOWNSHIP.deadlines, notice_workdays=8)
    charter = replace(TOWNSHIP, deadlines=limits)
    assert charter.entry("JC-05").notice_workdays == 0
    assert last(charter, "JC-05", NOTICE, date(2026, 11, 23)) == date(2026, 12, 2)


def test_a_call_for_comment_counts_every_day_and_not_its_first():
    monday = date(2026, 11, 23)
    assert last(TOWNSHIP, "JC-07", "document", monday) == date(2026, 12, 8)
    assert last(TOWNSHIP, "JC-07", "document", monday, inner=True) == date(2026, 11, 30)


def test_what_is_both_stands_until_the_later_day():
    monday = date(2026, 11, 23)
    charter = standing(TOWNSHIP, "JC-07", notice_workdays=20)
    assert last(charter, "JC-07", NOTICE, monday) == date(2026, 12, 18)
    assert last(TOWNSHIP, "JC-07", NOTICE, monday) == date(2026, 12, 8)


def test_anything_else_invites_no_comments_by_a_day():
    assert comment_period(TOWNSHIP, "JC-05", "document", date(2026, 11, 23), False) is None
    assert comment_period(VILLAGE, "CW-01", "minutes", date(2026, 11, 23), True) is None


def test_the_sum_is_a_sentence_in_the_readers_language():
    monday = date(2026, 11, 23)
    assert comment_period(VILLAGE, "HM-01", NOTICE, monday, False) == Period(
        first=monday,
        last=date(2026, 11, 27),
        provisional=False,
        sentence="11月23日起算，当天计入，共5个工作日：23、24、25、26、27日。",
    )
    with translation.override("en"):
        period = comment_period(VILLAGE, "HM-01", NOTICE, monday, False)
    assert period.sentence == ("Starting on 23/11 itself; working days: 5 (23, 24, 25, 26, 27).")


def test_a_year_without_holidays_is_provisional():
    period = comment_period(TOWNSHIP, "ZZ-08", NOTICE, date(2026, 12, 30), False)
    assert (period.last, period.provisional) == (date(2027, 1, 5), True)


def test_it_is_over_on_the_day_after_its_last():
    period = comment_period(TOWNSHIP, "ZZ-08", NOTICE, date(2026, 11, 23), False)
    assert not period.over(period.last)
    assert period.over(date(2026, 11, 28))


def test_an_unknown_entry_is_refused_by_name():
    with pytest.raises(Refused) as refusal:
        comment_period(TOWNSHIP, "JC-99", NOTICE, date(2026, 11, 23), False)
    assert refusal.value.obstacles == ["实施办法里没有“JC-99”这个目录事项。"]

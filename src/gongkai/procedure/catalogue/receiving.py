"""What a charter says of the days on which leaders receive visitors."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gongkai.procedure.catalogue.reading import said


@dataclass(frozen=True)
class Reception:
    """How leaders receive visitors (领导接访日); without it an organisation keeps no rota.

    A time can be booked from ``days_ahead`` days before the day, by a ``group`` of at most so many
    persons; ``slots`` times of ``minutes`` each are what a new day begins with, and ``waiting`` so
    many more may wait for one. The record of a day is due ``result_workdays`` after it, and is
    disclosed under ``entry``; how to reach a visitor is destroyed ``contact_days`` after the day.
    """

    entry: str = said(gettext_lazy("公布接访记录的目录事项"), most=20, default="")
    days_ahead: int = said(gettext_lazy("提前多少日可以预约"), least=1, most=180, default=30)
    group: int = said(gettext_lazy("一起来最多几人"), least=1, most=20, default=5)
    slots: int = said(gettext_lazy("一天几个时段"), least=1, most=40, default=8)
    minutes: int = said(gettext_lazy("一个时段多少分钟"), least=5, most=240, default=20)
    waiting: int = said(gettext_lazy("候补最多几位"), most=50, default=5)
    reminder_days: tuple[int, ...] = said(
        gettext_lazy("提前几日寄信提醒"), least=1, most=30, default=(1,)
    )
    result_workdays: int = said(
        gettext_lazy("接访后多少个工作日内公布结果"), least=1, most=60, default=3
    )
    contact_days: int = said(
        gettext_lazy("预约人联系方式在接访后保存多少日"), least=1, most=1095, default=30
    )

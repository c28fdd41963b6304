"""The draft of a day's record 接访记录: what people came about and what was promised; no names.

It is a beginning: whoever proposes reads it again, and it is reviewed like every disclosure.
"""

from collections.abc import Sequence

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from gongkai.foundation.ui import marks
from gongkai.participation.meetings import queries
from gongkai.participation.meetings.models import Booking, ReceptionDay
from gongkai.procedure.catalogue.charter import Charter

LANGUAGE = "zh-hans"


def written(day: ReceptionDay, bookings: Sequence[Booking], charter: Charter) -> tuple[str, str]:
    """Title and body of the draft, in Chinese."""
    with translation.override(LANGUAGE):
        named = {each.code: each.name for each in charter.categories}
        told = {"day": marks.day(day.date), "post": day.post.name}
        counts = queries.counts(bookings)
        hours = {"from": f"{day.starts:%H:%M}", "to": f"{day.ends_at:%H:%M}", "place": day.place}
        lines = [
            _("%(day)s%(from)s至%(to)s，%(post)s在%(place)s接访。") % {**told, **hours},
            _(
                "共接待%(visits)s批%(persons)s人，其中没有预约的%(walk_ins)s批；约了没有来的%(absent)s批。"
            )
            % counts,
        ]
        parts = ["".join(f"<p>{escape(line)}</p>" for line in lines)]
        if subjects := queries.categories(bookings):
            rows = [(named.get(code, code), str(many)) for code, many in subjects.items()]
            parts.append(_table(_("谈了什么"), (_("类别"), _("批数")), rows))
        promised = [
            (named.get(each.category, each.category), each.promise, marks.day(each.promise_by))
            for each in bookings
            if each.promise and each.promise_by
        ]
        if promised:
            heads = (_("类别"), _("答应的事"), _("哪一天以前"))
            parts.append(_table(_("答应的事"), heads, promised))
        else:
            nothing = _("当场没有答应限期办的事。")
            parts.append(f"<p>{escape(nothing)}</p>")
        return _("%(day)s%(post)s接访记录") % told, "\n".join(parts)


def _table(heading: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h2>{escape(heading)}</h2>\n{table}"

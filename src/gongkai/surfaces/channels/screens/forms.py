"""What a clerk fills in about displays, playlists and interruptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core.identifiers import ADDRESS_LENGTH, normalised
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.ui.fields import offer, offer_rows
from gongkai.procedure.catalogue.charter import Charter
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.screens import queries
from gongkai.surfaces.channels.screens.models import WHOLE_DAY, Playlist, Screen
from gongkai.surfaces.channels.screens.states import LISTED, Layout

BY_HAND = 50
"""Items that may be listed by hand."""
WEEKDAYS = (
    (0, gettext_lazy("星期一")),
    (1, gettext_lazy("星期二")),
    (2, gettext_lazy("星期三")),
    (3, gettext_lazy("星期四")),
    (4, gettext_lazy("星期五")),
    (5, gettext_lazy("星期六")),
    (6, gettext_lazy("星期日")),
)
DURATIONS = (
    (15, gettext_lazy("15分钟")),
    (60, gettext_lazy("1小时")),
    (240, gettext_lazy("4小时")),
    (24 * 60, gettext_lazy("1天")),
    (3 * 24 * 60, gettext_lazy("3天")),
)


class ScreenForm(forms.Form):
    """Where a display hangs and what it shows."""

    use_required_attribute = False

    place = forms.CharField(
        label=gettext_lazy("挂在哪里"),
        max_length=60,
        help_text=gettext_lazy("比如“便民大厅东墙”。"),
        error_messages={"required": gettext_lazy("请写显示屏挂在哪里")},
    )
    layout = forms.ChoiceField(
        label=gettext_lazy("版式"),
        choices=Layout.choices,
        widget=forms.RadioSelect,
        initial=Layout.TICKER,
    )
    playlists = forms.ModelMultipleChoiceField(
        label=gettext_lazy("节目单"),
        queryset=Playlist.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("可以选几个，各在自己的时段播。"),
        error_messages={"required": gettext_lazy("请至少选一个节目单")},
    )

    def __init__(self, organisation: Organisation, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_rows(self, "playlists", queries.playlists(organisation))

    def arranged(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in ("place", "layout", "playlists")}


class StateForm(forms.Form):
    """Which displays are listed: those in one state, each with its number, or all."""

    state = forms.ChoiceField(label=gettext_lazy("情况"), required=False)

    def __init__(self, counts: Mapping[str, int], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = [("", _("全部")), *((each.value, each.label) for each in LISTED)]
        offer(self, "state", [(key, f"{label} {counts[key]}") for key, label in named])


class PairForm(ScreenForm):
    """The code that a display shows, and where it hangs."""

    code = forms.CharField(
        label=gettext_lazy("屏上的代码"),
        max_length=20,
        help_text=gettext_lazy("6个字母和数字，没有0、1、I、L、O、U。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("请照屏上抄代码")},
    )
    instead = forms.ModelChoiceField(
        label=gettext_lazy("替换哪块屏"),
        queryset=Screen.objects.none(),
        required=False,
        empty_label=pgettext_lazy("screen", "不替换，是新挂的"),
        help_text=gettext_lazy("坏了、丢了、清空过的屏选在这里，旧的马上停用。"),
    )
    field_order = ("code", "place", "instead", "layout", "playlists")

    def __init__(self, organisation: Organisation, *args: Any, **more: Any) -> None:
        super().__init__(organisation, *args, **more)
        offer_rows(self, "instead", queries.hung(organisation))


class PlaylistForm(forms.Form):
    """A playlist by rule and by hand."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=40,
        error_messages={"required": gettext_lazy("请给节目单起个名字")},
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("只播这些类别"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个都不选，就是全部类别。"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("公开以后播多少日"),
        min_value=1,
        max_value=366,
        initial=30,
        help_text=gettext_lazy("正在公示和征求意见的一直播到期满。"),
    )
    most = forms.IntegerField(
        label=gettext_lazy("最多播几件"), min_value=1, max_value=60, initial=20
    )
    pinned = forms.CharField(
        label=gettext_lazy("手工排在最前面的"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("一行一件，按这里的次序播：写公开件的网址、10位代码或者公开编号。"),
    )
    picked = forms.CharField(
        label=gettext_lazy("手工接着排的"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("写法同上。手工排的不看日期，一直播到撤下。"),
    )
    by_hand = forms.BooleanField(label=gettext_lazy("只播手工排的"), required=False)
    slogans = forms.MultipleChoiceField(
        label=gettext_lazy("标题进滚动条的目录事项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("标语、口号先作为公开件公开，再在这里选它们的目录事项。"),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("星期几播"),
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一天")},
    )
    begins = forms.TimeField(
        label=gettext_lazy("几点开始"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("请按8:00的样子写时间")},
    )
    ends = forms.TimeField(
        label=gettext_lazy("几点结束"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("写0:00就是到半夜。"),
        error_messages={"invalid": gettext_lazy("请按20:00的样子写时间")},
    )
    keep_hours = forms.IntegerField(
        label=gettext_lazy("断网以后还播几小时"),
        min_value=1,
        max_value=168,
        initial=24,
        help_text=gettext_lazy("断网的屏不知道哪一件已经撤回，到时间就不再播。"),
    )

    def __init__(
        self, charter: Charter, found: Mapping[str, Item], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._found = found
        offer(self, "categories", [(each.code, each.name) for each in charter.categories])
        entries = [(each.code, f"{each.code}　{each.title}") for each in charter.entries]
        offer(self, "slogans", entries)

    def clean_pinned(self) -> list[str]:
        """The addresses, in order."""
        return self._addresses("pinned")

    def clean_picked(self) -> list[str]:
        """The addresses, in order."""
        return self._addresses("picked")

    def clean(self) -> dict[str, Any]:
        """The hours as minutes of the day; midnight at the end is the end of the day."""
        told = super().clean() or {}
        if "begins" in told and "ends" in told:
            told["begins"] = told["begins"].hour * 60 + told["begins"].minute
            told["ends"] = told["ends"].hour * 60 + told["ends"].minute or WHOLE_DAY
            if told["begins"] >= told["ends"]:
                self.add_error("ends", _("结束要在开始以后。跨半夜的，请编成两个节目单。"))
        return told

    def _addresses(self, name: str) -> list[str]:
        lines = [each.strip() for each in str(self.cleaned_data[name]).splitlines()]
        wanted = [each for each in lines if each]
        if len(wanted) > BY_HAND:
            raise forms.ValidationError(_("手工最多排%(most)s件。") % {"most": BY_HAND})
        meant = {line: address_in(line, self._found) for line in wanted}
        unknown = [line for line, address in meant.items() if address not in self._found]
        if unknown:
            told = _("、").join(unknown)[:200]
            raise forms.ValidationError(
                _("这几件不能上屏：%(lines)s。要已经向社会公开，公开渠道里有电子显示屏，没有撤回。")
                % {"lines": told}
            )
        return list(dict.fromkeys(meant.values()))


class InterruptForm(forms.Form):
    """Which published item interrupts every display, and for how long."""

    use_required_attribute = False

    item = forms.CharField(
        label=gettext_lazy("插播哪一件"),
        max_length=200,
        help_text=gettext_lazy("写公开件的网址、10位代码或者公开编号。没有公开的话不能插播。"),
        error_messages={"required": gettext_lazy("请写插播哪一件")},
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("播多久"), coerce=int, choices=DURATIONS, initial=60
    )


def address_in(line: str, found: Mapping[str, Item]) -> str:
    """The address that a line means: a link, an address, or the number of one of ``found``."""
    last = line.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    address = normalised(last)
    if len(address) == ADDRESS_LENGTH and address.isascii():
        return address
    by_number = {
        item.current.number: each for each, item in found.items() if item.current is not None
    }
    return by_number.get(line, "")


def initial_of(playlist: Playlist) -> dict[str, Any]:
    """What the form shows of a playlist that stands."""
    ends = playlist.ends % WHOLE_DAY
    return {
        **{
            name: getattr(playlist, name)
            for name in ("name", "categories", "days", "most", "by_hand", "slogans", "keep_hours")
        },
        "weekdays": playlist.weekdays,
        "pinned": _lines(playlist.pinned),
        "picked": _lines(playlist.picked),
        "begins": f"{playlist.begins // 60:02}:{playlist.begins % 60:02}",
        "ends": f"{ends // 60:02}:{ends % 60:02}",
    }


def _lines(addresses: Sequence[str]) -> str:
    return "\n".join(addresses)

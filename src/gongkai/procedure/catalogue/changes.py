"""What differs between two charters, in sentences for whoever is about to apply one."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.procedure.catalogue.charter import Charter

IDENTITIES = ("code", "key", "post", "name")
"""The first of these that an item has tells it from the others of its list."""


def changes(old: Charter | None, new: Charter) -> list[str]:
    """Every difference as one sentence, in the order of the file; empty when nothing differs."""
    if old is None:
        told = {
            "name": new.organisation.name,
            "categories": len(new.categories),
            "entries": len(new.entries),
            "posts": len(new.posts),
        }
        wording = _(
            "%(name)s第一次有实施办法：%(categories)s类，%(entries)s项目录事项，%(posts)s个岗位。"
        )
        return [wording % told]
    return list(_differences(old, new, ""))


def _differences(old: Any, new: Any, where: str) -> Iterator[str]:
    """The differences of two tables of one kind; ``where`` names the table they stand in."""
    for each in fields(old):
        before, after = getattr(old, each.name), getattr(new, each.name)
        label = str(each.metadata["label"])
        if before == after:
            continue
        if _is_list(before, after):
            yield from _list_differences(before, after, where, label)
        elif is_dataclass(before) and is_dataclass(after):
            yield from _differences(before, after, label)
        elif before is None or after is None:
            yield _whole(label, before, after)
        else:
            yield _changed(where, label, before, after)


def _whole(label: str, before: Any, after: Any) -> str:
    """A table that came or went; named where it has a name."""
    table = after if before is None else before
    if not any(hasattr(table, name) for name in IDENTITIES):
        wording = _("新增%(label)s。") if before is None else _("取消%(label)s。")
        return wording % {"label": label}
    wording = _("新增%(label)s：%(item)s。") if before is None else _("取消%(label)s：%(item)s。")
    return wording % {"label": label, "item": _said(table)}


def _is_list(before: Any, after: Any) -> bool:
    items = (*before, *after) if isinstance(before, tuple) else ()
    return bool(items) and is_dataclass(items[0])


def _list_differences(before: Any, after: Any, where: str, label: str) -> Iterator[str]:
    old, new = _keyed(before), _keyed(after)
    within = {"where": where + _("：") if where else "", "label": label}
    for key, item in old.items():
        if key not in new:
            yield _("%(where)s不再有%(label)s%(item)s。") % {**within, "item": _said(item)}
    for key, item in new.items():
        if key not in old:
            yield _("%(where)s新增%(label)s%(item)s。") % {**within, "item": _said(item)}
        else:
            yield from _differences(old[key], item, f"{within['where']}{label}{_said(item)}")
    if [key for key in new if key in old] != [key for key in old if key in new]:
        yield _("%(where)s%(label)s的先后改了。") % within


def _keyed(items: Any) -> dict[str, Any]:
    return {_identity(item): item for item in items}


def _identity(item: Any) -> str:
    return str(next(getattr(item, name) for name in IDENTITIES if hasattr(item, name)))


def _changed(where: str, label: str, before: Any, after: Any) -> str:
    told = {"where": where, "label": label, "before": _said(before), "after": _said(after)}
    return _("%(where)s的%(label)s由%(before)s改为%(after)s。") % told


def _said(value: Any) -> str:
    """A value as it reads in a sentence."""
    if is_dataclass(value):
        identity = _identity(value)
        name = getattr(value, "title", None) or getattr(value, "name", "")
        return _("“%(item)s”") % {
            "item": name if identity == name else f"{identity} {name}".strip()
        }
    if isinstance(value, bool):
        return _("“是”") if value else _("“否”")
    if isinstance(value, tuple):
        return _("“%(item)s”") % {"item": "、".join(map(str, value))} if value else _("空")
    return _("“%(item)s”") % {"item": value} if value != "" else _("空")

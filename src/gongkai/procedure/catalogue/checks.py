"""What the parts of a charter must have to do with each other.

:mod:`reading` has judged each value by itself. Empty values were reported there and are passed
over here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue import charter as charters
from gongkai.procedure.catalogue.lines import Path
from gongkai.procedure.catalogue.reading import Faults, guess

if TYPE_CHECKING:
    from gongkai.procedure.catalogue.charter import Charter, EntryRule

ERASERS = 2
"""Erasure takes two persons, so at least two posts must have the right."""

KEYED = {
    "categories": "code",
    "scopes": "code",
    "timings": "code",
    "forms": "key",
    "channels": "key",
    "retentions": "code",
    "departments": "name",
    "posts": "key",
    "groups": "key",
    "stages": "key",
    "entries": "code",
    "columns": "key",
    "systems": "key",
}
"""By what the items of each list are told apart."""


def check(charter: Charter, faults: Faults) -> None:
    """Note in ``faults`` whatever in ``charter`` does not fit together."""
    for name, key in KEYED.items():
        listed = [getattr(item, key) for item in getattr(charter, name)]
        _no_repeats(listed, [(name, n, key) for n in range(len(listed))], faults)
    _place(charter, faults)
    _boxes(charter, faults)
    _scopes(charter, faults)
    _meetings(charter, faults)
    _posts(charter, faults)
    _rights(charter, faults)
    _stages(charter, faults)
    _shown(charter, faults)
    _reminders(charter, faults)
    _emergency(charter, faults)
    _voices(charter, faults)
    for number, entry in enumerate(charter.entries):
        _entry(charter, entry, ("entries", number), faults)


def _no_repeats(values: Sequence[str], paths: Sequence[Path], faults: Faults) -> None:
    seen: set[str] = set()
    for value, path in zip(values, paths, strict=True):
        if value and value in seen:
            faults.add(path, _("“%(value)s”写了两次，要各不相同。") % {"value": value})
        seen.add(value)


def _known(value: str, among: Iterable[str], label: str, path: Path, faults: Faults) -> bool:
    """Whether ``value`` is one of ``among``; a fault when it is not."""
    names = list(among)
    if not value or value in names:
        return bool(value)
    told = {"label": label, "value": value, "guess": guess(value, names)}
    faults.add(path, _("没有“%(value)s”这个%(label)s。%(guess)s") % told)
    return False


def _place(charter: Charter, faults: Faults) -> None:
    """The organisation's zone exists, and it does not stand below itself."""
    if charter.organisation.parent and charter.organisation.parent == charter.organisation.slug:
        faults.add(("organisation", "parent"), _("上级不能是本单位自己。"))
    try:
        ZoneInfo(charter.organisation.zone or "UTC")
    except (ValueError, OSError, LookupError):
        wording = _("没有“%(zone)s”这个时区。例如可以写Asia/Shanghai。")
        path = ("organisation", "zone")
        faults.add(path, wording % {"zone": charter.organisation.zone})


def _boxes(charter: Charter, faults: Faults) -> None:
    keys, paths = [], []
    for n, category in enumerate(charter.categories):
        for m, box in enumerate(category.boxes):
            keys.append(box.key)
            paths.append(("categories", n, "boxes", m, "key"))
    _no_repeats(keys, paths, faults)


def _scopes(charter: Charter, faults: Faults) -> None:
    groups = [f"{charters.GROUP}{group.key}" for group in charter.groups]
    for n, scope in enumerate(charter.scopes):
        path: Path = ("scopes", n)
        named = {"scope": scope.name}
        if scope.choose and scope.keys:
            faults.add((*path, "keys"), _("“%(scope)s”由提出人指定对象，不能再写“keys”。") % named)
        elif not scope.choose and not scope.keys:
            wording = _("“%(scope)s”没有对象。请写“keys”，或者写choose = true。")
            faults.add(path, wording % named)
        if is_public(scope.keys) and len(scope.keys) > 1:
            wording = _("“%(scope)s”向社会公开，不用再写别的对象。")
            faults.add((*path, "keys"), wording % named)
        for m, key in enumerate(scope.keys):
            known = [*charters.FIXED_KEYS, *groups]
            _known(key, known, _("公开对象"), (*path, "keys", m), faults)


def _meetings(charter: Charter, faults: Faults) -> None:
    """Only where people meet, so many have to come."""
    for n, channel in enumerate(charter.channels):
        if channel.quorum and not channel.key.endswith(charters.MEETING):
            wording = _("“%(channel)s”不是会议，不用写“quorum”。会议的代号以-meeting结尾。")
            faults.add(("channels", n, "quorum"), wording % {"channel": channel.name})


def _posts(charter: Charter, faults: Faults) -> None:
    """Every post that is named anywhere must be there; so must the department of a post."""
    posts = [post.key for post in charter.posts]
    departments = [department.name for department in charter.departments]
    for n, post in enumerate(charter.posts):
        place = ("posts", n, "department")
        _known(post.department, departments, _("责任部门"), place, faults)
    for path, key in _named_posts(charter):
        _known(key, posts, _("岗位"), path, faults)
    for n, group in enumerate(charter.groups):
        members = [member.post for member in group.members]
        paths: list[Path] = [("groups", n, "members", m, "post") for m in range(len(members))]
        _no_repeats(members, paths, faults)


def _named_posts(charter: Charter) -> Iterable[tuple[Path, str]]:
    """Every post that the charter names, and where."""
    for n, department in enumerate(charter.departments):
        yield ("departments", n, "head"), department.head
    for n, group in enumerate(charter.groups):
        for m, member in enumerate(group.members):
            yield ("groups", n, "members", m, "post"), member.post
    lists: list[tuple[Path, Sequence[str]]] = [
        *((("stages", n, "posts"), stage.posts) for n, stage in enumerate(charter.stages)),
        (("seal", "posts"), charter.seal.posts),
        (("prior", "posts"), charter.prior.posts),
    ]
    if emergency := charter.emergency:
        lists.append((("emergency", "posts"), emergency.posts))
        lists.append((("emergency", "confirm"), emergency.confirm))
    if charter.exemption:
        lists.append((("exemption", "posts"), charter.exemption.posts))
    for path, keys in lists:
        yield from (((*path, m), key) for m, key in enumerate(keys))


def _rights(charter: Charter, faults: Faults) -> None:
    """Somebody must be able to do each thing; nobody may be alone where it takes two."""
    if not charter.posts:
        return
    for right in Right:
        holders = _holders(charter, right)
        if right is Right.ERASE and len(holders) < ERASERS:
            faults.add(("posts",), _("清除要两个人，至少要有两个岗位有清除权（erase）。"))
        elif not holders and right is not Right.SUPERVISE:
            told = {"label": right.label, "right": right.value}
            faults.add(("posts",), _("没有岗位有“%(label)s”的权限（%(right)s）。") % told)


def _holders(charter: Charter, right: Right) -> set[str]:
    return {post.key for post in charter.posts if right.value in post.rights}


def _stages(charter: Charter, faults: Faults) -> None:
    """The proposer never reviews: each stage needs another post than any that proposes."""
    proposers = _holders(charter, Right.PROPOSE)
    names = {post.key: post.name for post in charter.posts}
    heads = {department.head for department in charter.departments}
    for n, stage in enumerate(charter.stages):
        path = ("stages", n)
        if not stage.posts and not stage.department:
            wording = _("“%(stage)s”没有审核岗位。请写“posts”，或者写department = true。")
            faults.add(path, wording % {"stage": stage.name})
        for reviewers in (
            [{head, *stage.posts} for head in heads] if stage.department else [set(stage.posts)]
        ):
            alone = next(iter(reviewers)) if len(reviewers) == 1 else ""
            if alone in proposers and alone in names:
                wording = _(
                    "“%(stage)s”只有%(post)s能审核，而%(post)s也提出内容。"
                    "提出人不能审核，请在“posts”里再写一个岗位。"
                )
                faults.add(path, wording % {"stage": stage.name, "post": names[alone]})
    sealers = set(charter.seal.posts)
    if len(sealers) == 1 and sealers <= proposers:
        faults.add(("seal", "posts"), _("盖章的岗位也提出内容。提出人不能盖章，请再写一个岗位。"))


def _entry(charter: Charter, entry: EntryRule, path: Path, faults: Faults) -> None:
    """One line of the catalogue against all that it names."""
    categories = {category.code: category for category in charter.categories}
    where = (*path, "category")
    if _known(entry.category, categories, _("类别"), where, faults):
        boxes = [box.key for box in categories[entry.category].boxes]
        label = _("“%(category)s”类里的文件盒") % {"category": categories[entry.category].name}
        _known(entry.box, boxes, label, (*path, "box"), faults)
    named: list[tuple[str, str, Iterable[Any], str]] = [
        ("timing", "code", charter.timings, _("时限类")),
        ("department", "name", charter.departments, _("责任部门")),
        ("retention", "code", charter.retentions, _("保管期限")),
    ]
    for field, key, among, label in named:
        values = [getattr(each, key) for each in among]
        _known(getattr(entry, field), values, label, (*path, field), faults)
    channels = [channel.key for channel in charter.channels]
    _no_repeats(
        entry.channels, [(*path, "channels", m) for m in range(len(entry.channels))], faults
    )
    for m, key in enumerate(entry.channels):
        _known(key, channels, _("公开渠道"), (*path, "channels", m), faults)
    kinds = {timing.code: timing.kind for timing in charter.timings}
    if kinds.get(entry.timing) == "periodic" and not entry.period:
        wording = _("“%(entry)s”定期公开，却没有写周期。请写“period”：%(periods)s之一。")
        where = (*path, "period")
        faults.add(where, wording % {"entry": entry.code, "periods": "、".join(charters.PERIODS)})
    _opening_order(charter, entry, (*path, "scopes"), faults)
    inner = {scope.code for scope in charter.scopes if scope.inner}
    if entry.confirm and not inner & set(entry.scopes):
        wording = _("“%(entry)s”要成员确认阅读，却没有一步向成员公开。请先写一个内部的公开范围。")
        faults.add((*path, "confirm"), wording % {"entry": entry.code})


def _reminders(charter: Charter, faults: Faults) -> None:
    """The groups that hear of what is overdue are there."""
    groups = [group.key for group in charter.groups]
    for name in ("leaders", "supervisors"):
        key = getattr(charter.reminders, name)
        _known(key, groups, _("小组"), ("reminders", name), faults)


def _emergency(charter: Charter, faults: Faults) -> None:
    """It takes two persons: whoever may use the path alone cannot be the only one to confirm."""
    found = charter.emergency
    if found and len(found.confirm) == 1 and set(found.posts) == set(found.confirm):
        wording = _("紧急公开由第二个人补审。请在“confirm”里再写一个岗位。")
        faults.add(("emergency", "confirm"), wording)


def _voices(charter: Charter, faults: Faults) -> None:
    """Voices go to posts that are there and answer; reasons and templates are told apart."""
    voices = charter.voices
    for name, key in (("stops", "key"), ("wordings", "name")):
        listed = [getattr(each, key) for each in getattr(voices, name)]
        _no_repeats(listed, [("voices", name, n, key) for n in range(len(listed))], faults)
    posts = {post.key: post for post in charter.posts}
    asked: list[Path] = [("voices", "questioned", n) for n in range(len(voices.questioned))]
    _no_repeats(voices.questioned, asked, faults)
    for n, post in enumerate(voices.questioned):
        _known(post, posts, _("岗位"), ("voices", "questioned", n), faults)
    if voices.unpassed:
        kinds: list[Path] = [
            ("voices", "unpassed", "kinds", n) for n in range(len(voices.unpassed.kinds))
        ]
        _no_repeats(voices.unpassed.kinds, kinds, faults)
    categories = [category.code for category in charter.categories]
    for n, route in enumerate(voices.routes):
        path: Path = ("voices", "routes", n)
        _known(route.category, categories, _("类别"), (*path, "category"), faults)
        if not _known(route.post, posts, _("岗位"), (*path, "post"), faults):
            continue
        if Right.ANSWER not in posts[route.post].rights:
            told = {"post": posts[route.post].name}
            wording = _("%(post)s没有答复意见的权限（answer），不能把意见分给它。")
            faults.add((*path, "post"), wording % told)


def _shown(charter: Charter, faults: Faults) -> None:
    """What the board shows names entries that are there; a column, such as the public may read."""
    entries = {entry.code: entry for entry in charter.entries}
    public = {scope.code for scope in charter.scopes if not scope.inner}
    named: list[tuple[Path, str]] = [(("front", "rota"), charter.front.rota)]
    if charter.reception:
        named.append((("reception", "entry"), charter.reception.entry))
    for name in ("columns", "systems"):
        for n, each in enumerate(getattr(charter, name)):
            paths = [(name, n, "entries", m) for m in range(len(each.entries))]
            _no_repeats(each.entries, paths, faults)
            named += zip(paths, each.entries, strict=True)
    for path, code in named:
        if not _known(code, entries, _("目录事项"), path, faults):
            continue
        if not public & set(entries[code].scopes):
            wording = _("“%(entry)s”不向社会公开，公开栏上不能有它的位置。")
            faults.add(path, wording % {"entry": code})


def _opening_order(charter: Charter, entry: EntryRule, path: Path, faults: Faults) -> None:
    scopes = {scope.code: scope for scope in charter.scopes}
    _no_repeats(entry.scopes, [(*path, n) for n in range(len(entry.scopes))], faults)
    public = ""
    for n, code in enumerate(entry.scopes):
        if not _known(code, scopes, _("公开范围"), (*path, n), faults):
            continue
        if public and scopes[code].inner:
            told = {"inner": code, "public": public, "entry": entry.code}
            wording = _("“%(entry)s”先向社会公开（%(public)s），再向内部公开（%(inner)s）。")
            faults.add(path, (wording % told) + _("请把内部的写在前面：先党内后党外。"))
        if not scopes[code].inner:
            public = public or code

"""From the tables of a TOML text to frozen dataclasses, with every mistake found on the way.

A dataclass describes its table: a field's name is the key, its type what may stand there, its
metadata (see :func:`said`) how people call it and which values fit. Reading never stops at a
mistake; an empty value takes the place of a wrong one, so that all are reported at once.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.catalogue.lines import Path, lines_of

T = TypeVar("T")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")

SYNTAX = {
    "Cannot overwrite a value": gettext_noop("同一个键写了两次。"),
    "Cannot declare": gettext_noop("同一个表头写了两次。"),
    "Expected '=' after a key": gettext_noop("键的后面要有等号。"),
    "Expected newline or end of document": gettext_noop("一行只能写一个键，后面多了字。"),
    "Invalid value": gettext_noop("等号后面的值写法不对。文字要用英文双引号括起来。"),
    "Invalid statement": gettext_noop("这一行不是键，也不是表头。"),
    "Unterminated string": gettext_noop("引号没有成对。"),
    "Illegal character": gettext_noop("这里有不能用的字符，或者引号没有成对。"),
    "Unclosed array": gettext_noop("方括号没有成对。"),
    "Unclosed inline table": gettext_noop("花括号没有成对。"),
    "Expected ']": gettext_noop("表头的方括号没有成对。"),
}
"""How tomllib's messages begin, and what we say instead."""


def said(
    label: Any,
    *,
    most: int = 200,
    least: int = 0,
    pattern: re.Pattern[str] | None = None,
    one_of: tuple[str, ...] = (),
    default: Any = MISSING,
) -> Any:
    """A field called ``label``. ``most`` characters, or the largest number; ``least`` 1 wants

    something there, or is the smallest number.
    """
    kept = {"label": label, "most": most, "least": least, "pattern": pattern, "one_of": one_of}
    return field(metadata=kept) if default is MISSING else field(default=default, metadata=kept)


class Faults:
    """What is wrong with a text, each with its line; lines are looked for once one is wanted."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: list[tuple[int, str]] = []

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return lines_of(self._source)

    def add(self, path: Path, sentence: str) -> None:
        """Note ``sentence`` at the line of ``path``, or of the nearest table around it."""
        while path and path not in self._lines:
            path = path[:-1]
        found = (self._lines.get(path, 1), sentence)
        if found not in self._found:
            self._found.append(found)

    def sentences(self) -> list[str]:
        """Every mistake as a sentence that begins with its line, in the order of the lines."""
        ordered = sorted(self._found, key=lambda each: each[0])
        return [_("第%(line)s行：%(what)s") % {"line": n, "what": what} for n, what in ordered]


def load(source: str) -> tuple[dict[str, Any], Faults]:
    """The tables of ``source``, and where to note what is wrong. ``Refused`` on broken TOML."""
    try:
        return tomllib.loads(source), Faults(source)
    except tomllib.TOMLDecodeError as error:
        raise Refused([_syntax(str(error), source)]) from error


def read(kind: type[T], table: dict[str, Any], faults: Faults, path: Path = ()) -> T:
    """``table`` as a ``kind``; what is missing, unknown or wrong goes into ``faults``."""
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    for name in table:
        if name not in known:
            sentence = _("不认识“%(name)s”。%(guess)s") % {
                "name": name,
                "guess": guess(name, known),
            }
            faults.add((*path, name), sentence)
    hints = _hints(cast("type", kind))
    values = {}
    for name, each in known.items():
        if name in table:
            values[name] = _value(each, hints[name], table[name], faults, (*path, name))
        elif each.default is MISSING:
            faults.add(path, _("缺少%(field)s。") % {"field": field_name(each)})
            values[name] = _empty(hints[name])
    return kind(**values)


def guess(name: str, known: Any) -> str:
    """“是不是……？” for the nearest of ``known``, or all of them when few; possibly nothing."""
    names = [str(each) for each in known]
    if near := get_close_matches(name, names, n=1, cutoff=0.5):
        return _("是不是“%(near)s”？") % {"near": near[0]}
    if 0 < len(names) <= 12:
        return _("可以写：%(names)s。") % {"names": "、".join(names)}
    return ""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(each: Field[Any], hint: Any, value: Any, faults: Faults, path: Path) -> Any:
    """``value`` as the field's type; an empty one, and a fault, when it is something else."""
    if get_origin(hint) is UnionType:
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return _list(each, get_args(hint)[0], value, faults, path)
    if is_dataclass(hint):
        if not isinstance(value, dict):
            faults.add(path, _wrong(each, _("一张表"), value))
            value = {}
        return read(hint, value, faults, path)  # type: ignore[arg-type]  # a class
    if type(value) is not hint:
        faults.add(path, _wrong(each, _kind(hint), value))
        return _empty(hint)
    if sentence := _unfit(each, value):
        faults.add(path, sentence)
    return value


def _list(each: Field[Any], hint: Any, value: Any, faults: Faults, path: Path) -> tuple[Any, ...]:
    if not isinstance(value, list):
        faults.add(path, _wrong(each, _("一列"), value))
        return ()
    if each.metadata["least"] and not value:
        faults.add(path, _("%(field)s不能是空的。") % {"field": field_name(each)})
    return tuple(
        _value(each, hint, item, faults, (*path, number)) for number, item in enumerate(value)
    )


def _unfit(each: Field[Any], value: Any) -> str:
    """Why ``value``, of the right type, does not fit the field; empty when it does."""
    if _fits(each.metadata, value):
        return ""
    limits, named = each.metadata, {"field": field_name(each), "value": value}
    if isinstance(value, int):
        bounds = {"least": limits["least"], "most": limits["most"]}
        return _("%(field)s要在%(least)s和%(most)s之间，现在是%(value)s。") % {**named, **bounds}
    if limits["least"] and not value.strip():
        return _("%(field)s不能是空的。") % named
    if len(value) > limits["most"]:
        said_most = {**named, "most": limits["most"], "now": len(value)}
        return _("%(field)s最多%(most)s个字，现在有%(now)s个。") % said_most
    if not value.isprintable():
        return _("%(field)s里有换行或者看不见的控制字符。") % named
    if limits["one_of"] and value not in limits["one_of"]:
        offer = {**named, "guess": guess(value, limits["one_of"])}
        return _("%(field)s不能是“%(value)s”。%(guess)s") % offer
    return _code_wanted(limits["pattern"]) % named


def _fits(limits: Mapping[str, Any], value: Any) -> bool:
    """Whether nothing is wrong: of a thousand values hardly one needs a sentence."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return bool(limits["least"] <= value <= limits["most"])
    if limits["least"] and not value.strip():
        return False
    if len(value) > limits["most"] or not value.isprintable():
        return False
    listed = not limits["one_of"] or value in limits["one_of"]
    formed = not limits["pattern"] or limits["pattern"].fullmatch(value) is not None
    return not value or (listed and formed)


def _code_wanted(pattern: re.Pattern[str]) -> str:
    if pattern is SLUG:
        return _("%(field)s只能用小写字母、数字和中间的连字符，不能是“%(value)s”。")
    return _("%(field)s只能用字母、数字和中间的连字符，不能是“%(value)s”。")


def field_name(each: Field[Any]) -> str:
    """How a mistake names a field: its key and what people call it."""
    return _("“%(name)s”（%(label)s）") % {"name": each.name, "label": each.metadata["label"]}


_KINDS: dict[type, Any] = {
    str: gettext_lazy("文字"),
    bool: gettext_lazy("true或者false"),
    int: gettext_lazy("整数"),
    list: gettext_lazy("一列"),
    dict: gettext_lazy("一张表"),
}


def _kind(kind: type) -> str:
    return str(_KINDS.get(kind, _("别的东西")))


def _wrong(each: Field[Any], wanted: str, value: Any) -> str:
    told = {"field": field_name(each), "wanted": wanted, "found": _kind(type(value))}
    return _("%(field)s应当是%(wanted)s，现在是%(found)s。") % told


def _empty(hint: Any) -> Any:
    """What stands for a value that is missing or wrong until all mistakes are told."""
    if get_origin(hint) is tuple:
        return ()
    if get_origin(hint) is UnionType:
        return None
    if is_dataclass(hint):
        kind: Any = hint
        return kind(**{each.name: _empty(_hints(kind)[each.name]) for each in fields(kind)})
    return hint()


def _syntax(message: str, source: str) -> str:
    """A message of tomllib in our words, with its line."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(found.group(1)) if found else source.count("\n") + 1
    what = next((_(words) for start, words in SYNTAX.items() if message.startswith(start)), message)
    return _("第%(line)s行：%(what)s") % {"line": line, "what": what}

"""Templates that know their language: what is the same on every page is worked out once.

A template is compiled once for each language. There ``_("附件")``, ``lang()``, ``asset("…")`` and
``icon("…")`` with fixed arguments become plain text, and a translation with variables becomes its
pieces with the variables between them. The output is the same, byte for byte; a page of the board
asks for some sixty translations less.
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

TRANSLATION = "_"

QUICKLY = "escaped quickly"

_HARMLESS = re.compile(r"[^&<>\"']*")
_VARIABLE = re.compile(r"%\((\w+)\)s|%%")

Fixed = Mapping[str, Callable[..., Any]]


class _Folder(NodeTransformer):
    """Replaces calls whose value is known by that value."""

    def __init__(self, fixed: Fixed) -> None:
        self.fixed = fixed

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        """An output whose translations with variables have become their pieces."""
        self.generic_visit(node)
        node.nodes = [
            piece
            for child in node.nodes
            for piece in (child.nodes if isinstance(child, nodes.Concat) else [child])
        ]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """A call with fixed arguments as its value."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        function = self.fixed.get(node.node.name)
        if function is None or not all(isinstance(arg, nodes.Const) for arg in node.args):
            return node
        value = function(*(arg.value for arg in node.args if isinstance(arg, nodes.Const)))
        if node.node.name == TRANSLATION:
            given = {pair.key: pair.value for pair in node.kwargs}
            return _spelt(str(value), given, node.lineno)
        return node if node.kwargs else nodes.Const(value, lineno=node.lineno)


def _spelt(text: str, given: Mapping[str, nodes.Expr], line: int) -> nodes.Expr:
    """A translation with its variables in their places; as in Jinja2 its text is HTML."""
    pieces = list(_pieces(text, given, line))
    if not given:
        return nodes.Const(Markup(text) % {}, lineno=line)
    return nodes.Concat(pieces, lineno=line)


def _pieces(text: str, given: Mapping[str, nodes.Expr], line: int) -> Iterator[nodes.Expr]:
    end = 0
    for found in _VARIABLE.finditer(text):
        if between := text[end : found.start()]:
            yield nodes.Const(Markup(between), lineno=line)
        yield given[found[1]] if found[1] else nodes.Const(Markup("%"), lineno=line)
        end = found.end()
    if rest := text[end:]:
        yield nodes.Const(Markup(rest), lineno=line)


def quickly(value: object) -> str:
    """``value`` with what HTML would misread escaped; for output, where a plain text will do."""
    kind = type(value)  # isinstance would take Markup for a text, and cost more
    if kind is str and _HARMLESS.fullmatch(value):  # type: ignore[call-overload]
        return value  # type: ignore[return-value]
    return value if kind is Markup else escape(value)  # type: ignore[return-value]


class _Writer(CodeGenerator):
    """Writes templates that escape :func:`quickly`: most of what a page says needs no escaping."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and not finalize.src:
            self.write(f"environment.filters[{QUICKLY!r}](")
        else:
            super()._output_child_pre(node, frame, finalize)


class FoldingEnvironment(Environment):
    """An environment of one language. Its templates are compiled while that language is active.

    ``fixed`` are the functions whose value, for fixed arguments, is the same on every page.
    """

    fixed: Fixed = {}
    code_generator_class = _Writer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters[QUICKLY] = quickly

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template as a plain dictionary: chained ones are slow to merge."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        # The one place where Jinja2 turns a template's text into its tree.
        tree = super()._parse(source, name, filename)
        folded = _Folder(self.fixed).visit(tree)
        assert isinstance(folded, nodes.Template), "a template stays one"
        return folded

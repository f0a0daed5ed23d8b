"""The code that makes a read model's rows, as it says itself: without comments and the like."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from shared.eventsourcing.projections.read_model import ReadModel

SAYS_NOTHING = {"ctx", "annotation", "returns", "type_comment", "kind", "type_params"}
PLAIN = str | bytes | int | float | bool | None
CODE = FunctionType | type


def code_of(model: ReadModel) -> Iterator[Any]:
    """Each function and class of the service that the fold reaches, once."""
    service = model.apply.__module__.split(".")[:2]
    waiting: list[Any] = list(model.functions)
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop(0)
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        tree = _tree(thing)
        if tree is None:
            yield thing.__qualname__
            continue
        yield _without_words(tree)
        for name, value in _used(tree, _names_of(thing)):
            waiting += [it for it in _code_in(value) if it.__module__.split(".")[:2] == service]
            if not isinstance(value, CODE) and (said := _plain(value)) is not None:
                yield name, said


def _names_of(thing: Callable[..., Any]) -> Mapping[str, Any]:
    if isinstance(thing, FunctionType):
        return thing.__globals__ | dict(inspect.getclosurevars(thing).nonlocals)
    return vars(sys.modules[thing.__module__])


def _used(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What the code names of its module, and of modules that this one names."""
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            found[node.id] = names[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = names.get(node.value.id)
            if isinstance(module, ModuleType) and hasattr(module, node.attr):
                found[f"{node.value.id}.{node.attr}"] = getattr(module, node.attr)
    return iter(sorted(found.items(), key=lambda item: item[0]))


def _code_in(value: Any) -> Iterator[Any]:
    """The functions and classes that it is, or holds: a fold may be looked up."""
    if isinstance(value, CODE):
        yield value
    elif isinstance(value, Mapping):
        yield from _code_in([*value.keys(), *value.values()])
    elif isinstance(value, set | frozenset):
        yield from sorted(_code_in(list(value)), key=_name_and_line)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _code_in(item)


def _name_and_line(thing: Any) -> tuple[str, int]:
    code = getattr(thing, "__code__", None)
    return thing.__qualname__, code.co_firstlineno if code else 0


def _plain(value: Any) -> Any:
    """A constant, the name of a function or class, or a collection of such; None for anything
    else."""
    if isinstance(value, CODE):
        return value.__qualname__
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, Mapping):
        return [(_plain(key) or repr(key), _plain(item)) for key, item in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(str(_plain(item)) for item in value)
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else None


@lru_cache
def _parsed(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[module]))


def _tree(thing: Any) -> ast.AST | None:
    """None for what is no function or class in a file of Python's."""
    try:
        nodes = ast.walk(_parsed(thing.__module__))
    except (OSError, TypeError):
        return None
    if isinstance(thing, FunctionType):
        line = thing.__code__.co_firstlineno
        if thing.__name__ == "<lambda>":
            return _lambda(
                thing, [it for it in nodes if isinstance(it, ast.Lambda) and _line(it) == line]
            )
        functions = (it for it in nodes if isinstance(it, ast.FunctionDef) and _line(it) == line)
        return next(functions, None)
    named = (
        each for each in nodes if isinstance(each, ast.ClassDef) and each.name == thing.__name__
    )
    return next(named, None)


def _is_lambda_of(node: ast.AST, line: int) -> TypeGuard[ast.Lambda]:
    return isinstance(node, ast.Lambda) and _line(node) == line


def _lambda(thing: FunctionType, of_its_line: list[ast.Lambda]) -> ast.Lambda | None:
    """Of several the one whose body begins last before the code does."""
    places = [(line, at) for line, _, at, end in thing.__code__.co_positions() if line and end]
    begins = min(places, default=(0, 0))
    before = [each for each in of_its_line if _begins(each) <= begins]
    return max(before or of_its_line[:1], key=_begins, default=None)


def _begins(node: ast.Lambda) -> tuple[int, int]:
    return node.body.lineno, node.body.col_offset


def _line(node: ast.FunctionDef | ast.Lambda) -> int:
    """As Python counts: a function begins with its first decorator."""
    decorators = getattr(node, "decorator_list", ())
    lines: list[int] = [node.lineno, *(each.lineno for each in decorators)]
    return min(lines)


def _without_words(node: Any) -> Any:
    if isinstance(node, ast.AST):
        fields = [
            (name, _without_words(value))
            for name, value in ast.iter_fields(node)
            if name not in SAYS_NOTHING and value is not None and value != []
        ]
        return [type(node).__name__, *fields]
    if isinstance(node, list):
        return [_without_words(each) for each in node if not _is_docstring(each)]
    return repr(node)


def _is_docstring(node: Any) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text and isinstance(node.value.value, str)

"""Arguments for any launch, made from its description."""

from copy import deepcopy
from typing import Any, Literal, get_args, get_origin

from cekura_client import InvalidRequestError
from cekura_client.core.description import Argument, Entries, LaunchKind

CANDIDATES: tuple[object, ...] = (
    12,
    [101, 102],
    ["smoke"],
    "Sales.Inbound",
    "wss://agent.example.com/chat",
    {"key": "value"},
)


def value_for(argument: Argument) -> Any:
    """Something that its check accepts."""
    if isinstance(argument.field.check, Entries):
        entry = argument.field.check.arguments
        return [{name: value_for(below) for name, below in entry.items()}]
    for form in (argument.hint, *get_args(argument.hint)):
        if get_origin(form) is Literal:
            return get_args(form)[0]
    for candidate in CANDIDATES:
        try:
            argument.field.check(argument.name, candidate)
        except InvalidRequestError:
            continue
        return deepcopy(candidate)
    raise AssertionError(f"add a candidate for {argument.name}")


def arguments_for(kind: LaunchKind, selector: str = "scenarios") -> dict[str, Any]:
    """Every field of its request, but one of those that select evaluators."""
    others = kind.selectors - {selector} | {"max_runs", "extra_body"}
    return {n: value_for(argument) for n, argument in kind.arguments.items() if n not in others}

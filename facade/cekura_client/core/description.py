"""How to describe a launch, and everything that follows from a description.

`launch_kinds` has the descriptions. Neither module imports anything heavy, because the help of the command and
the pytest plugin use them.
"""

import ast
import dataclasses
import json
import linecache
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from inspect import Parameter, Signature
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Required, get_args, get_origin, get_type_hints

from cekura_client.core.checks import Check, items, refuse_duplicates
from cekura_client.core.errors import InvalidRequestError

if TYPE_CHECKING:
    from cekura_client.core.plan import RunPlan

HIDDEN = "***"


def hidden(_: object) -> str:
    """The replacement for a value that must not be shown at all."""
    return HIDDEN


@dataclass(frozen=True, kw_only=True)
class Field:
    """The properties of an argument besides its name, type and docstring.

    Attributes:
        check: Takes the name and the value; returns the value to send.
        secret: Redacts a secret value for display; None if the argument is not secret.
        selects: Whether the argument selects evaluators. Exactly one such argument is required.
        multiplies: The factor of `RunPlan` that it contributes to, and a function that returns by how
            much, or None if only the server knows.
        agent: Whether it is the id of the agent.
        nullable: Whether None is sent as null instead of being left out.
        rule: Checks it against the other fields. It may move its value to the field that is sent.
    """

    check: Check = dataclasses.field(kw_only=False)
    secret: Callable[[object], object] | None = None
    selects: bool = False
    multiplies: tuple[str, Callable[[Any], int | None]] | None = None
    agent: bool = False
    nullable: bool = False
    rule: Callable[[dict[str, object]], None] | None = None


@dataclass(frozen=True)
class Argument:
    """One argument of a launch, or one field of an entry in a list."""

    name: str
    hint: Any
    required: bool
    field: Field
    shape: type

    @property
    def help(self) -> str:
        """The docstring of the argument."""
        return _docstrings(self.shape.__module__)[self.shape.__name__].get(self.name, "")

    def shown(self, value: object) -> object:
        """The value, redacted for display."""
        if self.field.secret is not None:
            return None if value is None else self.field.secret(value)
        if isinstance(self.field.check, Entries):
            entries = value if isinstance(value, list) else []
            return [redacted(self.field.check.arguments, entry) for entry in entries]
        return value


def arguments_of(shape: type) -> dict[str, Argument]:
    """The arguments that a `TypedDict` or a dataclass describes, in order."""
    if dataclasses.is_dataclass(shape):
        required = {f.name for f in dataclasses.fields(shape) if f.default is dataclasses.MISSING}
    else:
        required = set[str](getattr(shape, "__required_keys__", ()))
    found: dict[str, Argument] = {}
    for name, hint in get_type_hints(shape, include_extras=True).items():
        annotated = get_args(hint)[0] if get_origin(hint) is Required else hint
        accepted, described = get_args(annotated)
        found[name] = Argument(name, accepted, name in required, described, shape)
    return found


def redacted(arguments: Mapping[str, Argument], body: Mapping[str, object]) -> dict[str, object]:
    """The body without secrets. Fields that are not described show only their names."""
    return {
        name: arguments[name].shown(value) if name in arguments else HIDDEN
        for name, value in body.items()
    }


class Entry:
    """Base of the dataclasses for entries of a list. Their repr shows no secrets."""

    def __repr__(self) -> str:
        shown = redacted(arguments_of(type(self)), vars(self))
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in shown.items())})"


@dataclass(frozen=True)
class Entries:
    """A check for a non-empty list of `shape` objects, tuples or mappings."""

    shape: type[Any]
    example: str

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """The fields of an entry."""
        return arguments_of(self.shape)

    def __call__(self, name: str, value: object) -> list[dict[str, object]]:
        found = [self._entry(path, item) for path, item in items(name, value, f"[{self.example}]")]
        refuse_duplicates(name, found, key=lambda entry: json.dumps(vars(entry), sort_keys=True))
        return [{k: v for k, v in vars(entry).items() if v is not None} for entry in found]

    def _entry(self, path: str, item: object) -> Any:
        given: dict[str, object]
        if isinstance(item, self.shape):
            given = vars(item)
        elif isinstance(item, Mapping):
            given = {str(key): value for key, value in dict[object, object](item).items()}
            if given.keys() - self.arguments.keys():
                # The key is not shown: it may be an address by mistake.
                known = " and ".join(self.arguments)
                raise InvalidRequestError(f"{path} has an unknown key; the known keys are {known}")
        elif isinstance(item, tuple | list) and len(item) == len(self.arguments):
            given = dict(zip(self.arguments, item, strict=True))
        else:
            raise InvalidRequestError(
                f"{path} must be a {self.shape.__name__}, a tuple such as {self.example}, or a "
                f"mapping with {' and '.join(self.arguments)}; got {type(item).__name__}"
            )
        return self.shape(**_checked(self.arguments, given, f"{path}."))


def _checked(
    arguments: Mapping[str, Argument], given: Mapping[str, object], path: str = ""
) -> dict[str, object]:
    """Check each value, and that no required argument is missing."""
    values = {
        name: value
        for name, value in given.items()
        if value is not None or arguments[name].field.nullable
    }
    for name, argument in arguments.items():
        if argument.required and name not in values:
            raise InvalidRequestError(f"{path}{name} is required")
    selectors = [name for name, argument in arguments.items() if argument.field.selects]
    chosen = [name for name in selectors if name in values]
    if selectors and len(chosen) != 1:
        raise InvalidRequestError(
            f"exactly one of {_listed(selectors)} is required; got {_listed(chosen) or 'none'}"
        )
    return {
        name: None if value is None else arguments[name].field.check(path + name, value)
        for name, value in values.items()
    }


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def unknown(name: str, known: Iterable[str]) -> str:
    """The message for an unknown argument."""
    names = list(known)
    close = get_close_matches(name, names, 1)
    right = (
        f"did you mean {close[0]!r}?" if close else f"the known arguments are {', '.join(names)}"
    )
    return f"unknown argument {name!r}; {right}"


@dataclass(frozen=True, eq=False)
class LaunchKind:
    """A kind of launch, as its method in `launch_kinds.Launches` describes it.

    Attributes:
        operation: The name of the method, and of the operation in openapi/client.yaml.
        shape: The `TypedDict` of its arguments.
        text: The docstring of the method, without its arguments.
        own: The names of the arguments that are not fields of the request.
    """

    operation: str
    shape: type = field(repr=False)
    text: str = field(repr=False)
    own: frozenset[str] = field(repr=False)

    @property
    def word(self) -> str:
        """The short name of the operation, e.g. `voice`."""
        return self.operation.removeprefix("run_")

    @property
    def command(self) -> str:
        """The command of `cekura-run`."""
        return self.word.replace("_", "-")

    @property
    def marker(self) -> str:
        """The marker of the pytest plugin."""
        return f"cekura_{self.word}"

    @property
    def summary(self) -> str:
        """The first sentence of its docstring."""
        return self.text.partition("\n")[0].removesuffix(".")

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Its arguments; those of every launch come last."""
        found = arguments_of(self.shape)
        return {name: found[name] for name in sorted(found, key=lambda name: name in self.own)}

    @property
    def selectors(self) -> frozenset[str]:
        """The arguments that select evaluators."""
        return frozenset(n for n, argument in self.arguments.items() if argument.field.selects)

    @property
    def has_name(self) -> bool:
        """Whether the request has a name, so that a lost launch can be looked up."""
        return "name" in self.arguments

    def agent(self, body: Mapping[str, object]) -> int | None:
        """The agent id in a checked body."""
        ids = (body.get(name) for name, each in self.arguments.items() if each.field.agent)
        return next((value for value in ids if isinstance(value, int)), None)

    def redact(self, body: Mapping[str, object]) -> dict[str, object]:
        """A checked body without secrets. Fields from `extra_body` show only their names."""
        return redacted(self.arguments, body)

    def check(self, arguments: Mapping[str, object]) -> "CheckedLaunch":
        """Check the arguments. None is the same as leaving an argument out.

        Raises:
            InvalidRequestError: says what is wrong and what is expected.
        """
        from cekura_client.core.plan import refuse_above

        for name in arguments:
            if name not in self.arguments:
                raise InvalidRequestError(unknown(name, self.arguments))
        body = _checked(self.arguments, arguments)
        max_runs, extra = body.pop("max_runs", None), body.pop("extra_body", None)
        for name in tuple(body):
            if rule := self.arguments[name].field.rule:
                rule(body)
        plan = self.plan(body)
        if isinstance(extra, dict):
            if described := sorted(extra.keys() & self.arguments.keys()):
                raise InvalidRequestError(
                    f"extra_body must not contain {_listed(described)}; pass it as an argument of "
                    f"{self.operation}"
                )
            body |= extra
        if isinstance(max_runs, int):
            refuse_above(plan, max_runs)
        return CheckedLaunch(self, body, plan)

    def plan(self, body: Mapping[str, object]) -> "RunPlan":
        """The number of runs that a checked body starts."""
        from cekura_client.core.plan import RunPlan

        factors: dict[str, Any] = {"scenarios": None}
        for name, value in body.items():
            described = self.arguments.get(name)
            if value is not None and described and described.field.multiplies:
                factor, count = described.field.multiplies
                number = count(value)
                factors[factor] = number and number + (factors.get(factor) or 0)
        return RunPlan(**factors, at_most=isinstance(body.get("scenarios"), int))


@dataclass(frozen=True)
class CheckedLaunch:
    """A launch with checked arguments, not sent yet.

    Attributes:
        kind: The kind of launch.
        body: The body of the request.
        plan: The number of runs.
    """

    kind: LaunchKind
    body: Mapping[str, object] = field(repr=False)  # may contain credentials
    plan: "RunPlan"

    @property
    def shown(self) -> dict[str, object]:
        """The body without secrets."""
        return self.kind.redact(self.body)

    def only(self, chosen: Callable[[Any], bool]) -> "CheckedLaunch":
        """The same launch with only the chosen scenarios, if it lists scenarios."""
        scenarios = self.body.get("scenarios")
        if not isinstance(scenarios, list):
            return self
        body = {**self.body, "scenarios": [one for one in scenarios if chosen(one)]}
        return CheckedLaunch(self.kind, body, self.kind.plan(body))


_RAISES = """
Raises:
    InvalidRequestError: an argument is wrong; nothing was sent.
    LaunchOutcomeUnknownError: the answer was lost; the launch may be running and billed.
    CekuraError: any other class means that nothing was started."""


def document(method: Any, kind: LaunchKind, gives: type) -> None:
    """Give a method with `**arguments` the signature and docstring of its arguments, for `help`.

    An optional argument defaults to None, which is the same as leaving it out. Editors and type checkers
    read the `TypedDict` instead, and show the docstrings of its keys.
    """
    parameters = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    explained = ["\nArgs:"]
    for argument in kind.arguments.values():
        default = Parameter.empty if argument.required else None
        parameters.append(
            Parameter(
                argument.name, Parameter.KEYWORD_ONLY, default=default, annotation=argument.hint
            )
        )
        explained.append(f"    {argument.name}: {argument.help}")
    method.__signature__ = Signature(parameters, return_annotation=gives)
    method.__doc__ = "\n".join([kind.text, *explained, _RAISES])


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """The docstring below each key of each class of a module.

    At runtime, only the source has them. Without the source, `help` lacks them; everything else works.
    """
    found: dict[str, dict[str, str]] = {}
    source = "".join(linecache.getlines(str(sys.modules[module].__file__)))
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            own = found[node.name] = {}
            for base in node.bases:
                own |= found.get(base.id, {}) if isinstance(base, ast.Name) else {}
            for key, below in pairwise(node.body):
                match key, below:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(text))),
                    ):
                        own[name] = " ".join(text.split())
                    case _:
                        pass
    return found

"""What each kind of change means: one table."""

import enum
from dataclasses import dataclass
from typing import Literal

Axis = Literal["wire", "surface", "docs"]


class Level(enum.IntEnum):
    """How bad a change is for someone who uses the API as it was."""

    NOISE = 0
    DOCS = 1
    ADDITIVE = 2
    POSSIBLY_BREAKING = 3
    BREAKING = 4

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Rule:
    """What a kind of change means in general.

    Attributes:
        axis: wire (what is sent and received), surface (names in code), or docs.
        says: a sentence; ``{name}`` is the property or parameter it is about.
        todo: what a maintainer of this client does about it.
        hold: looks like an accident of the vendor; a person must look at it.
    """

    level: Level
    axis: Axis
    says: str
    todo: str
    hold: bool = False


_B, _P, _A, _D = Level.BREAKING, Level.POSSIBLY_BREAKING, Level.ADDITIVE, Level.DOCS

_ASK = "Ask the vendor before taking it: two such changes were taken back within days."
_FACADE = "Change the field where the launch is described, in core/launch_kinds.py."
_NEW_FIELD = (
    "Add one line for it where the launch is described: methods, checks, command line and sandbox "
    "read that. If it multiplies the runs, or names more of what does, the line must say so, or "
    "`max_runs` will allow more than it says."
)
_READERS = "See whether core/ reads it, and mention it in the changelog."
_REGENERATE = "Nothing beyond regenerating."
_CHECKS = "Compare with the field's check where the launch is described."
_SENT = "See whether operations/ sends it."
_ANSWERS = "See that wire/answers.py can read it."
_POLICY = "See core/send_policy.py."
_GATEWAY = "Compare with KEY_HEADER in wire/gateway.py."
_OVERLAY = "Adapt openapi/overlay.yaml, which keeps JSON only."
_TRACKED = "Decide what openapi/tracked.yaml is to name."
_SUCCESSOR = "Plan the move to its successor: deprecation announces removal."
_NAMES = (
    "Keep the old name with an action in openapi/overlay.yaml, or say in the changelog who must "
    "change an import."
)
_MOVED = (
    "The operationId now means another operation: code generated from the published document "
    "calls something else under the old name."
)
_STATUS = (
    "If it is a status: decide whether it ends a run; if so, add it to END_STATUSES in "
    "core/verdicts.py. Until then, waits count it as still running."
)
_DEFAULT = (
    "{name} has another default: a request without it means something else, and may cost "
    "something else."
)

_WIRE: dict[str, tuple[Level, str, str]] = {
    # The whole document
    "server-changed": (
        _B,
        "The API's base URL changed.",
        "Change DEFAULT_URL in wire/settings.py.",
    ),
    "server-removed": (_P, "A base URL is gone; the first one stays.", "Nothing if it is unused."),
    "server-added": (_A, "Another base URL was added; the old one stays.", "Nothing."),
    "security-scheme-changed": (
        _B,
        "The key is sent in another way.",
        "Change KEY_HEADER in wire/gateway.py.",
    ),
    "security-changed": (_B, "What authorised the request is not enough now.", _GATEWAY),
    "security-alternative-removed": (
        _P,
        "Part of what authorised the request no longer does.",
        _GATEWAY,
    ),
    "security-alternative-added": (_A, "The request can be authorised in another way.", "Nothing."),
    # Operations
    "operation-gone": (_B, "The operation is gone.", _TRACKED),
    "operation-added": (_A, "The operation is new.", _TRACKED),
    "deprecated": (_A, "{name} is deprecated.", _SUCCESSOR),
    "deprecation-lifted": (_A, "{name} is no longer deprecated.", "Nothing."),
    # Parameters
    "parameter-added": (_A, "The parameter {name} is new and optional.", "Pass it on if wanted."),
    "parameter-required-added": (_B, "The parameter {name} is new and required.", _SENT),
    "parameter-removed": (_B, "The parameter {name} is gone.", _SENT),
    "parameter-renamed": (_B, "The parameter {name} seems to be renamed.", _SENT),
    "parameter-now-required": (_B, "The parameter {name} is required now.", _SENT),
    "parameter-now-optional": (_A, "The parameter {name} is optional now.", _REGENERATE),
    # Bodies
    "request-body-added": (_A, "The request may have a body now.", _FACADE),
    "request-body-required-added": (_B, "The request needs a body now.", _FACADE),
    "request-body-removed": (_B, "The request has no body any more.", _ASK),
    "request-body-now-required": (_B, "The body is required now.", _FACADE),
    "request-body-now-optional": (_A, "The body is optional now.", _REGENERATE),
    "request-body-replaced": (_B, "The request has another body altogether.", _ASK),
    "response-body-added": (_A, "The answer has a body now.", _REGENERATE),
    "response-body-removed": (_B, "The answer has no body any more.", _ASK),
    "response-body-replaced": (_B, "The answer has another body altogether.", _ASK),
    "request-media-type-added": (_A, "The body may be sent as {name} too.", _OVERLAY),
    "request-media-type-removed": (_B, "The body is no longer accepted as {name}.", _OVERLAY),
    "response-media-type-added": (_P, "The answer may come as {name} too.", _ANSWERS),
    "response-media-type-removed": (_B, "The answer no longer comes as {name}.", _ANSWERS),
    "response-header-added": (_A, "The header {name} is new.", _REGENERATE),
    "response-header-removed": (_P, "The header {name} is gone.", _READERS),
    # Statuses
    "success-status-changed": (_B, "Success has another status.", _ASK),
    "success-status-added": (_P, "Success may have another status too.", _POLICY),
    "error-status-added": (_A, "A failure that was not documented before.", _POLICY),
    "error-status-removed": (_P, "A failure is no longer documented.", _POLICY),
    # Schemas, on one side only
    "request-property-added": (_A, "{name} is new and optional.", _NEW_FIELD),
    "request-property-required-added": (_B, "{name} is new and required.", _NEW_FIELD),
    "request-default-changed": (_P, _DEFAULT, "See whether core/plan.py counts with the old one."),
    "response-property-added": (_A, "{name} is new.", _REGENERATE),
    "response-enum-grown": (_P, "{name} may have values that were not known before.", _STATUS),
    # What no rule is about
    "unclassified": (_P, "{name} changed, and there is no rule for it.", "Look at it; add a rule."),
}

# Schemas: how bad it is in a request, and in an answer.
_SCHEMAS: dict[str, tuple[Level, Level, str]] = {
    "property-removed": (_B, _B, "{name} is gone."),
    "property-renamed": (_B, _B, "{name} seems to be renamed."),
    "now-required": (_B, _A, "{name} is required now."),
    "now-optional": (_A, _B, "{name} may be missing now."),
    "type-changed": (_B, _B, "{name} has another type."),
    "type-narrowed": (_B, _A, "{name} has fewer types."),
    "type-widened": (_A, _B, "{name} has more types."),
    "now-nullable": (_A, _B, "{name} may be null now."),
    "not-nullable": (_B, _A, "{name} may no longer be null."),
    "enum-grown": (_A, _P, "{name} accepts more values."),
    "enum-shrunk": (_B, _A, "{name} has fewer values."),
    "tightened": (_B, _A, "{name} has a tighter limit."),
    "loosened": (_A, _P, "{name} has a looser limit."),
    "limit-changed": (_B, _P, "{name} has another limit."),
}

# Names in code.
_SURFACE = {
    "operation-id-renamed": "The operationId was renamed.",
    "tag-renamed": "The tags are others.",
    "path-parameter-renamed": "The path parameter {name} was renamed.",
    "component-renamed": "The schema has another name.",
    "title-changed": "The title, which names a class, is another.",
}

# What looks like an accident of the vendor.
_HELD = {
    *("operation-id-moved", "success-status-changed"),
    *("request-body-removed", "request-body-replaced"),
    *("response-body-removed", "response-body-replaced"),
}


def _schema_rule(side: str, level: Level, says: str) -> Rule:
    todo = _CHECKS if side == "request" else _READERS if level > _A else _REGENERATE
    return Rule(level, "wire", says, todo)


RULES: dict[str, Rule] = {
    **{
        f"{side}-{kind}": _schema_rule(side, level, says)
        for kind, (*levels, says) in _SCHEMAS.items()
        for side, level in zip(("request", "response"), levels, strict=True)
    },
    **{
        kind: Rule(level, "wire", says, todo, hold=kind in _HELD)
        for kind, (level, says, todo) in _WIRE.items()
    },
    **{kind: Rule(_P, "surface", says, _NAMES) for kind, says in _SURFACE.items()},
    "operation-id-moved": Rule(_B, "surface", _MOVED, _ASK, hold=True),
    "docs-changed": Rule(
        _D, "docs", "The text has changed.", "Read it: a text has reversed a meaning before."
    ),
    "out-of-sight": Rule(
        _D,
        "docs",
        "Changed within a read-only part of a request, or a write-only part of an answer, which "
        "is never sent.",
        _REGENERATE,
    ),
}

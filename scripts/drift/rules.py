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
_FACADE = "Change the field where the launch is described; everything else reads that."
_NEW_FIELD = (
    "Add one line for it where the launch is described: methods, checks, command line and sandbox "
    "read that. If it multiplies the runs, or names more of what does, the line must say so, or "
    "`max_runs` will allow more than it says."
)
_READERS = "See whether core/ reads it, and mention it in the changelog."
_REGENERATE = "Nothing beyond regenerating."
_CHECKS = "Compare with the field's check where the launch is described."
_NAMES = (
    "Keep the old name with an action in openapi/overlay.yaml, or say in the changelog who must "
    "change an import."
)

RULES: dict[str, Rule] = {
    # The whole document
    "server-changed": Rule(
        _B, "wire", "The API's base URL changed.", "Change DEFAULT_URL in wire/settings.py."
    ),
    "server-removed": Rule(
        _P, "wire", "A base URL is gone; the first one is still listed.", "Nothing if it is unused."
    ),
    "server-added": Rule(
        _A, "wire", "Another base URL was added; the old one is still listed.", "Nothing."
    ),
    "security-scheme-changed": Rule(
        _B, "wire", "The key is sent in another way.", "Change KEY_HEADER in wire/gateway.py."
    ),
    "security-changed": Rule(
        _B,
        "wire",
        "Nothing that authorised the request before is enough now.",
        "Compare with wire/gateway.py.",
    ),
    "security-alternative-removed": Rule(
        _P,
        "wire",
        "Some of what authorised the request before no longer does.",
        "Compare with KEY_HEADER in wire/gateway.py.",
    ),
    "security-alternative-added": Rule(
        _A, "wire", "The request can be authorised in another way too.", "Nothing."
    ),
    # Operations
    "operation-gone": Rule(
        _B, "wire", "The operation is gone.", "Find its successor; change openapi/tracked.yaml."
    ),
    "operation-added": Rule(
        _A, "wire", "The operation is new.", "Track it in openapi/tracked.yaml if it is wanted."
    ),
    "operation-id-moved": Rule(
        _B,
        "surface",
        "The operationId now means another operation: code generated from the published "
        "document calls something else under the old name.",
        "Nothing where tracked.yaml names the operation; otherwise: " + _ASK,
        hold=True,
    ),
    "operation-id-renamed": Rule(_P, "surface", "The operationId was renamed.", _NAMES),
    "deprecated": Rule(
        _A,
        "wire",
        "{name} is deprecated.",
        "Plan the move to its successor: deprecation announces removal.",
    ),
    "deprecation-lifted": Rule(_A, "wire", "{name} is no longer deprecated.", "Nothing."),
    "tag-renamed": Rule(_P, "surface", "The tags are others.", _NAMES),
    "path-parameter-renamed": Rule(_P, "surface", "The path parameter {name} was renamed.", _NAMES),
    "component-renamed": Rule(_P, "surface", "The schema has another name.", _NAMES),
    "title-changed": Rule(_P, "surface", "The title, which names a class, is another.", _NAMES),
    # Parameters
    "parameter-added": Rule(
        _A, "wire", "The parameter {name} is new and optional.", "Pass it on if it is wanted."
    ),
    "parameter-required-added": Rule(
        _B, "wire", "The parameter {name} is new and required.", "Send it in operations/."
    ),
    "parameter-removed": Rule(
        _B, "wire", "The parameter {name} is gone.", "See whether operations/ sends it."
    ),
    "parameter-renamed": Rule(
        _B, "wire", "The parameter {name} seems to be renamed.", "See whether operations/ sends it."
    ),
    "parameter-now-required": Rule(
        _B, "wire", "The parameter {name} has become required.", "Send it in operations/."
    ),
    "parameter-now-optional": Rule(
        _A, "wire", "The parameter {name} has become optional.", _REGENERATE
    ),
    # Bodies
    "request-body-added": Rule(_A, "wire", "The request may have a body now.", _FACADE),
    "request-body-required-added": Rule(_B, "wire", "The request needs a body now.", _FACADE),
    "request-body-removed": Rule(_B, "wire", "The request has no body any more.", _ASK, hold=True),
    "request-body-now-required": Rule(_B, "wire", "The body has become required.", _FACADE),
    "request-body-now-optional": Rule(_A, "wire", "The body has become optional.", _REGENERATE),
    "request-body-replaced": Rule(
        _B, "wire", "The body of the request is another one altogether.", _ASK, hold=True
    ),
    "response-body-added": Rule(_A, "wire", "The answer has a body now.", _REGENERATE),
    "response-body-removed": Rule(_B, "wire", "The answer has no body any more.", _ASK, hold=True),
    "response-body-replaced": Rule(
        _B, "wire", "The body of the answer is another one altogether.", _ASK, hold=True
    ),
    "request-media-type-added": Rule(
        _A, "wire", "The body may be sent as {name} too.", "The overlay keeps JSON only; adapt it."
    ),
    "request-media-type-removed": Rule(
        _B, "wire", "The body is no longer accepted as {name}.", "Adapt the overlay's JSON actions."
    ),
    "response-media-type-added": Rule(
        _P, "wire", "The answer may come as {name} too.", "See that wire/answers.py can read it."
    ),
    "response-media-type-removed": Rule(
        _B, "wire", "The answer no longer comes as {name}.", "See that wire/answers.py can read it."
    ),
    "response-header-added": Rule(_A, "wire", "The header {name} is new.", _REGENERATE),
    "response-header-removed": Rule(_P, "wire", "The header {name} is gone.", _READERS),
    # Statuses
    "success-status-changed": Rule(_B, "wire", "Success has another status.", _ASK, hold=True),
    "success-status-added": Rule(
        _P, "wire", "Success may have another status too.", "See core/send_policy.py."
    ),
    "error-status-added": Rule(
        _A, "wire", "A failure that was not documented before.", "See core/send_policy.py."
    ),
    "error-status-removed": Rule(
        _P, "wire", "A failure is no longer documented.", "See core/send_policy.py."
    ),
    # Schemas of requests
    "request-property-added": Rule(_A, "wire", "{name} is new and optional.", _NEW_FIELD),
    "request-property-required-added": Rule(_B, "wire", "{name} is new and required.", _NEW_FIELD),
    "request-property-removed": Rule(_B, "wire", "{name} is gone.", _FACADE),
    "request-property-renamed": Rule(_B, "wire", "{name} seems to be renamed.", _FACADE),
    "request-now-required": Rule(_B, "wire", "{name} has become required.", _FACADE),
    "request-now-optional": Rule(_A, "wire", "{name} has become optional.", _FACADE),
    "request-type-changed": Rule(_B, "wire", "{name} has another type.", _CHECKS),
    "request-type-narrowed": Rule(_B, "wire", "{name} accepts fewer types.", _CHECKS),
    "request-type-widened": Rule(_A, "wire", "{name} accepts more types.", _CHECKS),
    "request-now-nullable": Rule(_A, "wire", "{name} may be null now.", _REGENERATE),
    "request-not-nullable": Rule(_B, "wire", "{name} may no longer be null.", _CHECKS),
    "request-enum-grown": Rule(_A, "wire", "{name} accepts more values.", _CHECKS),
    "request-enum-shrunk": Rule(_B, "wire", "{name} accepts fewer values.", _CHECKS),
    "request-tightened": Rule(_B, "wire", "{name} has a tighter limit.", _CHECKS),
    "request-loosened": Rule(_A, "wire", "{name} has a looser limit.", _CHECKS),
    "request-limit-changed": Rule(_B, "wire", "{name} has another limit.", _CHECKS),
    "request-default-changed": Rule(
        _P,
        "wire",
        "{name} has another default: a request without it means something else, and may cost "
        "something else.",
        "See whether core/plan.py counts with the old default.",
    ),
    # Schemas of answers
    "response-property-added": Rule(_A, "wire", "{name} is new.", _REGENERATE),
    "response-property-removed": Rule(_B, "wire", "{name} is gone.", _READERS),
    "response-property-renamed": Rule(_B, "wire", "{name} seems to be renamed.", _READERS),
    "response-now-required": Rule(_A, "wire", "{name} is always there now.", _REGENERATE),
    "response-now-optional": Rule(_B, "wire", "{name} may be missing now.", _READERS),
    "response-type-changed": Rule(_B, "wire", "{name} has another type.", _READERS),
    "response-type-narrowed": Rule(_A, "wire", "{name} has fewer types.", _REGENERATE),
    "response-type-widened": Rule(_B, "wire", "{name} may have more types.", _READERS),
    "response-now-nullable": Rule(_B, "wire", "{name} may be null now.", _READERS),
    "response-not-nullable": Rule(_A, "wire", "{name} is no longer null.", _REGENERATE),
    "response-enum-grown": Rule(
        _P,
        "wire",
        "{name} may have values that were not known before.",
        "If it is a status: decide in core/ whether it ends a run, and add it to KnownStatus in "
        "openapi/supplements/results.yaml; until then, waits count it as still running.",
    ),
    "response-enum-shrunk": Rule(_A, "wire", "{name} has fewer values.", _REGENERATE),
    "response-tightened": Rule(_A, "wire", "{name} has a tighter limit.", _REGENERATE),
    "response-loosened": Rule(_P, "wire", "{name} has a looser limit.", _READERS),
    "response-limit-changed": Rule(_P, "wire", "{name} has another limit.", _READERS),
    # Words
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
    # What no rule is about
    "unclassified": Rule(
        _P, "wire", "{name} changed, and there is no rule for it.", "Look at it; add a rule."
    ),
}

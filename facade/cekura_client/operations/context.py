"""What every operation needs."""

from attrs import field, frozen

from cekura_client.effects import Clock
from cekura_client.operations.claims import Claims
from cekura_client.record import LaunchRecord
from cekura_client.wire.gateway import Gateway


@frozen
class Context:
    """What every operation needs.

    Attributes:
        gateway: Builds requests.
        base_url: Where they go.
        clock: For everything that takes time.
        record: Where launches are written down, if anywhere.
        claims: Which names and results are taken.
        recover_for: Seconds for which a launch whose answer was lost is looked up; 0 for not at all.
    """

    gateway: Gateway
    base_url: str
    clock: Clock
    record: LaunchRecord | None
    recover_for: float
    claims: Claims = field(factory=Claims)

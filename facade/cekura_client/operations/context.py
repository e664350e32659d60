"""What every operation needs."""

from attrs import frozen

from cekura_client.effects import Clock
from cekura_client.operations.claims import Claims, claims_for
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
        recover_for: Seconds for which a launch whose answer was lost is looked up; 0 for not at all.
    """

    gateway: Gateway
    base_url: str
    clock: Clock
    record: LaunchRecord | None
    recover_for: float

    @property
    def claims(self) -> Claims:
        """Which names and results are taken."""
        return claims_for(self.base_url)

"""How long one attempt may take."""

from attrs import asdict, frozen

from cekura_client.core.checks import seconds


@frozen
class Timeouts:
    """Seconds that one attempt may take; how often it is repeated is another matter.

    Attributes:
        connect: Until the connection stands.
        launch: Until a launch is answered. Long, because an answer that is missed is expensive.
        read: Until a look at a result, or any other request, is answered.

    Raises:
        InvalidRequestError: a figure that makes no sense.
    """

    connect: float = 5.0
    launch: float = 120.0
    read: float = 30.0

    def __attrs_post_init__(self) -> None:
        for name, value in asdict(self).items():
            seconds(f"Timeouts.{name}", value)

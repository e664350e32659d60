"""How long one attempt may take."""

import math

from attrs import frozen

from cekura_client.errors import InvalidRequestError


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
        for name, value in (
            ("connect", self.connect),
            ("launch", self.launch),
            ("read", self.read),
        ):
            if not 0 < value < math.inf:
                raise InvalidRequestError(
                    f"Timeouts.{name} must be a number of seconds above 0; got {value!r}"
                )

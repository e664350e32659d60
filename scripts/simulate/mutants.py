"""Rules of the library, each of which can be taken out: so the power of the checker is tested."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def mutated(name: str | None) -> Iterator[None]:
    """The library without this rule."""
    yield

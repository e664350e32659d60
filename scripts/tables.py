"""Tables for a terminal."""

from collections.abc import Sequence


def table(rows: Sequence[Sequence[object]]) -> str:
    """Columns below their heads, numbers to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    columns = max(map(len, texts))
    texts = [row + [""] * (columns - len(row)) for row in texts]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    texts.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in texts
    )

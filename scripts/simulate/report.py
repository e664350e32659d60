"""What was drawn, what came of it, and what broke, as tables and stories."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scripts.simulate.checker import CHECKS, EXCUSED
from scripts.simulate.choices import Plot, written
from scripts.simulate.story import Story
from scripts.simulate.tally import Tally

REPLAY = "python -m scripts.simulate --replay"


def table(rows: Sequence[Sequence[object]]) -> str:
    """Columns below their heads, numbers to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in texts
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _counts(head: str, counts: Mapping[str, int]) -> str:
    return table([(head, "number"), *Counter(counts).most_common()])


def tables(tally: Tally) -> str:
    """All of a run."""
    rows: list[tuple[object, ...]] = [("what must not be", "stories", "first seed")]
    for check in (*CHECKS, EXCUSED):
        rows.append((check, tally.found[check], *tally.first.get(check, ("",))[:1]))
    drawn = _counts("what happened to requests and callers", tally.drawn)
    return "\n\n".join([drawn, _counts("what launches came to", tally.outcomes), table(rows)])


def told(story: Story, plot: Plot) -> str:
    """One story, with the command that replays it; what repeats itself is told once."""
    lines: list[str] = []
    known: dict[str, int] = {}
    for seconds, what in story.world.told:
        if what in known:
            known[what] += 1
            continue
        known[what] = 1
        lines.append(f"{seconds:8.1f} s  {what}")
    lines = [line + f"  (× {known[line[12:]]})" * (known[line[12:]] > 1) for line in lines]
    lines += [f"→ {found.check}: {found.detail[:300]}" for found in story.findings]
    return "\n".join([*lines, f"{REPLAY} '{written(plot)}'"])

"""How long it takes to import, and until the command shows its help: whole processes, by the clock.

Of imports, what python alone needs is subtracted: `python -c pass`, measured in the same rounds.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.bench.environments import Environments
from scripts.bench.metrics import Metric, Rounds, Target, compared, medians
from scripts.bench.turns import code, processes

ROUNDS, FEW_ROUNDS = 25, 11
_COMMAND = str(Path(sys.executable).parent / "cekura-run")
_PARTS = {
    "nothing": "pass",
    "httpx": "import httpx",
    "package": "import cekura_client",
    "ours": "from cekura_client import Cekura",
    "generated": "from cekura_api import AuthenticatedClient\nfrom cekura_api.api.runs import run_voice",
}
_TARGET = Target(1.1)


def imports(environments: Environments) -> Iterator[Metric]:
    """Importing, in the plain environment and then in the one for development."""
    commands = {side: code(environments.plain, program) for side, program in _PARTS.items()}
    if environments.vendor is not None:
        commands["vendor"] = code(environments.vendor, "from cekura import Cekura")
    came = processes(commands, ROUNDS)
    others = {"generated client": "generated", "vendor's SDK": "vendor"}
    yield _import(
        "import", "`import cekura_client`", "package", came, others, environments, target=_TARGET
    )
    what = "`from cekura_client import Cekura`"
    yield _import("import-client", what, "ours", came, others, environments, target=_TARGET)
    commands = {
        side: code(environments.development, _PARTS[side]) for side in ("nothing", "httpx", "ours")
    }
    came = processes(commands, FEW_ROUNDS)
    what = "the same in the environment for development"
    yield _import("import-development", what, "ours", came, {}, environments)


def _import(
    name: str,
    what: str,
    side: str,
    came: Rounds,
    others: dict[str, str],
    environments: Environments,
    target: Target | None = None,
) -> Metric:
    alone, whole = medians(came)["nothing"], medians(came)
    net = {
        label: [(seconds - alone) * 1000 for seconds in came[of]]
        for label, of in {"ours": side, "httpx": "httpx", **others}.items()
        if of in came
    }
    return compared(
        name,
        what,
        "ms",
        net,
        baseline="httpx",
        baseline_is="`import httpx`",
        others=dict.fromkeys(others, environments.no_vendor),
        target=target,
        note=f"python alone, {alone * 1000:.0f} ms, is subtracted; of whole processes the ratio is "
        f"{whole[side] / whole['httpx']:.2f}",
    )


def command(_: Environments) -> Iterator[Metric]:
    """The help of the command, in the environment for development, which has the extra `cli`."""
    came = processes(
        {
            "baseline": (sys.executable, "-c", "import typer, rich"),
            "ours": (_COMMAND, "--help"),
            "nothing": (sys.executable, "-c", "pass"),
        },
        FEW_ROUNDS,
    )
    yield compared(
        "help",
        "`cekura-run --help`",
        "ms",
        {side: [seconds * 1000 for seconds in rounds] for side, rounds in came.items()},
        baseline="baseline",
        baseline_is="`import typer, rich`",
        others={},
        note=f"whole processes; python alone needs {medians(came)['nothing'] * 1000:.0f} ms of each",
    )

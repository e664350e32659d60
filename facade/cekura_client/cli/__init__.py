"""The command `cekura-run`. It needs the extra: `cekura-client[cli]`."""

import sys


def run() -> None:
    """What `cekura-run` calls."""
    try:
        from cekura_client.cli.app import main
    except ModuleNotFoundError as missing:
        sys.exit(f"cekura-run needs {missing.name}: pip install 'cekura-client[cli]'")
    sys.exit(main(sys.argv[1:]))

"""The command `cekura-run`. It needs the extra: `cekura-client[cli]`."""

import sys


def run() -> None:
    """Entry point of `cekura-run`."""
    from cekura_client.cli import extras, streams

    streams.prepare()
    try:
        from cekura_client.cli.app import main
    except ImportError as error:
        print(extras.missing("cekura-run", error), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(main(sys.argv[1:]))

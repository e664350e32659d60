"""The commands of `cekura-run`."""

import sys

import typer

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)


@app.callback()
def about() -> None:
    """For launches of Cekura evaluators: so far, a stand-in server to try them on."""


@app.command(
    add_help_option=False,  # its own options have their own help
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def sandbox(context: typer.Context) -> None:
    """A stand-in for the API on this machine: no calls, no bills. `sandbox --help` says more."""
    try:
        from cekura_client.sandbox.__main__ import main
    except ModuleNotFoundError as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(2) from None
    sys.exit(main(context.args, prog="cekura-run sandbox"))

"""What to install if an import fails. Imports nothing itself."""


def missing(what: str, error: Exception) -> str:
    """The message for a failed import.

    Args:
        what: The command or option that needs the module.
        error: The error of the import.
    """
    name = getattr(error, "name", None)
    needs = f"needs {name}" if isinstance(error, ModuleNotFoundError) and name else "cannot start"
    return f"{what} {needs}: pip install 'cekura-client[cli]' ({type(error).__name__}: {error})"

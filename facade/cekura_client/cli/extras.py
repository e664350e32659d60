"""What to install where something cannot be imported. Imports nothing itself."""


def missing(what: str, error: Exception) -> str:
    """What to do about an import that failed.

    Args:
        what: The command or the option that needs it.
        error: Why it failed.
    """
    name = getattr(error, "name", None)
    needs = f"needs {name}" if isinstance(error, ModuleNotFoundError) and name else "cannot start"
    return f"{what} {needs}: pip install 'cekura-client[cli]' ({type(error).__name__}: {error})"

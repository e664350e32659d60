"""Launch Cekura evaluators from Python, wait, and get an honest verdict.

Start with `Cekura` or `AsyncCekura`. The tree of errors is in `cekura_client.errors`, the record of
launches in `cekura_client.record`, a stand-in server for tests in `cekura_client.sandbox`.

The public names are imported when the first of them is used, so that what needs only a part of the
library, such as the help of `cekura-run`, starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cekura_client.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from cekura_client.public import *

    __all__: list[str]
else:

    def __getattr__(name):
        """Whatever is asked for first (PEP 562)."""
        if not name.startswith("_") or name == "__all__":
            found = vars(import_module(f"{__name__}.public"))
            # A module rewritten by pytest has names such as "@py_builtins" too.
            names = {each: found[each] for each in found if each[:1].isalpha()}
            globals().update(names, __all__=[*names, "__version__"])
        if name not in globals():
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals()[name]

    def __dir__():
        return sorted({*__getattr__("__all__"), *globals()})

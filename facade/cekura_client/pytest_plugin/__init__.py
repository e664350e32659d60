"""A pytest plugin that turns evaluators into tests. It loads wherever the package is installed.

::

    import pytest

    @pytest.mark.cekura_voice(agent_id=12, scenarios=[101, 102], frequency=2, max_runs=10)
    def test_booking(cekura_run):
        assert cekura_run.duration < "05:00"

This is one launch of four runs, and four tests: ``test_booking[101-1]``, ``[101-2]``, ``[102-1]``,
``[102-2]``. A test fails with the server's reasons if its run did not pass. Its body runs only if the run
passed. The second run of a scenario is the one with the second-lowest id.

Each `run_…` method of `Cekura` has a marker with the same arguments: `cekura_voice` for `run_voice`, and so
on. Markers also take ``timeout``, the seconds to wait, 3600 by default. On a class, or as the ``pytestmark`` of a
module, a marker is one launch for all tests below it. A marker on a function overrides one on its class.

Fixtures, as arguments or by ``usefixtures``:

- `cekura_run`: the `Run` of the test. Pass the scenarios as a list of ids, because pytest creates the tests
  before anything is sent.
- `cekura_result`: the whole `Result`, for every way to select evaluators. The plugin does not judge it: call
  ``cekura_result.raise_unless_passed()``, or assert what you need.
- `cekura_client_options`: override it to pass arguments to `Cekura`. By default, the key and the address come
  from CEKURA_API_KEY and CEKURA_API_URL. The plugin wraps a key in an object that hides it.

When launches are sent: never during collection. A launch is sent when its first test starts, and never again in
that session, whatever the outcome. It contains only the scenarios that the selected tests of `cekura_run` need,
so ``-k 101``, ``--lf`` or the id of a test cost no more than necessary. It contains all scenarios if a selected
test uses `cekura_result`. A scenario always runs as often as the marker says, so a test may pass although a run
that was not selected failed.

All processes of a session share one launch: the workers of pytest-xdist, the children of pytest-forked, the
process that replaces a killed one, and a test that runs again. They use a lock and a record, like
``Cekura(record=…)``, in a directory inside the session's base temporary directory. If a process dies, another
finds the launch there or looks it up, and does not send it again. If processes cannot share that directory,
nothing is launched: on other machines, with ``-p no:tmpdir``, and without filelock, which the extra
``cekura-client[pytest]`` installs.

The plugin prints the result id when a launch is accepted, and again at the end. In a junit.xml, the id of the
result and the id of the run are properties of the test.
"""

from __future__ import annotations

from importlib import import_module

import pytest

# Every pytest run on the machine loads this module. So it and the modules it loads import only pytest,
# evaluate no annotations, and defer everything else until a test uses a fixture of the plugin.
OLDEST = 8


def pytest_configure(config: pytest.Config) -> None:
    """Load the hooks and fixtures, or the module that explains why this pytest is not supported."""
    supported = int(pytest.__version__.partition(".")[0]) >= OLDEST
    module = import_module(f"{__name__}.{'hooks' if supported else 'unsupported'}")
    config.pluginmanager.register(module, "cekura-hooks")

"""Evaluators as tests: a pytest plugin, loaded by itself where the package is installed.

::

    import pytest

    @pytest.mark.cekura_voice(agent_id=12, scenarios=[101, 102], frequency=2, max_runs=10)
    def test_booking(cekura_run):
        assert cekura_run.duration < "05:00"

This is one launch of four runs, and four tests: ``test_booking[101-1]``, ``[101-2]``, ``[102-1]``,
``[102-2]``. Each fails with the server's reasons if its run did not pass; the body of the test is
entered only with a run that passed. The second run of a scenario is that with the second lowest id.

There is a marker for each `run_…` method of `Cekura`, with its arguments: `cekura_voice` for `run_voice`,
and so on. Another argument is ``timeout``: the seconds to wait, 3600 by default. On a class, or as ``pytestmark`` of a module, a marker is one launch for all tests below
it. If there is one on the function and one on its class, that of the function counts.

Fixtures, to be named as arguments or by ``usefixtures``:

- `cekura_run`: the `Run` of the test. The scenarios must be given as a list of ids, since the tests
  are made before anything is sent.
- `cekura_result`: the whole `Result`, with tags, a folder, `first` and "all" as well. Nothing is judged: the
  test says ``cekura_result.raise_unless_passed()``, or what else it wants.
- `cekura_client_options`: override it to give arguments to `Cekura`. The key and the address come
  from CEKURA_API_KEY and CEKURA_API_URL. A key given here is replaced by an object that hides it.

What is sent when: nothing while tests are collected. A launch is sent when the first of its tests
begins, and never again in that session, whatever comes of it. Of the scenarios it names only those
that a selected test of `cekura_run` needs, so that ``-k 101``, ``--lf`` or the id of a test cost no
more than they must; all of them if a selected test uses `cekura_result`. Since a scenario always runs
as often as the launch says, a test may pass beside a run that failed but was not selected.

All processes of a session share one launch: the workers of pytest-xdist, the children of
pytest-forked, the process that replaces a killed one, and a test that is run again. They share it by a
lock and a record, as of ``Cekura(record=…)``, in a directory inside the session's base temporary
directory. If a process dies, another finds the launch there or looks it up, and does not send it
again. Nothing is launched where that directory cannot be had: in workers on other machines, with
``-p no:tmpdir``, and without filelock, which the extra ``cekura-client[pytest]`` brings.

The id of a result is printed when the launch is accepted, and again at the end. A junit.xml has it, and
the id of the run, among the properties of a test.
"""

from __future__ import annotations

from importlib import import_module

import pytest

# Every pytest run on the machine loads this module. So it, and the modules it loads, import only pytest,
# evaluate no annotation, and defer the rest until a test uses a fixture of the plugin.
OLDEST = 8


def pytest_configure(config: pytest.Config) -> None:
    """Load the hooks and fixtures, or those that only explain why there are none."""
    supported = int(pytest.__version__.partition(".")[0]) >= OLDEST
    module = import_module(f"{__name__}.{'hooks' if supported else 'unsupported'}")
    config.pluginmanager.register(module, "cekura-hooks")

# Everything runs in .venv, which is made on first use from pyproject.toml and constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
# One worker for each core. Neighbours stay together, and with them the fixtures of their module, until
# a worker has nothing left to do.
WORKERS := --numprocesses auto --maxprocesses 8 --dist worksteal
# What runs beside the tests is printed when it has ended, by a make that can (4.0).
BESIDE := --no-print-directory --jobs 3 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Every process that a test starts would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test quick check lint types mypy pyright unit cases chaos simulate bounds bench drift import upgrade spec generate clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## create the virtual environment

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; try: make PYTHON=python3.12 ...")'
	@echo 'Creating .venv; this takes a minute, once.'
	@$(PYTHON) -m venv --clear .venv
	@PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: .venv/.ready ## launch on the sandbox and show verdicts and requests
	@$(RUN) -m scripts.demo

test: .venv/.ready ## every check that CI runs
	@$(MAKE) $(BESIDE) unit check lint types

quick: .venv/.ready ## the tests of the rules, the wire and hostile servers, in seconds
	@$(RUN) -m pytest $(WORKERS) tests/core tests/hostile tests/wire tests/test_specification.py

check: .venv/.ready ## prove that documents and generated code follow from their sources
	@$(RUN) -m scripts.check

lint: .venv/.ready ## style, and which module may import which
	@$(BIN)/ruff check facade scripts tests
	@$(BIN)/ruff format --check facade scripts tests
	@$(BIN)/lint-imports --no-cache

types: mypy pyright ## mypy and pyright, strict

mypy pyright: .venv/.ready
	@$(BIN)/$@

# The plus lets its progress be seen at once.
unit: .venv/.ready ## the tests, with coverage
	@$(BIN)/coverage erase
	+@$(BIN)/coverage run -m pytest $(WORKERS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

cases: .venv/.ready ## the outcome of 130 server and network failures, as a table
	@$(RUN) -m tests.hostile

simulate: .venv/.ready ## launches in a simulated world [N=launches] [SEED=…] [MUTANTS=1: rules taken out]
	@$(RUN) -m scripts.simulate $${N:+--launches "$$N"} $${SEED:+--seed "$$SEED"} $${MUTANTS:+--mutants}

chaos: .venv/.ready ## 1,000 launches with real sockets, signals and processes; about a minute
	@$(RUN) -m scripts.chaos

# pytest 8 does not know faulthandler_exit_on_timeout, which pyproject.toml sets.
BOUNDED := tests/core tests/wire tests/facade tests/sandbox tests/cli tests/pytest_plugin \
	tests/scripts/test_overlay.py
OLDER := -o addopts='--strict-markers --quiet --import-mode=importlib' -p no:cacheprovider \
	-W 'ignore:Unknown config option'

bounds: ## test the lowest versions that pyproject.toml allows, then the newest; needs uv [PYTHON=…]
	@for versions in lowest-direct highest; do \
		uv pip compile -q --python "$(PYTHON)" --resolution $$versions --no-header --no-annotate \
			--extra cli --extra pytest --extra sandbox pyproject.toml -o .bounds/$$versions.txt && \
		uv venv -q --clear --python "$(PYTHON)" .bounds/$$versions && \
		uv pip install -q --python .bounds/$$versions -c .bounds/$$versions.txt -e '.[cli,pytest,sandbox]' \
			hypothesis jsonpath-rfc9535 markdown-it-py pytest-httpx pytest-xdist xmlschema && \
		echo "$$versions: $$(.bounds/$$versions/bin/python -m pytest --version)" && \
		.bounds/$$versions/bin/python -m pytest $(OLDER) -n 4 $(BOUNDED) || exit 1; done

bench: .venv/.ready ## measure speed and memory against baselines; a few minutes [BENCH="--all …"]
	@$(RUN) -m scripts.bench $(BENCH)

# FROM, NEW and OLD reach the commands as they are: unquoted for several, but with no wildcards.
drift: .venv/.ready ## show what changed: NEW=page or document [OLD=…] [FAIL_ON=breaking] [FORMAT=json]
	@set -f; $(RUN) -m scripts.drift $${NEW:?is missing} $${OLD:+--old "$$OLD"} \
		$${FAIL_ON:+--fail-on "$$FAIL_ON"} $${FORMAT:+--format "$$FORMAT"}

import: .venv/.ready ## import a published specification: FROM=page or document [YES=1]
	@set -f; $(RUN) -m scripts.import_spec $${FROM:?is missing} $${YES:+--yes}

upgrade: .venv/.ready ## import, rebuild, regenerate, test: FROM=page or document [YES=1]
	@set -f; $(RUN) -m scripts.upgrade $${FROM:?is missing} $${YES:+--yes}
	@echo 'What is to be written by hand, if anything:'
	@$(RUN) -m pytest -q --no-header --tb=line tests/test_specification.py tests/test_pages.py
	@$(MAKE) --no-print-directory test

spec: .venv/.ready ## build cekura.yaml, client.yaml and differences.txt
	@$(RUN) -m scripts.spec

generate: .venv/.ready ## write generated/cekura_api from client.yaml
	@$(RUN) -m scripts.generate

clean: ## remove everything that these commands created
	rm -rf .venv .bench .bounds build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache facade/*.egg-info *.egg-info

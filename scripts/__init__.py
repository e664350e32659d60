"""Maintainers' programs: each is run as ``python -m scripts.NAME`` from the project's folder."""

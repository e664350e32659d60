from pathlib import Path

import pytest

from scripts import generate
from scripts.documents import OPENAPI
from scripts.generate import GenerationError


def test_another_version_of_a_tool_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes of the output depend on it."""
    monkeypatch.setattr(generate, "version", lambda _: "9.9.9")
    with pytest.raises(GenerationError, match=r"openapi-python-client 9\.9\.9 is not the version"):
        generate.generate(tmp_path / "cekura_api")
    assert list(tmp_path.iterdir()) == []


def test_a_warning_of_the_generator_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would leave something out and exit 0; nothing that is there is replaced."""
    document = (OPENAPI / "client.yaml").read_text("utf-8")
    (tmp_path / "client.yaml").write_text(
        document.replace("#/components/schemas/ScenarioReference", "#/components/schemas/Nothing"),
        "utf-8",
    )
    config = (OPENAPI / "generator.yaml").read_text("utf-8")
    (tmp_path / "generator.yaml").write_text(config, "utf-8")
    monkeypatch.setattr(generate, "OPENAPI", tmp_path)
    before = sorted(generate.GENERATED.rglob("*.py"))
    with pytest.raises(GenerationError, match="openapi-python-client failed"):
        generate.main()
    assert sorted(generate.GENERATED.rglob("*.py")) == before

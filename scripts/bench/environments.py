"""The environments that metrics are measured in: what a user installs, and nothing else.

The development environment has much that makes a difference: with rich and click installed, httpx
imports both, and an editable installation looks for its modules longer. So there is one environment
with this package without extras, and one with the vendor's SDK, both with the versions of
constraints.txt. They are made once, in a folder that Git ignores. This package is installed again
whenever its source has changed, from a copy, so that nobody who works on it meanwhile disturbs.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.documents import ROOT
from scripts.processes import ToolError, finished

FOLDER = ROOT / ".bench"
VENDOR_VERSION = "1.6.7"

_CONSTRAINTS = ROOT / "constraints.txt"
_SOURCES = ("LICENSE", "README.md", "facade", "generated", "openapi", "pyproject.toml")
_PIP = ("-I", "-m", "pip", "--disable-pip-version-check", "--quiet", "install")


@dataclass(frozen=True)
class Environments:
    """The interpreters of the environments.

    Attributes:
        plain: With this package.
        vendor: With the vendor's SDK; None if it could not be installed.
        no_vendor: Why not.
        development: The one that this program runs in.
    """

    plain: str
    vendor: str | None
    no_vendor: str = ""
    development: str = sys.executable

    @property
    def installed(self) -> tuple[str, ...]:
        """Those that were made here."""
        return (self.plain,) if self.vendor is None else (self.plain, self.vendor)


def prepared() -> Environments:
    """The environments, made or brought up to date.

    Raises:
        ToolError: the one with this package cannot be made.
    """
    FOLDER.mkdir(exist_ok=True)
    plain = _plain()
    try:
        return Environments(plain, _vendor())
    except ToolError as error:
        lines = [line for line in str(error).splitlines() if line.startswith("ERROR")]
        why = lines[-1].removeprefix("ERROR: ") if lines else str(error).splitlines()[0]
        return Environments(plain, None, f"could not be installed ({why})")


def variables() -> dict[str, str]:
    """The environment variables without those that change what is measured.

    Raw httpx would take certificates and proxies from them, others not.
    """
    ours = ("CEKURA_", "PYTHON", "SSL_CERT_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.upper().endswith("_PROXY")
    }


def certificate() -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, made once, and its key.

    Raises:
        ToolError: there is no program `openssl`.
    """
    file, key = FOLDER / "certificate.pem", FOLDER / "key.pem"
    if not (file.exists() and key.exists()):
        if shutil.which("openssl") is None:
            raise ToolError("the program openssl, which makes the certificate, is missing")
        command = ["openssl", "req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=127.0.0.1"]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        command += ["-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-addext", "keyUsage=critical,keyCertSign,digitalSignature"]
        finished([*command, "-keyout", str(key), "-out", str(file)], FOLDER)
    return file, key


def trust(file: Path, environments: Environments) -> None:
    """Add a certificate to the bundle of certifi in each environment that was made here.

    So all sides verify in the usual way, with the usual bundle, which is one certificate larger;
    nothing is changed in what they run.
    """
    for python in environments.installed:
        where = [python, "-I", "-c", "import certifi; print(certifi.where())"]
        bundle = Path(finished(where, FOLDER, variables()).strip())
        pristine = bundle.with_suffix(".original")
        if not pristine.exists():
            shutil.copyfile(bundle, pristine)
        wanted = pristine.read_bytes() + file.read_bytes()
        if bundle.read_bytes() != wanted:
            bundle.write_bytes(wanted)


def _plain() -> str:
    constraints = ["--constraint", str(_CONSTRAINTS)]
    stamp = _digest([ROOT / "pyproject.toml", _CONSTRAINTS])
    source = _digest(sorted(_files()))
    python, folder = _environment("plain", stamp)
    installed = folder / "source.txt"
    if not installed.exists() or installed.read_text("utf-8") != source:
        copy = FOLDER / "source"
        shutil.rmtree(copy, ignore_errors=True)
        for file in _files():
            (copy / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy / file.relative_to(ROOT))
        finished([python, *_PIP, *constraints, str(copy)], FOLDER)
        # Again, since pip leaves alone what has the same version.
        finished([python, *_PIP, "--no-deps", "--force-reinstall", str(copy)], FOLDER)
        installed.write_text(source, "utf-8")
    return python


def _vendor() -> str:
    python, folder = _environment("vendor", VENDOR_VERSION + _digest([_CONSTRAINTS]))
    done = folder / "done.txt"
    if not done.exists():
        # Of httpx the version that the facade has, so that a difference is one of the clients.
        wanted = f"cekura[sdk]=={VENDOR_VERSION}"
        finished([python, *_PIP, "--constraint", str(_CONSTRAINTS), wanted], FOLDER)
        done.touch()
    return python


def _environment(name: str, stamp: str) -> tuple[str, Path]:
    """The interpreter and the folder of an environment, a new one if the stamp is another."""
    folder = FOLDER / name
    python, stamped = folder / "bin" / "python", folder / "stamp.txt"
    if not stamped.exists() or stamped.read_text("utf-8") != stamp:
        finished([sys.executable, "-m", "venv", "--clear", str(folder)], FOLDER)
        stamped.write_text(stamp, "utf-8")
    return str(python), folder


def _files() -> Iterator[Path]:
    """What the package is built from."""
    for name in _SOURCES:
        part = ROOT / name
        inside = part.rglob("*") if part.is_dir() else (part,)
        yield from (file for file in inside if file.is_file() and "__pycache__" not in file.parts)


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()

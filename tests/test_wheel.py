"""An installed wheel, away from the checkout, with its own copy of the corpus."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import os, sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return folder / done.stdout.strip().splitlines()[-1]


def test_it_carries_the_corpus_and_the_knowledge(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"advisor/_bundled/corpus/{path.name}" for path in (ROOT / "corpus").iterdir()} <= names
    knowledge = [
        *(ROOT / "advisor" / "knowledge").glob("*.toml"),
        *(ROOT / "advisor" / "knowledge").glob("*.safetensors"),
    ]
    assert {f"advisor/knowledge/{path.name}" for path in knowledge} <= names
    assert not any(name.startswith(("tests", "evals")) for name in names)


def test_it_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    libraries = [path for path in sys.path if Path(path).resolve() != ROOT and "site-packages" in path]
    program = (
        "import advisor, sys; from advisor.cli import main; print(advisor.__file__); "
        "sys.exit(main(['search', 'who deploys models?', '-k', '2']) or main(['ask', 'We are forty people.']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={
            "ADVISOR_HOME": str(tmp_path / "home"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(tmp_path / "site"), *libraries)),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout
    assert done.stdout.count("›") >= 2
    assert "Small: up to about 50" in done.stdout

"""The house rules that can be read off the source: imports run one way, the core is pure, files stay small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import advisor

PACKAGE = Path(advisor.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = [
    {"core", "errors", "files", "once", "text"},
    {"rows"},
    {"settings", "knowledge"},
    {"networks"},
    {"corpora", "retrieval"},
    {"language"},
    {"answering"},
    {"turn"},
    {"asides", "hearing"},
    {"conversation"},
    {"storage"},
    {"api"},
    {"records", "dialogue"},
    {"takeaways"},
    {"terminal", "ui", "evaluation"},
    {"server"},
    {"learning"},
    {"cli"},
    {"__main__"},
]
"""From the bottom up: a module imports from its own layer's name or from below."""

ONLY_IN = {
    "chromadb": ("retrieval",),
    "langchain_chroma": ("retrieval",),
    "langchain_text_splitters": ("retrieval",),
    "sentence_transformers": ("retrieval",),
    "gradio": ("ui", "server"),
    "onnxruntime": ("networks",),
    "sqlalchemy": ("storage",),
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def layer(part: str) -> int:
    return next(number for number, parts in enumerate(LAYERS) if part in parts)


def test_imports_run_one_way() -> None:
    for path in FILES:
        part = part_of(path)
        if part == "__init__":
            continue
        for name in imports(path):
            if name.startswith("advisor."):
                imported = name.split(".")[1]
                if any(imported in parts for parts in LAYERS):
                    allowed = imported == part or layer(imported) < layer(part)
                    assert allowed, f"{path.relative_to(PACKAGE)} imports {name}"


def test_the_core_is_pure() -> None:
    for path in (PACKAGE / "core").glob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("advisor.core"), f"{path.name} imports {name}"


def test_each_framework_has_one_place() -> None:
    for path in FILES:
        for name in imports(path):
            places = ONLY_IN.get(name.split(".")[0], (part_of(path),))
            assert part_of(path) in places, f"{path.relative_to(PACKAGE)} imports {name}"


def test_files_fit_in_a_head() -> None:
    for path in FILES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def loaded_by(code: str) -> set[str]:
    program = f"import sys; {code}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = {
        "torch",
        "transformers",
        "chromadb",
        "gradio",
        "numpy",
        "sklearn",
        "langchain_core",
        "rich",
        "pydantic",
        "py3langid",
    }
    assert not loaded_by("import advisor") & heavy
    assert not loaded_by("import advisor.cli") & heavy
    assert not loaded_by("import advisor.core.decision, advisor.core.inquiry, advisor.core.replies") & heavy


@pytest.mark.usefixtures("networks", "environment")
def test_an_answer_in_the_terminal_loads_no_page_and_nothing_to_train_with() -> None:
    loaded = loaded_by("from advisor.cli import main; main(['ask', 'Who is on call when a model breaks?'])")
    assert {"onnxruntime", "tokenizers", "rich"} <= loaded, "it did answer"
    assert not loaded & {
        "chromadb",
        "gradio",
        "langchain",
        "langchain_core",
        "onnx",
        "pandas",
        "sentence_transformers",
        "sklearn",
        "torch",
        "transformers",
    }

"""What the contracts in pyproject.toml cannot say of the modules; `lint-imports` holds those."""

from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_only_the_settings_read_the_environment() -> None:
    modules = [path for package in ("vectorstore", "assistant") for path in (ROOT / package).rglob("*.py")]
    readers = {
        path.relative_to(ROOT).as_posix() for path in modules if "os.environ" in path.read_text(encoding="utf-8")
    }

    # bert writes one variable, which silences ONNX Runtime's telemetry; risk_picture one that says where matplotlib
    # keeps its cache; serve_cli one that says where Gradio keeps uploads.
    writers = {
        "vectorstore/embedders/bert.py",
        "assistant/evaluation/risk_picture.py",
        "assistant/commands/serve_cli.py",
    }
    assert readers <= {"assistant/settings.py", *writers}

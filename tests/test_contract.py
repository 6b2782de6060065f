"""The contract with the console: its types are the app's (tests/fuzz/test_api.py asks every operation)."""

import json
import os
import re
import subprocess
from pathlib import Path

from tests.described import description


def test_the_consoles_types_are_what_the_app_would_generate_now(here: Path, tmp_path: Path) -> None:
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(description()), encoding="utf-8")
    made = tmp_path / "schema.ts"
    frontend = here / "frontend"
    scripts = json.loads((frontend / "package.json").read_text(encoding="utf-8"))["scripts"]["types"]
    command = scripts.replace("openapi.json", str(described)).replace("src/shared/api/schema.ts", str(made))
    subprocess.run(command, shell=True, check=True, cwd=frontend, capture_output=True, env=_with_node(frontend))
    kept = (frontend / "src/shared/api/schema.ts").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == kept, "run `make types`"


def _with_node(frontend: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{frontend / 'node_modules' / '.bin'}:{os.environ['PATH']}"}


def operations() -> list[str]:
    """Every operation that is asked over HTTP alone."""
    paths = description()["paths"]
    return sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


def test_every_operation_is_described() -> None:
    assert len(operations()) > 60
    assert all(re.match(r"[A-Z]+ /api/v1/", name) for name in operations())

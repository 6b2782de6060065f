"""`make types`: the app's OpenAPI description becomes the console's TypeScript types."""

import subprocess
import sys

from tools.setup import FRONTEND, PYTHON, STEPS, VENV, clean_environment, prepare
from tools.steps import SetupFailed, Steps, main


def work() -> None:
    """Write frontend/openapi.json (not kept) and from it src/shared/api/schema.ts (kept)."""
    prepare(Steps(STEPS), dev=True, console=False, node=True)
    env = clean_environment()
    said = subprocess.run([PYTHON, VENV / "bin" / "mentiondesk", "openapi"], capture_output=True, check=False, env=env)
    if said.returncode:
        raise SetupFailed(f"mentiondesk openapi failed:\n{said.stderr.decode(errors='replace')}")
    (FRONTEND / "openapi.json").write_bytes(said.stdout)
    if subprocess.run(["npm", "run", "--silent", "types"], cwd=FRONTEND, check=False, env=env).returncode:
        raise SetupFailed("openapi-typescript could not read frontend/openapi.json.")
    sys.stdout.write("frontend/src/shared/api/schema.ts is current.\n")


if __name__ == "__main__":
    main(work)

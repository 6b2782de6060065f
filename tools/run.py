"""`make run`: set up what is missing, then become `mentiondesk demo`, so that signals reach it and nothing else stays."""

import argparse
import os
from pathlib import Path

from tools.setup import STEPS, VENV, clean_environment, prepare
from tools.steps import SetupFailed, Steps, main


def work() -> None:
    """Read the flags, prepare, and hand over."""
    parser = argparse.ArgumentParser(prog="make run", description="Start Mentiondesk with a network to play with.")
    parser.add_argument("--host", help="where the console listens (make run HOST=0.0.0.0)")
    parser.add_argument("--port", help="the console's port (make run PORT=8400)")
    parser.add_argument("--sandbox-port", help="the sandbox network's port (make run SANDBOX_PORT=8401)")
    parser.add_argument("--data", help="the folder of database, uploads and keys (make run DATA=.data)")
    given = parser.parse_args()
    for name in ("port", "sandbox_port"):
        value = getattr(given, name)
        if value and not (value.isdigit() and int(value) < 65_536):
            raise SetupFailed(f"{name.upper()}={value} is not a port: give a number from 1 to 65535.")
    prepare(Steps(STEPS), dev=False)
    more = {"MENTIONDESK_DATA_DIR": str(Path(given.data).expanduser().absolute())} if given.data else {}
    command = [str(VENV / "bin" / "python"), str(VENV / "bin" / "mentiondesk"), "demo"]
    for flag in ("host", "port", "sandbox_port"):
        if value := getattr(given, flag):
            command += [f"--{flag.replace('_', '-')}", value]
    os.execve(command[0], command, clean_environment(**more))  # noqa: S606 - we become it, with its arguments as they are


if __name__ == "__main__":
    main(work)

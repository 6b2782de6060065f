"""The `mentiondesk` command; each command imports what it needs itself, so that none waits for the others."""

import asyncio
import gc
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from app.core.collector import settle
from app.core.errors import DeskError
from app.core.settings import settings
from app.sandbox.command import app as sandbox

app = typer.Typer(help="Mentiondesk: mentions become tickets, answers go out exactly once.", no_args_is_help=True)
sla = typer.Typer(help="The promise engine without a database.", no_args_is_help=True)
app.add_typer(sandbox, name="sandbox")
app.add_typer(sla, name="sla")

Host = Annotated[str | None, typer.Option(help="where to listen; MENTIONDESK_HOST")]
SandboxPort = Annotated[
    int | None, typer.Option(min=0, max=65535, help="the network's port; another free one when taken")
]
MetricsPort = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="where /healthz, /readyz and /metrics answer; MENTIONDESK_METRICS_PORT"),
]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="MENTIONDESK_PORT; 0 takes any free one")]


def _say(text: str) -> None:
    """Tell the person who started us; where lines are JSON this one is too."""
    if settings().log_json:
        from app.core.clock import now
        from app.core.telemetry import as_json

        typer.echo(as_json({"event": text, "level": "info", "timestamp": now()}), err=True)
    else:
        typer.echo(text, err=True)


def _start(
    host: str | None, port: int | None, *, web: bool = True, work: bool = True, metrics_port: int | None = None
) -> None:
    from app.core.migrated import database
    from app.core.port import address_of, bind

    def ready() -> None:
        settle()  # the collector looked at nothing of what start-up made and need not begin to
        gc.enable()
        _say(f"Ready: {where}" if where else f"Working.{watch}")

    gc.disable()
    host, port = host or settings().host, settings().port if port is None else port
    bound = bind(host, port) if web else None
    watched = None
    if metrics_port is not None:
        watched = bind(host, metrics_port, what="The port for metrics", option="--metrics-port")
    where = address_of(bound, host) if bound else ""
    watch = f" Metrics: {address_of(watched, host)}" if watched else ""
    with database(_say, meanwhile=lambda: import_module("app.serve")) as url:
        from app.serve import Parts, run

        asyncio.run(run(Parts(web=web, work=work), url, bound, ready, watched))


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Web and worker in one process."""
    _start(host, port)


@app.command()
def web(host: Host = None, port: Port = None) -> None:
    """The web side alone."""
    _start(host, port, work=False)


@app.command()
def worker(host: Host = None, metrics_port: MetricsPort = None) -> None:
    """The worker alone."""
    _start(host, None, web=False, metrics_port=settings().metrics_port if metrics_port is None else metrics_port)


@app.command()
def demo(host: Host = None, port: Port = None, sandbox_port: SandboxPort = None) -> None:
    """Everything at once on this machine: a network to play with, a brand, three people."""
    from app.demo import demo as run_demo

    run_demo(host, port, sandbox_port, typer.echo)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from app.core.migrated import database

    with database(_say):
        _say("The database is up to date.")


@app.command()
def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="for a program instead of a person")] = False
) -> None:
    """Say in words what is wrong; exits with 0 when all is well, 1 when something is worth a look, 2 when wrong."""
    from app.core.settings import unknown_variables
    from app.doctor.examine import database_of, examine
    from app.doctor.finding import Finding
    from app.doctor.report import as_json as written
    from app.doctor.report import closing, exit_code, line_of

    async def look(url: str | Finding) -> list[Finding]:
        found = []
        async for finding in examine(settings(), unknown_variables(), url):
            found.append(finding)
            if not as_json:
                typer.echo(line_of(finding))
        return found

    with database_of(settings()) as url:
        findings = asyncio.run(look(url))
    typer.echo(written(findings) if as_json else closing(findings))
    raise typer.Exit(exit_code(findings))


@app.command()
def openapi() -> None:
    """Print the interface's description."""
    from app.main import create_app

    json.dump(create_app().openapi(), sys.stdout, indent=1, ensure_ascii=False)


@app.command("add-agent")
def add_agent_command(
    name: str,
    email: str,
    role: Annotated[str, typer.Option(help="lead or agent")] = "agent",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Let somebody in, also when no lead can sign in any more."""
    from app.agents.invite import add_agent
    from app.agents.password import hash_password
    from app.core.db import opened
    from app.core.migrated import database
    from app.core.transaction import transaction
    from app.wiring import wire

    if role not in {"lead", "agent"}:
        raise typer.BadParameter("a role is lead or agent", param_hint="--role")

    async def add(url: str) -> None:
        wire()
        async with opened(url):
            hashed = await hash_password(password)
            async with transaction() as tx:
                await add_agent(tx, name=name, email=email, role="lead" if role == "lead" else "agent", hashed=hashed)

    with database(_say) as url:
        asyncio.run(add(url))
    _say(f"{name} can sign in.")


@app.command("rebuild-timers")
def rebuild_timers(
    *, closed: Annotated[bool, typer.Option(help="also rebuild closed cycles, which stay frozen otherwise")] = False
) -> None:
    """Fold every ticket's facts again, after a policy was corrected, and print what differs."""
    from app.core.db import opened
    from app.core.migrated import database
    from app.sla.rebuild import rebuild_all
    from app.wiring import wire

    async def rebuild(url: str) -> None:
        wire()
        async with opened(url):
            await rebuild_all(_say, anew=closed)

    with database(_say) as url:
        asyncio.run(rebuild(url))


@app.command("rotate-key")
def rotate_key(
    *, new: Annotated[bool, typer.Option(help="first make a new key in the data folder; the old one is kept")] = False
) -> None:
    """Seal all credentials with the present secret key, so that older keys are no longer needed."""
    from app.core.db import opened
    from app.core.migrated import database
    from app.core.reseal import Resealed, reseal_all
    from app.core.secrets import change_key_in, check_key
    from app.wiring import wire

    async def rotate(url: str) -> Resealed:
        wire()
        async with opened(url):
            return await reseal_all()

    check_key()
    with database(_say) as url:
        if new:
            _say(f"There is a new key; the old one is kept in {change_key_in(settings().data_dir)}.")
        done = asyncio.run(rotate(url))
    _say(f"{done.seen} sealed values, {done.anew} of them sealed anew.")
    for where in done.unreadable:
        _say(f"No key opens {where}: connect that account again, or bring its key back.")
    raise typer.Exit(int(bool(done.unreadable)))


@sla.command("simulate")
def simulate(file: Annotated[Path, typer.Argument(help="calendar, policy and facts as JSON")]) -> None:
    """Compute the clocks of a file of facts; nothing is stored."""
    from app.sla.simulate import run_file

    status, text = run_file(file)
    typer.echo(text, err=bool(status))
    raise typer.Exit(status)


def main() -> None:
    """Run a command; what a person can mend is said in one sentence."""
    try:
        app()
    except DeskError as error:
        _say(error.sentence)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()

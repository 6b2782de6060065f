"""The commands `mentiondesk sandbox serve` and `mentiondesk sandbox replay`."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.core.errors import DeskError
from app.core.settings import settings
from app.sandbox.address import DEFAULT_PORT, known_address

if TYPE_CHECKING:
    from app.sandbox.replay import Progress

app = typer.Typer(help="A small network on this machine that speaks the Mastodon client API.", no_args_is_help=True)


@app.command("serve")
def serve_command(
    host: Annotated[str, typer.Option(help="where to listen; keep it on this machine")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any free port")] = DEFAULT_PORT,
    flavour: Annotated[str, typer.Option(help="mastodon or gotosocial")] = "mastodon",
    folder: Annotated[Path | None, typer.Option(help="where it remembers itself; without one it forgets")] = None,
    brand: Annotated[str, typer.Option(help="a brand's account to make; its token is printed")] = "acme",
    *,
    with_parent: Annotated[
        bool, typer.Option(help="end when standard input does: with the process that started it")
    ] = False,
) -> None:
    """Serve the sandbox until Ctrl-C."""
    from app.sandbox.run import serve

    if with_parent:
        threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        serve(host, port, flavour=flavour, folder=folder, brand=brand, tell=typer.echo)
    except DeskError as error:
        typer.echo(error.sentence, err=True)
        raise typer.Exit(1) from None


def _end_with_input() -> None:
    """Wait for the end of standard input, which even a killed parent leaves behind, then end as by Ctrl-C."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


@app.command("replay")
def replay_command(
    file: Annotated[Path, typer.Argument(help="a JSON-lines file of posts")],
    rate: Annotated[float, typer.Option(min=0, help="posts a second; 0 means as fast as it goes")] = 50.0,
    to: Annotated[str | None, typer.Option(help="the sandbox's address; found by itself when it runs here")] = None,
    brand: Annotated[str | None, typer.Option(help="whom “@brand” and “to_brand” mean; else the first brand")] = None,
) -> None:
    """Post a recording into a running sandbox; doing it twice changes nothing."""
    from app.sandbox.replay import replay_file

    address = to or known_address(settings().data_dir / "sandbox")
    try:
        progress = replay_file(file, address.rstrip("/"), rate, _show, brand=brand)
    except DeskError as error:
        typer.echo(f"\n{error.sentence}", err=True)
        raise typer.Exit(1) from None
    typer.echo(_summary(progress))
    for number, reason in progress.bad:
        typer.echo(f"line {number} was left out: {reason}", err=True)
    if progress.bad:
        raise typer.Exit(1)


def _show(progress: "Progress") -> None:
    share = 100 * progress.read // max(1, progress.size)
    end = "\n" if progress.done else ""
    typer.echo(f"\r{share:3d} %  {progress.posted} posted, {progress.known} already there", nl=False)
    typer.echo(end, nl=False)


def _summary(progress: "Progress") -> str:
    parts = [f"{progress.posted} posted", f"{progress.known} already there", f"{len(progress.bad)} left out"]
    if progress.lost_parents:
        parts.append(f"{progress.lost_parents} answers to posts the file does not hold")
    return f"{progress.lines} lines in {progress.seconds:.1f} s: {', '.join(parts)}."

"""Commands that run the suite, a service, or the demonstration."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, DataDir, ended, run_to_end
from deploy.folders import DEMO_DIR, SUITE_DIR

Port = Annotated[
    int,
    typer.Option(
        min=1, max=65533, help="Port of the page; intake and promotion take the next two."
    ),
]
NatsPort = Annotated[
    int,
    typer.Option(
        min=0,
        max=65535,
        help="Port of NATS, which other systems connect to; by default a free one.",
        show_default=False,
    ),
]
WebsocketPort = Annotated[
    int,
    typer.Option(
        min=0,
        max=65535,
        help="Port of NATS for browsers, on this machine alone, for a proxy that speaks TLS; by"
        " default there is none.",
        show_default=False,
    ),
]
NatsTls = Annotated[
    bool,
    typer.Option(
        "--nats-tls",
        envvar="TRIBUNE_NATS_TLS",
        help="NATS speaks TLS and nothing else, by a certificate that the suite makes; clients"
        " trust ca.crt in its folder keys/tls.",
        show_default=False,
    ),
]
Replicas = Annotated[
    int,
    typer.Option(
        min=1,
        max=9,
        help="Processes of each service and of the gate; one works, the others stand by for it.",
    ),
]
MaxFile = Annotated[
    str,
    typer.Option(
        envvar="TRIBUNE_NATS_MAX_FILE",
        metavar="SIZE",
        help="What the log may take on the disk, such as 20GB; by default 20GB, or less where the"
        " disk has less room.",
        show_default=False,
    ),
]
NatsMemory = Annotated[
    str,
    typer.Option(
        envvar="TRIBUNE_NATS_MEMORY",
        metavar="SIZE",
        help="The memory that NATS is asked to stay below, such as 3GiB; by default what the log"
        " needs, or half of the machine's where that is less.",
        show_default=False,
    ),
]
Charter = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The charter's folder; the suite's folder remembers it. By default the one that"
        " TRIBUNE_CHARTER_DIR names in the environment, else the one that is remembered.",
        show_default=False,
    ),
]
app = typer.Typer()


def bytes_of(option: str, size: str) -> int:
    from shared.runtime.sizes import parse_size

    try:
        return int(parse_size(size)) if size else 0
    except ValueError as error:
        raise typer.BadParameter(f"{option}: {error}") from error


@app.command(
    epilog="Examples: tribune up --data-dir /srv/tribune --nats-port 4222    tribune up --charter"
    " /srv/charter    tribune up --replicas 2"
)
def up(
    data_dir: DataDir = SUITE_DIR,
    port: Port = 8000,
    nats_port: NatsPort = 0,
    websocket_port: WebsocketPort = 0,
    nats_tls: NatsTls = False,
    replicas: Replicas = 1,
    max_file: MaxFile = "",
    nats_memory: NatsMemory = "",
    charter: Charter = None,
) -> None:
    """Run the whole suite on this machine until Ctrl-C: NATS, the three services and the gate."""
    from deploy.commands.run import Given
    from deploy.commands.run import up as run

    sizes = bytes_of("--max-file", max_file), bytes_of("--nats-memory", nats_memory)
    given = Given(data_dir, port, nats_port, replicas, *sizes, charter, websocket_port, nats_tls)
    run_to_end(run(given))


@app.command(
    epilog="Examples: tribune demo    tribune demo --exit --json --data-dir /tmp/demo"
    "    tribune demo --until 2011-07-15 --data-dir /tmp/demo"
)
def demo(
    data_dir: DataDir = DEMO_DIR,
    port: Port = 8000,
    nats_port: NatsPort = 0,
    websocket_port: WebsocketPort = 0,
    nats_tls: NatsTls = False,
    replicas: Replicas = 1,
    max_file: MaxFile = "",
    nats_memory: NatsMemory = "",
    charter: Charter = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY",
            help="Only what was requested before this day, for a shorter demonstration in a folder"
            " of its own; the half year ends on 2011-12-31.",
            formats=["%Y-%m-%d"],
            show_default=False,
        ),
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="End after the summary.")] = False,
    as_json: AsJson = False,
) -> None:
    """Replay half a year of real requests to Boston's 311, then keep the page up."""
    from deploy.commands.run import Given
    from deploy.commands.run import demo as run

    sizes = bytes_of("--max-file", max_file), bytes_of("--nats-memory", nats_memory)
    given = Given(data_dir, port, nats_port, replicas, *sizes, charter, websocket_port, nats_tls)
    day = until.date() if until else None
    run_to_end(run(given, day, leave=leave, as_json=as_json))


@app.command(
    epilog="Examples: tribune init && docker compose up -d --wait    tribune init --add-missing"
)
def init(
    add_missing: Annotated[
        bool,
        typer.Option("--add-missing", help="Add what an older .env lacks, at its end."),
    ] = False,
) -> None:
    """Write .env, and a folder of keys and secrets, for docker compose; what is there stays."""
    from deploy.commands.init import init as run

    sys.exit(run(Path.cwd(), add_missing=add_missing))


@app.command(epilog="Example: TRIBUNE_NATS_URL=nats://nats:4222 tribune service intake")
def service(
    name: Annotated[
        str, typer.Argument(envvar="TRIBUNE_SERVICE", help="intake, promotion, publishing or gate")
    ],
) -> None:
    """Run one service, or the gate, in the foreground.

    It is told everything by TRIBUNE_… variables or .env.
    """
    import uvloop
    from pydantic import ValidationError

    from deploy.programs import PROGRAMS
    from deploy.suite import composition, program_named
    from shared.eventsourcing.jetstream.credentials import CredentialsError
    from shared.eventsourcing.jetstream.tls import AuthorityError
    from shared.runtime.charter import CharterError
    from shared.runtime.keys import WeakKeyError
    from shared.runtime.service import run_service
    from shared.runtime.settings import Settings

    if name not in PROGRAMS:
        typer.secho(f"there is no program {name}; there are {', '.join(PROGRAMS)}", err=True)
        sys.exit(2)
    # Whatever else goes wrong is ours to mend, and stands in its log with all that led to it.
    ended(
        lambda: uvloop.run(run_service(program_named(name), Settings(), composition(name))),
        words_for=(AuthorityError, CharterError, CredentialsError, ValidationError, WeakKeyError),
    )

"""`tribune rebuild`: makes read models anew from the log."""

from pathlib import Path

from deploy.connecting import connected
from deploy.given import UnknownNameError
from deploy.programs import SERVICES
from deploy.suite import database, read_models, read_models_named
from deploy.terminal import Terminal
from shared.eventsourcing.projections.rebuild import rebuild as build_anew

console = Terminal()


async def rebuild(data_dir: Path | None, names: list[str]) -> int:
    known = [model.name for service in SERVICES for model in read_models(service)]
    found = {model.name for service in SERVICES for model in read_models_named(service, names)}
    if unknown := [name for name in names if name not in found]:
        raise UnknownNameError(
            f"there is no read model {', '.join(unknown)}; there are {', '.join(known)}"
        )
    async with connected(data_dir) as suite:
        for service in SERVICES:
            engine = database(suite.settings, service)
            for model in read_models_named(service, names):
                rows = await build_anew(suite.client, engine, model, codec=suite.codec)
                console.print(f"{model.name} of {service}: {rows:,} rows, switched over")
            engine.dispose()
    return 0

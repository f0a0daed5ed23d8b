"""What a service tells Prometheus: positions, tallies and restarts of its loops."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

registry = CollectorRegistry()

position = Gauge(
    "tribune_position", "Last sequence worked through", ["loop", "stream"], registry=registry
)
restarts = Counter(
    "tribune_loop_restarts_total",
    "Times a loop failed and began again",
    ["loop"],
    registry=registry,
)
messages = Gauge(
    "tribune_messages",
    "What became of messages since start",
    ["loop", "result"],
    registry=registry,
)
commands = Counter(
    "tribune_commands_total", "Commands by request/reply", ["command", "result"], registry=registry
)


def exposition() -> bytes:
    return generate_latest(registry)

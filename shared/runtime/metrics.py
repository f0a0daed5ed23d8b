"""What a service tells Prometheus: positions, tallies, restarts of its loops, and of signing in."""

from collections.abc import Callable

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
store_full = Gauge(
    "tribune_store_full_ratio", "How much of what the log may take is taken", registry=registry
)
server_ill = Gauge(
    "tribune_log_server_ill", "1 where the log server is not healthy", registry=registry
)
clock_ahead = Gauge(
    "tribune_clock_ahead_seconds",
    "How far our clock is ahead of the log server's; negative where it is behind",
    registry=registry,
)
inbox_full = Gauge(
    "tribune_inbox_full_ratio", "How much of its room an inbox takes", ["stream"], registry=registry
)
set_aside = Gauge(
    "tribune_set_aside", "Events that a read model could not take", ["model"], registry=registry
)
owned = Gauge(
    "tribune_loop_owned", "1 where this process runs the loop", ["loop"], registry=registry
)
commands = Counter(
    "tribune_commands_total", "Commands by request/reply", ["command", "result"], registry=registry
)
sent = Counter(
    "tribune_sent_over_http_total",
    "Messages that sources sent over HTTP, and what became of them at the door",
    ["source", "result"],
    registry=registry,
)
keys_used = Counter(
    "tribune_source_keys_used_total",
    "Requests with a source's key, or with none that is good",
    ["source", "result"],
    registry=registry,
)
slow_downs = Counter(
    "tribune_slow_downs_total",
    "Requests that one address made too fast, and passphrases that were tried too soon",
    ["of"],
    registry=registry,
)
sign_ins = Counter(
    "tribune_sign_ins_total",
    "Tries to sign in, by way and outcome",
    ["way", "outcome"],
    registry=registry,
)
sessions_begun = Counter("tribune_sessions_begun_total", "Sessions begun", registry=registry)
sessions_ended = Counter(
    "tribune_sessions_ended_total",
    "Signed out in one browser, signed out everywhere, closed with the login",
    ["how"],
    registry=registry,
)
acts = Gauge(
    "tribune_acts",
    "Privileged acts by kind and state; those that wait are for a second person",
    ["kind", "state"],
    registry=registry,
)
looked_up: dict[str, Callable[[], None]] = {}
"""What is looked up whenever somebody asks for figures, by its name."""


def exposition() -> bytes:
    for look in looked_up.values():
        look()
    return generate_latest(registry)

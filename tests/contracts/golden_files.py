"""Golden files: every event type and version as it was written. Run it to write those that miss."""

import json
from pathlib import Path
from typing import Any

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.eventsourcing.cloudevents import encode
from shared.testing.examples import EXAMPLES, new_event

FOLDER = Path(__file__).parent / "golden"


def golden_file(event_type: type[Event], version: int) -> Path:
    return FOLDER / f"{event_type.type_name()}.{version}.json"


def as_written_today(event_type: type[Event]) -> dict[str, Any]:
    subject, headers, body = encode(new_event(EXAMPLES[event_type.type_name()]))
    return {"subject": subject, "headers": headers, "body": json.loads(body)}


def write_missing() -> None:
    """Never touches a file that is there: what was once written has to stay readable as it is."""
    for event_type in EVENT_TYPES.values():
        path = golden_file(event_type, event_type.version)
        if not path.exists():
            path.write_text(json.dumps(as_written_today(event_type), indent=2) + "\n")


if __name__ == "__main__":
    write_missing()

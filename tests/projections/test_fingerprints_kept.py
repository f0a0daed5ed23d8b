"""What a version of a read model was made by stays: another fold under its name is refused at
start, also that of a version before whose rows are still shown.

`python tests/projections/test_fingerprints_kept.py` adds new versions to the file beside, once they
are as they shall be.
"""

import json
from pathlib import Path

from deploy.programs import SERVICES
from deploy.suite import read_models
from shared.eventsourcing.projections.fingerprints import fingerprint

KEPT = Path(__file__).with_name("fingerprints.json")


def now() -> dict[str, str]:
    models = [model for service in SERVICES for model in read_models(service)]
    return {each.name: fingerprint(each) for model in models for each in model.versions()}


def kept() -> dict[str, str]:
    found: dict[str, str] = json.loads(KEPT.read_text())
    return found


def test_every_version_is_made_as_it_was() -> None:
    assert now() == kept(), "give the changed one a new version; see this file for a new one"


if __name__ == "__main__":
    KEPT.write_text(json.dumps(now() | kept(), indent=2, sort_keys=True) + "\n")

"""What Python packages an image holds, as CycloneDX: run inside it while it is built."""

import json
import sys
from collections.abc import Sequence
from importlib.metadata import distributions


def bill(folders: Sequence[str]) -> str:
    packages = {(each.metadata["Name"], each.version) for each in distributions(path=[*folders])}
    components = [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
        }
        for name, version in sorted(packages)
    ]
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    return json.dumps(head | {"components": components}, indent=1)


if __name__ == "__main__":
    sys.stdout.write(bill(sys.argv[1:]))

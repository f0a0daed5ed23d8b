"""`tribune verify` in a process of its own: how long it takes, and the most memory it has.

On Linux the kernel counts into `getrusage` what the process had before it became another program;
what `/proc` tells is of this one alone.
"""

import json
import resource
import sys
import time
from pathlib import Path

from deploy.connecting import connected
from deploy.verify import verify
from shared.runtime.memory import collect_less_often
from shared.runtime.sizes import MB

STATUS, PEAK = Path("/proc/self/status"), "VmHWM:"


async def prove(folder: Path) -> dict[str, float | str]:
    began = time.perf_counter()
    async with connected(folder) as suite:
        verdict = await verify(suite.client, suite.settings, lambda _: None, suite.codec)
    return {
        "verify_s": round(time.perf_counter() - began, 1),
        "verify_peak_mb": round(peak_mb(), 1),
        "wrong": " ".join([*verdict.wrong, *verdict.behind]),
    }


def peak_mb() -> float:
    if STATUS.exists():
        (line,) = [each for each in STATUS.read_text().splitlines() if each.startswith(PEAK)]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


if __name__ == "__main__":
    import uvloop

    collect_less_often()
    found = uvloop.run(prove(Path(sys.argv[1])))
    print(json.dumps(found))  # noqa: T201

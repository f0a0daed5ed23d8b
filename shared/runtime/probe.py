"""What a container's health check asks: is the service ready, and if not, why."""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from shared.runtime.own_address import asked_here

ANSWERS_WITHIN_S = 4


def main() -> int:
    """0 once it is ready; the reasons go to `docker inspect`."""
    host = asked_here(os.environ.get("TRIBUNE_INNER_HOST", "127.0.0.1"))
    host = f"[{host}]" if ":" in host else host
    url = f"http://{host}:{os.environ.get('TRIBUNE_INNER_PORT', '8100')}/readyz"
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=ANSWERS_WITHIN_S):
            return 0
    except HTTPError as error:
        print("; ".join(json.load(error)["reasons"]))  # noqa: T201
    except OSError as error:
        print(f"does not answer: {error}")  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())

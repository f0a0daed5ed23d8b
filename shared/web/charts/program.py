"""Draws charts, one for each line that it is given; a process of its own.

While the library draws, nothing else in its process goes on, and where it fails it ends it.
"""

import json
import os
import resource
import sys

from vl_convert import vegalite_to_svg

EMPTY = {"data": {"values": []}, "mark": "text"}
GIVES_WAY = 5


def main() -> None:
    """Until nothing more can come. Once it has what it needs it opens neither file nor socket."""
    os.nice(GIVES_WAY)  # pages come first
    vegalite_to_svg(EMPTY, allowed_base_urls=[])
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    for line in sys.stdin.buffer:
        try:
            drawn = vegalite_to_svg(line.decode(), allowed_base_urls=[])
        except ValueError:
            drawn = None
        sys.stdout.write(f"{json.dumps(drawn)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

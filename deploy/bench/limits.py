"""What one machine holds, by what a million events takes."""

from collections.abc import Mapping
from dataclasses import dataclass

MACHINES_GB = (8, 64, 256)
OTHERS_GB = 2.0
SHARE = 0.5
"""The services and the system take `OTHERS_GB`; of the rest the log server gets this share, and the
pages of files that are read and written get what is left."""
MB_IN_GB = 1024
S_IN_H = 3600


@dataclass(frozen=True)
class Limit:
    """`millions` of events fit into the memory of a machine; the rest is what that many take."""

    memory_gb: int
    millions: float
    disk_gb: float
    rebuild_h: float
    verify_h: float


def limit(figures: Mapping[str, float], memory_gb: int) -> Limit:
    """`figures` are those of `tribune bench growth`, for each million."""
    for_the_log_mb = (memory_gb - OTHERS_GB) * SHARE * MB_IN_GB - figures["nats_empty_mb"]
    millions = for_the_log_mb / figures["nats_mb_per_million"]
    disk_mb = figures["disk_mb_per_million"] + figures["rows_mb_per_million"]
    return Limit(
        memory_gb,
        round(millions, 1),
        round(millions * disk_mb / MB_IN_GB),
        round(millions * figures["rebuild_s_per_million"] / S_IN_H, 1),
        round(millions * figures["verify_s_per_million"] / S_IN_H, 1),
    )

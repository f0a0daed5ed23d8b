"""What one address may have of a door; whoever only reads settings has none."""

from shared.runtime import metrics
from shared.runtime.connections import Crowd
from shared.runtime.door_settings import DoorSettings
from shared.runtime.open_files import most_connections
from shared.web.fair_share import Share


def share_of(doors: DoorSettings) -> Share:
    told = metrics.slow_downs.labels("requests").inc
    return Share(doors.addresses, doors.requests_each_s, doors.requests_each, refused=told)


def crowd_of(doors: DoorSettings) -> Crowd:
    return Crowd(most_connections(), doors.connections_each, doors.addresses)

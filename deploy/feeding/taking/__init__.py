"""Takes all rows of a file through a mapping and checks each, before anything is sent."""

from deploy.feeding.taking.take import Taken, take

__all__ = ["Taken", "take"]

"""What of the rows of somebody's file becomes which upstream events, as a mapping file says."""

from shared.mapping.events import UpstreamEvent, in_batches
from shared.mapping.mapping import Mapping
from shared.mapping.template import Row

__all__ = ["Mapping", "Row", "UpstreamEvent", "in_batches"]

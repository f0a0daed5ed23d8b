"""What of the rows of somebody's file becomes which upstream events, as a mapping file says."""

from deploy.feeding.mapping.events import UpstreamEvent, in_batches
from deploy.feeding.mapping.mapping import Mapping
from deploy.feeding.mapping.template import Row

__all__ = ["Mapping", "Row", "UpstreamEvent", "in_batches"]

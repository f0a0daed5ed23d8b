"""The whole suite on one machine: a real NATS server and all programs, each its own process."""

from deploy.embedded.folder import is_running
from deploy.embedded.running import running
from deploy.embedded.suite import Suite

__all__ = ["Suite", "is_running", "running"]

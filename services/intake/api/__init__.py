"""What programs of sources ask intake over HTTP: messages in, receipts out."""

from services.intake.api.events import router
from services.intake.api.files import files_router
from services.intake.api.hooks import hook_router, hooks_of
from services.intake.api.open311 import open311_routes
from services.intake.api.roads import Roads
from services.intake.api.trace_files import trace_files_router
from services.intake.api.traces import trace_router

__all__ = [
    "Roads",
    "files_router",
    "hook_router",
    "hooks_of",
    "open311_routes",
    "router",
    "trace_files_router",
    "trace_router",
]

"""`POST /hooks/{source}/{mapping}`: what other systems send as they do, by mappings."""

from services.intake.api.hooks.known import hooks_of
from services.intake.api.hooks.receiving import hook_router

__all__ = ["hook_router", "hooks_of"]

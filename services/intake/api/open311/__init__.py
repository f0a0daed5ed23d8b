"""GeoReport v2 of Open311: what can be reported, a request, and what its token is told."""

from services.intake.api.open311.mounted import open311_routes

__all__ = ["open311_routes"]

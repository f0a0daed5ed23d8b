"""What readers call the services."""

from shared.web.language import marked

NAMES = {
    "publishing": marked("Publishing"),
    "intake": marked("Intake"),
    "promotion": marked("Promotion"),
}


def name_of(service: str) -> str:
    """In English."""
    return NAMES.get(service, service.capitalize())

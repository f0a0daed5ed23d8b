"""Days as credentials and their tokens say them: by their first moment, in UTC."""

from datetime import UTC, date, datetime, time


def written(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def midnight(day: date) -> int:
    """In seconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())

"""What is wrong with a server that we need, in words without any password."""

from sqlalchemy.exc import DBAPIError


def nats_trouble(error: Exception) -> str:
    text = str(error).lower()
    if "authorization" in text:
        return "NATS refuses the user or the password of TRIBUNE_NATS_URL"
    return f"NATS does not answer at TRIBUNE_NATS_URL ({type(error).__name__})"


def database_trouble(error: Exception) -> str:
    """The first line of what the driver says; it names user and host, and never a password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    said = lines[0] if lines else type(cause).__name__
    if "password authentication failed" in str(cause):
        return f"the database refuses the password: {said}"
    return f"the database does not answer: {said}"

"""How a client knows that it speaks to our NATS and to nobody between."""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nats.aio.client import Client

ALWAYS = "tls"
"""The scheme of an address where nothing is said before TLS stands; under `nats://` the server
says whether it wants it, and whoever stands between could say that it does not."""


EXPIRED = 10
"""OpenSSL's number for it."""


class AuthorityError(Exception):
    """The certificates that are to be trusted can't be read; says which file."""


def tls_settings(url: str, authority: Path | None) -> dict[str, Any]:
    """What nats-py wants. Without an authority the machine's own are trusted.

    Raises AuthorityError.
    """
    if authority is None and not is_always(url):
        return {}
    return {"tls": _trust(authority), "tls_handshake_first": is_always(url)}


def is_always(url: str) -> bool:
    return urlsplit(url).scheme == ALWAYS


def certificate_ends(client: Client) -> datetime | None:
    """When the certificate that the server has shown is good no more; None without TLS."""
    writer = getattr(client._transport, "_io_writer", None)  # noqa: SLF001
    shown = writer.get_extra_info("peercert") if writer else None
    if not shown:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)


def is_distrust(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError)


def distrusted(error: BaseException) -> str:
    """Why TLS did not come about, and what to do."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "does not speak TLS; its address begins with nats://, or somebody is in between"
    if error.verify_code == EXPIRED:
        return "shows a certificate that has expired; `tribune init --add-missing` makes a new one"
    return (
        f"shows a certificate that is not trusted here ({error.verify_message}): TRIBUNE_NATS_CA"
        " names the file to trust, ca.crt in the folder tls of the suite's keys"
    )


def _trust(authority: Path | None) -> ssl.SSLContext:
    if authority is None:
        return ssl.create_default_context()
    try:
        context = ssl.create_default_context(cafile=str(authority))
    except (OSError, ssl.SSLError) as error:
        raise AuthorityError(
            f"{authority} has no certificates to trust ({type(error).__name__})"
        ) from None
    return context

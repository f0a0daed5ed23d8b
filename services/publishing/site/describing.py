"""What a page says of itself in words of schema.org. Pure."""

from collections.abc import Mapping
from typing import Any

from shared.web.frame import Frame

CONTEXT = "https://schema.org"


def described(frame: Frame, title: str, address: str, thing: Mapping[str, Any]) -> dict[str, Any]:
    """`thing` says more of what it is, or something else."""
    house = {"@type": "Organization", "name": frame.house.name, "url": frame.sites.base}
    return {
        "@context": CONTEXT,
        "@type": "WebPage",
        "name": title,
        "url": address,
        "inLanguage": frame.language.tag,
        "publisher": house,
        "isPartOf": {"@type": "WebSite", "name": frame.house.name, "url": frame.sites.base},
        **thing,
    }

"""The catalogue (DCAT 3, as JSON-LD), the data dictionary and the checksums. Pure."""

from collections.abc import Iterable
from typing import Any

from services.publishing.site.opendata.columns import SCHEMA_VERSION, Column, Dataset
from services.publishing.site.opendata.datasets import DATASETS
from services.publishing.site.opendata.edition import Edition
from services.publishing.site.opendata.sink import Made
from shared.runtime.charter import Charter

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "tribune": "urn:tribune:",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def dictionary(charter: Charter) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "datasets": {each.name: _dataset(each) for each in DATASETS},
        "sectors": charter.sectors,
        "tracks": {each.name: each.title for each in charter.tracks},
    }


def _dataset(dataset: Dataset) -> dict[str, Any]:
    fields = [_field(each) for each in dataset.columns]
    return {"title": dataset.title, "about": dataset.about, "fields": fields}


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.type,
        "unit": column.unit or None,
        "meaning": column.meaning,
        "suppressed": bool(column.hidden),
        "suppressed_how": column.hidden or None,
    }


def catalogue(edition: Edition, charter: Charter, base: str) -> dict[str, Any]:
    """`base` is the site's address with a slash at its end."""
    house = {"@type": "foaf:Organization", "foaf:name": charter.name}
    return {
        "@context": CONTEXT,
        "@id": f"{base}data",
        "@type": "dcat:Catalog",
        "dct:title": charter.name,
        "dct:description": charter.notice or None,
        "dct:publisher": house,
        "dct:language": charter.language.tag,
        "dct:modified": _moment(edition),
        "dcat:version": str(edition.version),
        "tribune:schema_version": SCHEMA_VERSION,
        "tribune:position": edition.version.position,
        "dcat:dataset": [_in_catalogue(each, edition, house, base) for each in DATASETS],
    }


def _in_catalogue(
    dataset: Dataset, edition: Edition, house: dict[str, Any], base: str
) -> dict[str, Any]:
    return {
        "@id": f"{base}data#{dataset.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.name,
        "dct:title": dataset.title,
        "dct:description": dataset.about,
        "dct:publisher": house,
        "dct:modified": _moment(edition),
        "dct:conformsTo": {"@id": f"{base}data/dictionary.json"},
        "dcat:landingPage": {"@id": f"{base}data#{dataset.name}"},
        "dcat:version": str(edition.version),
        "dcat:distribution": [_file(each, base) for each in files_of(dataset, edition)],
    }


def schema(base: str) -> dict[str, Any]:
    """The same in short, in words of schema.org: for the page."""
    each = [
        {
            "@type": "Dataset",
            "name": dataset.title,
            "description": dataset.about,
            "url": f"{base}data#{dataset.name}",
            "variableMeasured": list(dataset.names),
            "isAccessibleForFree": True,
        }
        for dataset in DATASETS
    ]
    return {"@type": "DataCatalog", "dataset": each}


def _file(made: Made, base: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dct:title": made.name,
        "dcat:downloadURL": {"@id": f"{base}data/{made.name}"},
        "dcat:mediaType": {"@id": MEDIA_TYPES + made.media_type},
        "dcat:byteSize": made.size,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": made.sha256,
        },
        "tribune:rows": made.rows,
    }


def _moment(edition: Edition) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": edition.at.isoformat()}


def files_of(dataset: Dataset, edition: Edition) -> Iterable[Made]:
    return [each for name, each in edition.files.items() if name.split(".")[0] == dataset.name]


def checksums(edition: Edition) -> str:
    """As sha256sum reads them."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in edition.files.values())

"""Where a request of Open311 is, with a charter that has a map of its places."""

import pytest

from services.intake.api.open311.message import arrived
from services.intake.api.open311.sent import Sent
from services.intake.api.open311.whereabouts import place_of
from services.intake.api.open311.wrong import WrongRequestError
from shared.contracts.inbox import ReportSubmitted
from shared.contracts.point import OutsideError, Point
from shared.testing.examples import MONDAY

PLACES = {
    "everywhere": "All",
    "us.boston": "Boston",
    "us.boston.roxbury": "Roxbury",
    "us.salem": "Salem",
}
HERE = {"lat": "42.2", "long": "-71.1"}


def locate(point: Point) -> str:
    if point.latitude > 50:
        raise OutsideError("It lies in no place of this charter; the nearest is us.salem (Salem).")
    return "us.boston.roxbury" if point.latitude < 43 else "us.salem"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (HERE, "us.boston.roxbury"),
        (HERE | {"jurisdiction_id": "us.boston"}, "us.boston.roxbury"),
        (HERE | {"address_id": "us.salem"}, "us.salem"),
        (HERE | {"address_string": "5 Elm, Salem"}, "us.salem"),
        (HERE | {"address_string": "5 Elm"}, "us.boston.roxbury"),
        ({"address_string": "5 Elm"}, "everywhere"),
    ],
)
def test_a_point_leads_to_its_place_where_no_other_is_named(
    said: dict[str, str], place: str
) -> None:
    assert place_of(Sent(said, {}), PLACES, locate) == place


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (HERE | {"lat": "60"}, "the nearest is us.salem"),
        (HERE | {"lat": "44", "jurisdiction_id": "us.boston"}, "outside of jurisdiction_id"),
        ({"lat": "42"}, "both degrees"),
    ],
)
def test_a_point_that_leads_nowhere(said: dict[str, str], words: str) -> None:
    with pytest.raises(WrongRequestError, match=words) as error:
        place_of(Sent(said, {}), PLACES, locate)
    assert said["lat"] not in str(error.value).replace("42.3601", "")


def test_the_point_goes_into_the_message_and_not_into_the_words() -> None:
    said = Sent(HERE | {"service_code": "graffiti", "description": "Ugly"}, {})
    found = arrived(said, "7" * 40, "us.boston", MONDAY, is_public=False)
    message = ReportSubmitted.model_validate_json(found.body)
    assert (message.point, message.text) == (Point(42.2, -71.1), "Ugly")

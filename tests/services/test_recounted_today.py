"""The recount goes by the site's own day, whatever the last event says of its zone."""

from dataclasses import replace
from datetime import date, datetime

from public_site import CHARTER, public_site
from sqlalchemy import Engine
from test_recounted_outside import differences

from shared.testing.examples import PUBLIC_CHECK_OPENED, recorded, varied
from shared.web.language import Language

OPENED = varied(PUBLIC_CHECK_OPENED, due_on=date(2030, 7, 1))
IN_WINTER = datetime.fromisoformat("2030-02-01T00:00:00+01:00")
BEHIND_MIDNIGHT = datetime.fromisoformat("2030-07-02T00:30:00+02:00")


async def test_an_event_of_winter_says_nothing_of_a_day_in_summer(database: Engine) -> None:
    there = replace(CHARTER, language=Language(zone="Europe/Paris"))
    async with public_site(database, charter=there) as site:
        site.clock.jump(BEHIND_MIDNIGHT)
        public = [replace(recorded(OPENED, 1), recorded_at=IN_WINTER)]
        site._projector.write(public, 1)
        site.live.tell(1)
        async with site.client() as client:
            told = (await client.get("/api/patterns")).json()
        assert (told["today"], told["rows"][0]["not_done"]) == ("2030-07-02", 1)
        assert await differences(site, public) == []

"""The pages as text; each reads the database and the charter, and nothing else."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from services.publishing.newsroom.words import Told, nothing_told
from services.publishing.projections import (
    board,
    kept,
    late,
    overdue,
    pictures,
    qualified,
    requested,
    requests,
    stories,
)
from services.publishing.site import words
from services.publishing.site.bulletin_pages import BulletinPages
from services.publishing.site.chart_pages import ChartPages
from services.publishing.site.check_pages import CheckPages
from services.publishing.site.describing import described
from services.publishing.site.feeds import Feeds
from services.publishing.site.figures import Figures
from services.publishing.site.late import Late, LateAsked, LateCheck
from services.publishing.site.opendata.all_formats import formats_of
from services.publishing.site.opendata.datasets import DATASETS
from services.publishing.site.opendata.telling import schema
from services.publishing.site.owners import (
    IN_A_FILE,
    ON_A_PAGE,
    OwnersAsked,
    Patterns,
    as_csv,
    told,
)
from services.publishing.site.page import Page
from services.publishing.site.places import Register, lines, region_of
from services.publishing.site.preferences import PATH
from services.publishing.site.question_pages import QuestionPages, Said, nothing_said
from services.publishing.site.question_words import WAYS
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.share_pages import SharePages
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from services.publishing.site.standing import Standing
from services.publishing.site.story_pages import StoryPages
from shared.runtime.charter import Charter
from shared.web.charts.drawer import Drawer
from shared.web.frame import Frame
from shared.web.paging import address, paged

FOLDER = Path(__file__).parent
FILTERS = (words.pseudonym, words.xml_text)
ON_FRONT, ON_PLACE, IN_AN_ANSWER = 8, 12, 1_000
STORIES_ON_FRONT = 5
SITEMAP = "sitemap.xml"
OWNERS, PATTERNS, DATA = "/owners", "/patterns", "/data"
LISTS = {"overdue": overdue.newest, "qualified": qualified.newest}


class Pages:
    """`tracks` are titles by name. Methods block: use a thread."""

    def __init__(
        self,
        reader: Reader,
        charter: Charter,
        tracks: Mapping[str, str],
        frame: Frame,
        drawer: Drawer,
        told: Told = nothing_told,
        said: Said = nothing_said,
    ) -> None:
        self.register = Register(charter.places)
        self._zones = {frame.language.zone, *charter.zones.values()}
        self._frame = frame
        self._reader = reader
        self.feed = Feeds(reader, charter).feed
        self.stories = StoryPages(reader, told, frame.sites.root)
        self.questions = QuestionPages(reader, self.register, said, frame)
        self.share = SharePages(reader)
        self.bulletins = BulletinPages(reader, charter, frame, told)
        self.checks = CheckPages(reader, charter, self.register, frame, self.stories.uses)
        charted = charter, self.register, frame, self._kept, drawer
        self.charts = ChartPages(reader, *charted)
        frame.take_in(FOLDER)
        frame.sitemap = SITEMAP
        frame.templates.filters |= {show.__name__: show for show in FILTERS}
        frame.templates.filters["days_late"] = partial(words.days_late, frame.language)
        frame.templates.filters["outcome"] = partial(words.outcome, frame.language)
        frame.templates.globals |= {
            "register": self.register,
            "described": partial(described, frame),
            "few_held": charter.smallest_figure if charter.protects else 0,
            "sectors": charter.sectors,
            "sector_name": lambda sector: charter.sectors.get(sector, sector),
            "track_title": lambda track: tracks.get(track, track),
            "withdrawn_for": partial(words.withdrawn_for, frame.language),
            "reasons": lambda member: words.reasons(
                frame.language, member, tracks.get(member["track"], member["track"])
            ),
        }

    def front(self) -> Page:
        with self._reader.reading() as reading:
            rows = board.all_places(reading.connection)
            region = region_of(rows)
            return self._reader.page(
                reading,
                "front.html",
                canonical="",
                thing={"@type": "WebSite"},
                figures=board.totals(rows),
                qualifications=qualified.count(reading.connection),
                members=qualified.members(reading.connection),
                place=None,
                lines=lines(rows, region) if region else [],
                overdue=overdue.newest(reading.connection, ON_FRONT),
                qualified=qualified.newest(reading.connection, ON_FRONT),
                titled=self.stories.titled(stories.newest(reading.connection, STORIES_ON_FRONT)),
            )

    def place(self, place: str) -> Page:
        within = self.register.within(place)
        with self._reader.reading() as reading:
            rows = board.all_places(reading.connection, within)
            return self._reader.page(
                reading,
                "place.html",
                canonical=f"place/{place}",
                thing={"about": {"@type": "Place", "name": self.register.name(place)}},
                place=place,
                figures=board.totals(rows),
                qualifications=qualified.count(reading.connection, within),
                members=qualified.members(reading.connection, within),
                lines=lines(rows, place) if within is None or len(within) > 1 else [],
                asked=self.questions.waiting(reading, within, ON_PLACE),
                ways={way: self._frame.language.gettext(text) for way, text in WAYS.items()},
                overdue=overdue.newest(reading.connection, ON_PLACE, within),
                qualified=qualified.newest(reading.connection, ON_PLACE, within),
            )

    def figures(self, place: str | None) -> Page:
        """For programs: `Figures` as JSON."""
        within = self.register.within(place) if place else None
        with self._reader.reading() as reading:
            told = Figures(
                place=place,
                name=self.register.name(place) if place else None,
                as_of=reading.at,
                whole=reading.missing is None,
                qualifications=qualified.count(reading.connection, within),
                members=qualified.members(reading.connection, within),
                **board.totals(board.all_places(reading.connection, within)),
            )
        return Page(told.model_dump_json(), reading.at, reading.missing)

    def listing(self, kind: str, place: str | None, before: int | None, at_once: int) -> Page:
        """All overdue checks or qualified members, a page at a time."""
        path = f"{self._frame.sites.root}/{kind}"
        back = address(path, place=place, before=before)
        within: Collection[str] | None = self.register.within(place) if place else None
        with self._reader.reading() as reading:
            found = LISTS[kind](reading.connection, at_once + 1, within, before)
            return self._reader.page(
                reading,
                "list.html",
                canonical=address(kind, place=place),
                kind=kind,
                place=place,
                at_once=at_once,
                list=paged(found, at_once, path, before, "sequence", place=place),
                preferences=address(f"{self._frame.sites.root}{PATH}", back=back),
            )

    def report(self, report: str) -> Page:
        """What is public of it. Raises NotFoundError; NothingToShowError where it may be one of
        those that are not there yet."""
        with self._reader.reading() as reading:
            found = requested.kept(reading.connection, report)
            if found is None or found["about"] != requests.REPORT:
                raise NothingToShowError if reading.missing else NotFoundError
            named = pictures.of_report(reading.connection, report)
            facts = {
                "canonical": f"reports/{report}",
                "report": found,
                "place": found["place"],
                "pictures": named,
                "uses": self.stories.uses(reading, report),
            }
            return self._reader.page(reading, "report.html", **facts)

    def pictures_of(self, report: str) -> Page:
        with self._reader.reading() as reading:
            named = pictures.of_report(reading.connection, report)
            return Page(" ".join(named), reading.at, reading.missing)

    def late(self, asked: LateAsked) -> Page:
        """For programs: `Late` as JSON."""
        within = self.register.within(asked.place) if asked.place else None
        with self._reader.reading() as reading:
            days = asked.on, asked.known
            rows, onward = late.on_day(reading.connection, *days, within, asked.after, asked.limit)
            found = [
                LateCheck(check=check, place=place, owner=owner, due_on=due_on)
                for check, place, owner, due_on in rows
            ]
            after = f"{onward[0]}/{onward[1]}" if onward else None
            known = min(asked.known, reading.at.date())
            days_told = {"on": asked.on, "known": known, "as_of": reading.at}
            told = Late(**days_told, checks=found, after=after)
            return Page(told.model_dump_json(), reading.at, reading.missing)

    def of_owners(self, asked: OwnersAsked) -> Page:
        return self._of_kept("owners.html", OWNERS, asked.told, asked)

    def of_patterns(self, asked: OwnersAsked) -> Page:
        """By whatever is asked for. Raises NothingToShowError, as all of these."""
        return self._of_kept("patterns.html", PATTERNS, {"by": asked.by, **asked.told}, asked)

    def _of_kept(self, template: str, where: str, told: dict[str, str], asked: OwnersAsked) -> Page:
        with self._reader.reading() as reading:
            rows = self._kept(reading, asked, ON_A_PAGE + 1)
            shown = rows[:ON_A_PAGE]
            is_more = len(rows) > ON_A_PAGE and shown[-1].of
            return self._reader.page(
                reading,
                template,
                canonical=address(where, **told).lstrip("/"),
                asked=asked,
                place=asked.place,
                rows=shown,
                older=address(where, **told, after=shown[-1].of) if is_more else "",
                newest=address(where, **told) if asked.after else "",
                as_csv=address(f"{where}.csv", **told),
                as_json=address(f"/api{PATTERNS}", by=asked.by, **asked.told),
            )

    def of_patterns_as_json(self, asked: OwnersAsked) -> Page:
        """For programs: `Patterns` as JSON."""
        with self._reader.reading() as reading:
            rows = self._kept(reading, asked, IN_AN_ANSWER + 1)
            shown = rows[:IN_AN_ANSWER]
            after = shown[-1].of if len(rows) > IN_AN_ANSWER else None
            each = [told(row) for row in shown]
            days = {"as_of": reading.at, "today": self._today(reading)}
            found = Patterns(by=asked.by, **days, rows=each, after=after)
            return Page(found.model_dump_json(), reading.at, reading.missing)

    def of_owners_as_csv(self, asked: OwnersAsked) -> Page:
        with self._reader.reading() as reading:
            rows = self._kept(reading, asked, IN_A_FILE)
            return Page(as_csv(rows, asked.by), reading.at, reading.missing)

    def _kept(self, reading: Reading, asked: OwnersAsked, limit: int) -> list[kept.Kept]:
        if not overdue.is_counted(reading.connection):
            raise NothingToShowError
        within = self.register.within(asked.place) if asked.place else None
        days = self._today(reading), asked.first, asked.last
        by = kept.Asked(*days, within, asked.sector, asked.after, limit, asked.by)
        return kept.found(reading.connection, by)

    def _today(self, reading: Reading) -> date:
        """Nothing is called late before its day is over wherever the body is."""
        return min(reading.at.astimezone(zone).date() for zone in self._zones)

    def open_data(self) -> Page:
        """What there is of it, and what each column means."""
        with self._reader.reading() as reading:
            there = [(each, formats_of(each)) for each in DATASETS]
            facts = {"canonical": DATA.lstrip("/"), "thing": schema(self._frame.sites.base)}
            return self._reader.page(reading, "data.html", datasets=there, **facts)

    def standing(self, standing: Standing) -> str:
        return self._frame.rendered("standing.html", standing=standing)

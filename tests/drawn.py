"""Any event that validates, drawn for each type from what its fields may be, up to the largest."""

from datetime import date, datetime, timedelta, timezone
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Lt
from hypothesis import strategies as st
from pydantic import StringConstraints

from shared.contracts import (
    bulletin,
    petition,
    post,
    question,
    reckoning,
    registration,
    society,
    story,
    values,
)
from shared.contracts.beat import BeatEvent
from shared.contracts.check import CheckEvent
from shared.contracts.checking import CheckingTerms
from shared.contracts.duplicates import Chain
from shared.contracts.event import Event, EventRef
from shared.contracts.member import Lack
from shared.contracts.public import PublicCheckEvent, PublicReportEvent
from shared.contracts.reckoning import DayOff, Reckoning
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.report import ReportEvent
from shared.contracts.sealed import Sealed
from shared.contracts.tracks import TrackAdopted

WIDE = "\U0001d11e"  # four bytes
NOT_VISIBLE = "\u115f\u1160\u2800\u3164\uffa0"
_visible = st.characters(
    exclude_categories=["Cc", "Cf", "Cs", "M", "Z"], exclude_characters=NOT_VISIBLE
)
_blank = st.sampled_from(" \u3000\u0301\u200d\u200b\u05d0\u200f")
_any_sign = _visible | _blank
_part = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,13}\Z")


def _longest(hint: Any) -> int:
    """As the value itself says: whoever lengthens it lengthens what is drawn."""
    (rule,) = [each for each in hint.__metadata__ if isinstance(each, StringConstraints)]
    assert rule.max_length is not None
    return rule.max_length


def _most(hint: Any) -> int:
    (field,) = hint.__metadata__
    return next(int(rule.lt) - 1 for rule in field.metadata if isinstance(rule, Lt))  # type: ignore[call-overload]


def _line(hint: Any) -> st.SearchStrategy[str]:
    longest = _longest(hint)
    short = st.text(_any_sign, max_size=20).flatmap(lambda text: _visible.map(text.__add__))
    return short | st.just(WIDE * longest) | st.just("'" * longest)


def _code(hint: Any) -> st.SearchStrategy[str]:
    longest = _longest(hint)
    return _part | st.just("9" * longest) | st.just("a" + "-" * (longest - 1))


def _number(hint: Any) -> st.SearchStrategy[int]:
    return st.integers(0, _most(hint)) | st.sampled_from([0, _most(hint)])


_offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
_places = st.lists(_part, min_size=1, max_size=8).map(".".join)
_moments = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30), timezones=_offsets)

_ids = st.uuids().map(lambda found: found.hex) | st.just("f" * 32)

_DRAWN: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (values.Id, _ids),
    (values.Digest, st.just("0" * 64) | st.from_regex(r"\A[0-9a-f]{64}\Z")),
    (values.Line, _line(values.Line)),
    (values.SourceId, _line(values.SourceId)),
    (
        values.Prose,
        st.text(_any_sign | st.sampled_from("\n\r\t\u202e"), max_size=60)
        | st.sampled_from([sign * _longest(values.Prose) for sign in (WIDE, '"', "\\")]),
    ),
    (values.SourceCode, st.from_regex(values.SOURCE_PATTERN, fullmatch=True) | st.just("z" * 30)),
    (
        values.Place,
        _places | st.just(".".join(["a" * 14] * 8)[:120]) | st.just("b" * _longest(values.Place)),
    ),
    (values.Sector, _code(values.Sector)),
    (values.TrackName, _code(values.TrackName)),
    (reckoning.RuleName, _code(reckoning.RuleName)),
    (reckoning.AlmanacName, _code(reckoning.AlmanacName) | st.just("")),
    (reckoning.Weekday, st.integers(0, 6)),
    (society.Places, st.lists(_places, min_size=1, max_size=society.MOST_PLACES).map(tuple)),
    (society.Sectors, st.lists(_part, max_size=society.MOST_SECTORS).map(tuple)),
    (society.Federations, st.lists(_ids, max_size=society.MOST_FEDERATIONS).map(tuple)),
    (society.LeftPlaces, st.lists(_places, max_size=society.MOST_PLACES).map(tuple)),
    (registration.Tags, st.lists(_part, max_size=registration.MOST_TAGS).map(tuple)),
    (registration.Cause, _line(values.Line).map(str) | st.just("'" * registration.LONGEST_CAUSE)),
    (values.GivenLine, st.text(_visible, min_size=1, max_size=20) | st.just("'" * 300)),
    (
        values.LongAgo,
        st.dates(date(1000, 1, 1), values.LATEST.date())
        | st.sampled_from([date(1000, 1, 1), date(9999, 12, 31)]),
    ),
    (petition.Days, st.integers(1, petition.MOST_DAYS)),
    (question.Number, st.integers(1, 2**31 - 1)),
    (
        story.Sources,
        st.lists(st.deferred(lambda: _drawn(story.Cited)), min_size=1, max_size=3).map(tuple),
    ),
    (story.Tongue, st.sampled_from(["en", "fr-CA", "zh-Hans-CN", "ar"])),
    (bulletin.Percent, st.integers(0, bulletin.IN_ALL)),
    (
        bulletin.Items,
        st.lists(st.deferred(lambda: _drawn(bulletin.Item)), min_size=1, max_size=3).map(tuple),
    ),
    (
        bulletin.Heard,
        st.lists(st.deferred(lambda: _drawn(bulletin.HeardFrom)), max_size=3).map(tuple),
    ),
    (
        get_type_hints(bulletin.IssueTerms, include_extras=True)["centre"],
        st.lists(_places, max_size=3).map(tuple),
    ),
    (post.PostTracks, st.lists(_part, min_size=1, max_size=post.MOST_TRACKS).map(tuple)),
    (post.Days, st.integers(0, post.LONGEST_DAYS)),
    (post.Seats, st.integers(1, post.MOST_SEATS)),
    (
        post.Ranking,
        st.lists(
            st.deferred(lambda: st.builds(post.Ranked, **fields_of(post.Ranked))), max_size=3
        ).map(tuple),
    ),
    (values.StreamName, st.sampled_from(["INTAKE", "A" * _longest(values.StreamName)])),
    (values.Truth, st.booleans()),
    (values.Count, _number(values.Count)),
    (values.Tier, st.integers(1, values.MOST_TIERS)),
    (values.RhythmDays, st.integers(1, values.LONGEST_RHYTHM)),
    (values.Sequence, _number(values.Sequence)),
    (values.Latitude, st.floats(-90, 90) | st.sampled_from([0.0, -0.0, 90.0, -90.0])),
    (values.Longitude, st.floats(-180, 180) | st.sampled_from([0.0, 180.0, -180.0])),
    (values.Share, st.floats(0, 1) | st.sampled_from([0.0, 1.0, 5e-324, 0.1 + 0.2])),
    (values.Instant, _moments | st.sampled_from([values.EARLIEST, values.LATEST])),
    (
        values.Day,
        st.dates(values.EARLIEST.date(), values.LATEST.date())
        | st.sampled_from([date(1900, 1, 1), date(2999, 12, 31)]),
    ),
]


def _unmarked(hint: Any) -> Any:
    """What a value may be is the same whether it is sealed or not."""
    rules = getattr(hint, "__metadata__", ())
    rest = [each for each in rules if not isinstance(each, Sealed)]
    return hint if len(rest) == len(rules) else Annotated[hint.__origin__, *rest]


WHOLE = (
    *(EventRef, Chain, CheckingTerms, DayOff, Lack, Reckoning, TrackAdopted),
    *(story.Cited, bulletin.Item, bulletin.HeardFrom, bulletin.IssueTerms),
)
"""Values with fields of their own."""


def _drawn(hint: Any) -> st.SearchStrategy[Any]:
    hint = _unmarked(hint)
    for known, strategy in _DRAWN:
        if hint == known:
            return strategy
    if hint is type(None):
        return st.none()
    if hint in WHOLE:
        return st.builds(hint, **fields_of(hint))
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) in (UnionType, Union):
        return st.one_of(*map(_drawn, get_args(hint)))
    if get_origin(hint) is tuple:
        inner, _ = get_args(hint)
        return st.lists(_drawn(inner), max_size=3).map(tuple)
    raise AssertionError(f"{hint} is none of the values; what may it be?")


def fields_of(model: Any) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(model, include_extras=True)
    return {name: _drawn(hints[name]) for name in model.model_fields}


def any_event(event_type: type[Event]) -> st.SearchStrategy[Event]:
    return st.builds(event_type, **fields_of(event_type))


OPENERS: dict[type[Event], str] = {
    ReportEvent: "tribune.intake.ReportFiled",
    CheckEvent: "tribune.intake.CheckOpened",
    BeatEvent: "tribune.intake.BeatAccredited",
    PublicReportEvent: "tribune.public.ReportFiled",
    PublicCheckEvent: "tribune.public.CheckOverdue",
}
"""What comes before all others of its kind."""


@st.composite
def any_story(draw: st.DrawFn, event_type: type[Event]) -> list[Event]:
    """An event with what has to stand before it: two at the most, about the same thing."""
    event = draw(any_event(event_type))
    for kind, opener in OPENERS.items():
        if issubclass(event_type, kind) and event_type.type_name() != opener:
            first = draw(any_event(EVENT_TYPES[opener]))
            return [first.model_copy(update={event.key: event.aggregate_id}), event]
    return [event]

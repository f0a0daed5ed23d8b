"""What a source says of associations is a command to its registration, if the source is public."""

import pytest

from services.intake.translate import translator
from services.intake.translate_registers import NOT_PUBLIC
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import SocietyRegistered
from shared.eventsourcing.inbox.parse import RefusalError, Upstream
from shared.testing.examples import DORCHESTER, MONDAY, REGISTRATION_STATED, ROXBURY, STREET_LIGHTS

SAID = SocietyRegistered(
    registration="W751000001",
    name="Friends of the lamps",
    cause="That no street is dark",
    tags=("Light",),
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
    stated_at=MONDAY,
    founded_on="1898-05-01",  # type: ignore[arg-type]
    federations=("W1", "W1"),
)


def asked(said: SocietyRegistered, source: str = "rna") -> object:
    translate = translator({ROXBURY, DORCHESTER}, {STREET_LIGHTS}, {"rna"})
    return translate(Upstream(source, "any", "ce-1", "ce-1", said), MONDAY).stated  # type: ignore[union-attr]


def test_numbers_of_the_register_become_ids_of_its_entries() -> None:
    federation = aggregate_id("registration", "rna", "W1")
    expected = REGISTRATION_STATED.model_copy(update={"federations": (federation,)})
    assert asked(SAID) == expected


def test_only_a_public_source_is_a_register() -> None:
    with pytest.raises(RefusalError, match="No public source") as refused:
        asked(SAID, "gateway")
    assert refused.value.problem.detail == NOT_PUBLIC


def test_the_field_is_named_in_which_something_is_unknown() -> None:
    for field, value in (("places", (ROXBURY, "us.ny")), ("sectors", (STREET_LIGHTS, "moon"))):
        with pytest.raises(RefusalError) as refused:
            asked(SAID.model_copy(update={field: value}))
        assert [each.pointer for each in refused.value.problem.errors or ()] == [f"/{field}/1"]

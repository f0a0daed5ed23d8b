"""Who of the staff may do what stands in the charter, and what is wrong there is told."""

from pathlib import Path

from charters import copied, spoilt, told

from shared.runtime.charter import examine

ANA = '[person.ana]\nname = "Ana"\nroles = ["operator"]\n'
BEN = '[person.ben]\nname = "Ben"\nroles = ["operator", "auditor"]\nsubject = "248"\n'
ROLES = '"operator", "editor", "inspector", "placer" or "auditor"'
CODE = "code of a person: small letters, digits and hyphens, at most 40 characters"


def test_the_staff_have_roles(tmp_path: Path) -> None:
    charter = spoilt(tmp_path, "staff.toml", f'second_person = ["sign-out"]\n{ANA}{BEN}').charter
    assert charter is not None
    assert charter.staff.second_person == ["sign-out"]
    assert {code: person.roles for code, person in charter.staff.person.items()} == {
        "ana": ["operator"],
        "ben": ["operator", "auditor"],
    }


def test_a_charter_from_before_has_no_staff(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "staff.toml").unlink()
    charter = examine(directory).charter
    assert charter is not None
    assert charter.staff.person == {}


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = (
        ANA.replace("operator", "oprator") + ANA.replace("ana", "Ana") + "[person.c]\nname = 1\n"
    )
    assert told(spoilt(tmp_path, "staff.toml", wrong)) == [
        f'staff.toml, line 3: "oprator" is none of {ROLES}',
        f'staff.toml, line 4: "Ana" is no {CODE}; "ana" may be meant',
        'staff.toml, line 7: "roles" is missing',
        'staff.toml, line 8: "name" must be a text in quotes, and is 1',
    ]


def test_no_two_are_the_same_at_the_provider(tmp_path: Path) -> None:
    twin = BEN.replace("ben", "eve")
    assert told(spoilt(tmp_path, "staff.toml", BEN + twin)) == [
        'staff.toml, line 8: "eve" and "ben" have the same subject; a provider gives each their own'
    ]


def test_a_second_person_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    (warning,) = spoilt(tmp_path, "staff.toml", f'second_person = ["sign-out"]\n{ANA}').warnings
    assert str(warning) == (
        "staff.toml, line 1: what needs a second person needs two operators, and there are 1"
    )


def test_an_opening_by_two_wants_two_who_may_allow_it(tmp_path: Path) -> None:
    ina = '[person.ina]\nname = "Ina"\nroles = ["inspector"]\n'
    two = 'second_person = ["open-report"]\n'
    (warning,) = spoilt(tmp_path, "staff.toml", two + ina).warnings
    assert "inspector, editor or operator: 1 are" in str(warning)
    both = two + ina + ina.replace("ina", "eva")
    assert spoilt(tmp_path / "both", "staff.toml", both).warnings == []

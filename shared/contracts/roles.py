"""What somebody of the staff may do; who has which role stands in the charter."""

from typing import Literal, get_args

Role = Literal["operator", "editor", "inspector", "placer", "auditor"]
"""Operators look after the instance, editors publish, inspectors check, placers fill posts,
auditors look at everything and change nothing."""

ROLES: tuple[Role, ...] = get_args(Role)
MEMBER = "member"
"""Who signs in with a member number; of the staff nobody has it."""

OPENERS: frozenset[Role] = frozenset(("editor", "inspector"))
"""Who may be shown what is sealed."""

ALLOWERS: frozenset[Role] = OPENERS | {"operator"}
"""Who may be the second person for it. An operator is shown nothing."""

"""What the programs of the suite are called."""

SERVICES = ("intake", "promotion", "publishing")
GATE = "gate"
PROGRAMS = (*SERVICES, GATE)
"""What is run: the services, and the part of publishing that is kept apart from its site."""

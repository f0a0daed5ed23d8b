"""What is valid wherever it is said: small values that contracts, charter and commands share."""

from typing import Annotated

from pydantic import StringConstraints

SourceCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")]
"""One upstream system, as it stands in subjects and in the name of its inbox."""

TrackName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]

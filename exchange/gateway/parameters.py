"""Parameters that several paths take."""

from typing import Annotated, Final

from litestar.params import Parameter

MOST_WAIT_S: Final = 60
WaitSeconds = Annotated[
    float,
    Parameter(query="wait", ge=0, le=MOST_WAIT_S, description="Seconds to wait for what is not there yet."),
]

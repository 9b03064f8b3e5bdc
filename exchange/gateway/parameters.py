"""Parameters that several paths take."""

from typing import Annotated, Final

from litestar.params import QueryParameter

MOST_WAIT_S: Final = 60
WaitSeconds = Annotated[
    float,
    QueryParameter(
        name="wait", ge=0, le=MOST_WAIT_S, description="Seconds to wait for what is not yet there."
    ),
]

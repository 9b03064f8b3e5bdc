"""What several pages are asked for in their addresses."""

from typing import Annotated

from litestar.params import QueryParameter

AfterAsked = Annotated[str, QueryParameter(name="after", max_length=500)]
"""Where a page of a list begins."""
MatterAsked = Annotated[int | None, QueryParameter(name="matter")]
InstanceAsked = Annotated[str | None, QueryParameter(name="instance", max_length=100)]
TickedMatters = Annotated[list[int] | None, QueryParameter(name="tick")]
"""Which matters are ticked as the page opens."""

"""How long matters take, and where they wait: numbers without persons, which leave no access record."""

from datetime import UTC, datetime
from typing import Final

from consumers.statistics.report import Statistics, StatisticsFilter, ask
from exchange.desk.asker import Asker
from exchange.desk.desk import Desk
from exchange.domain.access.may import WorkPlace

READ_STATISTICS: Final = "read_statistics"


def read_statistics(desk: Desk, asker: Asker, asked: StatisticsFilter) -> Statistics:
    """Return the statistics of now.

    Raises:
        ExchangeError: the asker may not, or the read model does not answer.
    """
    about: WorkPlace = {"department": asked.department} if asked.department else {}
    desk.require(asker, READ_STATISTICS, about)
    with desk.session() as session:
        session.require_complete()
        session.connection.rollback()  # what was read so far is not part of the one moment
        return ask(session.connection, asked, datetime.now(UTC), desk.settings.city.statistics.small_number)

"""`exchange demo`: starts an exchange of its own, puts a made-up city through it, and shows what happened."""

import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from avro_schemas.typed_documents import CaseDocument
from exchange.command.demo.checks import faults_of
from exchange.command.demo.form_file import form_line, print_form
from exchange.command.demo.logins import login_table, open_logins
from exchange.command.demo.next_steps import REMOVED, RUNNING, STOPPED, DemoEnding, next_steps
from exchange.command.demo.publishing import PublishedCity, publish_city
from exchange.command.demo.reading import await_cases, note_access
from exchange.command.demo.sample_policy import keep_sample_policy, sample_folder
from exchange.command.demo.story import form_table, story
from exchange.command.demo.tables import department_table, reason_tables, totals
from exchange.command.sample import PeopleOption
from exchange.command.stack.down import down
from exchange.command.stack.up import up
from exchange.command.terminal.console import paper, say
from exchange.command.terminal.options import read_home
from exchange.domain.policy import Policy
from exchange.runtime.city import find_city
from exchange.runtime.environment import VARIABLES, given_addresses
from exchange.runtime.errors import ExchangeError
from exchange.runtime.home import Home
from exchange.runtime.sentences import said
from exchange.runtime.settings import Settings, load_settings
from exchange.runtime.stack.state import read_addresses, read_state
from exchange.runtime.webhook_endpoint import URL_VARIABLE, wants_webhooks
from producers.sample.city import PEOPLE, MadeUpCity, sample_city


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running, to explore.")] = False,
    people: PeopleOption = PEOPLE,
    pdf: Annotated[
        Path | None,
        typer.Option(
            "--pdf",
            metavar="FILE",
            help="Where to write the form of one case; by default a file that it names.",
        ),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", help="Use this home; by default a temporary one.", metavar="DIR", parser=read_home
        ),
    ] = None,
) -> None:
    """Publish the records of a made-up city and show what departments, families and handlers would see.

    Everything is real but the people: Kafka, the registry, PostgreSQL, the departments' way in. The command
    checks itself and exits 1 if a record was lost. It leaves nothing running unless --keep.
    """
    _refuse_other_exchanges()
    began = time.monotonic()
    with _running(home, keep=keep) as (place, outcome):
        settings = load_settings(place.root)
        city = sample_city(settings.city.sample, settings.city.policy, people)
        published = publish_city(settings, city.lines)
        cases = await_cases(settings, published)
        shown = published.case_of(city.showcase)
        note_access(settings, shown, cases)
        _show(city, settings, published, cases, shown)
        if shown in cases:
            # Unbroken, however long it is: a place that is wrapped can not be copied.
            file = print_form(cases[shown], settings.city, pdf)
            paper().print(form_line(file, settings.city.policy), soft_wrap=True)
        faults = faults_of(len(city.lines), published, cases)
        for fault in faults:
            say(f"✘ {fault}")
        busiest = _busiest(settings.city.policy)
        if outcome == RUNNING:
            _print(login_table(read_addresses(place)["console"], open_logins(place, busiest)))
        # Another home has another key, and so other case ids: there the number finds the case.
        named = shown if outcome != REMOVED else city.showcase.number or ""
        _print(next_steps(place, named, busiest, outcome, settings.city.folder))
    say(said("demo_took", seconds=f"{time.monotonic() - began:.0f}"))
    if faults:
        raise typer.Exit(1)


def _show(
    made_up: MadeUpCity,
    settings: Settings,
    published: PublishedCity,
    cases: dict[str, CaseDocument],
    shown: str,
) -> None:
    policy = settings.city.policy
    _print(totals(len(made_up.lines), published, cases))
    _print(department_table(published, cases, settings.city.catalogue, policy))
    for table in reason_tables(published):
        _print(table)
    if shown in cases:
        _print(story(cases[shown], policy))
        _print(form_table(cases[shown], policy))


def _busiest(policy: Policy) -> str:
    """The department that decides the most matters, so that there is something to follow."""
    return Counter(matter.decides for matter in policy.matters).most_common(1)[0][0]


def _print(part: object) -> None:
    paper().print(part)


def _refuse_other_exchanges() -> None:
    """Made-up people have no business in an exchange that somebody else runs.

    Raises:
        ExchangeError: the environment names one, or a portal that would be told.
    """
    if wants_webhooks():
        raise ExchangeError(said("demo_would_notify", variable=URL_VARIABLE), said("unset_it"))
    if named := [VARIABLES[name] for name in given_addresses()]:
        raise ExchangeError(said("demo_elsewhere", variables=", ".join(named)), said("demo_or_publish"))


@contextmanager
def _running(given: Path | None, *, keep: bool) -> Iterator[tuple[Home, DemoEnding]]:
    """An exchange that runs meanwhile, and what becomes of it: it is stopped, and a temporary home removed.

    One that ran before goes on running. After a failure, not an interruption, the home stays for its logs.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    root = given or Path(tempfile.mkdtemp(prefix="exchange-demo-"))
    place, was_there = Home(root), root.exists()
    state = read_state(place)
    ours = state is None or not state.running
    try:
        if ours:  # all that it starts reads its policy; one that runs has its own
            os.environ.update(keep_sample_policy(find_city(), place).environment)
        up(root, detach=True)
        yield place, _outcome(given, keep=keep or not ours)
    except KeyboardInterrupt:
        _stop(place, ours=ours)
        _remove(root, given)
        raise
    except BaseException:
        _stop(place, ours=ours)
        if place.logs.exists():
            say(said("logs_are_in", folder=place.logs))
        else:
            _remove(root, given)
            _leave_no_trace(place, was_there=was_there)
        raise
    if not keep:
        _stop(place, ours=ours)
        _remove(root, given)


def _outcome(given: Path | None, *, keep: bool) -> DemoEnding:
    if keep:
        return RUNNING
    return REMOVED if given is None else STOPPED


def _stop(place: Home, *, ours: bool) -> None:
    if ours and read_state(place) is not None:
        down(place.root)


def _remove(root: Path, given: Path | None) -> None:
    if given is None:
        shutil.rmtree(root, ignore_errors=True)


def _leave_no_trace(place: Home, *, was_there: bool) -> None:
    """Remove what a demo made that could not begin; a folder that was there before it is not the demo's."""
    shutil.rmtree(sample_folder(place), ignore_errors=True)
    if not was_there:
        with suppress(OSError):  # what else lies there is not the demo's
            place.root.rmdir()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt

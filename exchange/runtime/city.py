"""The city whose life events are exchanged: its own matters and departments, or those that are shipped.

Shape: the folder that EXCHANGE_POLICY names, or none → `City`, whose catalogue and policy are read when first
asked for. Here alone they are loaded; whoever needs them takes them from `settings.city` or is given them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from exchange.runtime.errors import ExchangeError
from exchange.runtime.printed import printed
from exchange.runtime.sentences import said
from topics.city_folder import VARIABLE, named_folder

if TYPE_CHECKING:  # they take longer to load than most commands to answer
    from exchange.domain.policy import Policy
    from exchange.domain.policy_files.access import AccessTable
    from exchange.domain.policy_files.accounts import AccountsPolicy
    from exchange.domain.policy_files.family import FamilyPolicy
    from exchange.domain.policy_files.form_layout import FormLayout
    from exchange.domain.policy_files.gateway import GatewayPolicy
    from exchange.domain.policy_files.guide import GuidePolicy
    from exchange.domain.policy_files.sample_places import SamplePlaces
    from exchange.domain.policy_files.statistics import StatisticsPolicy
    from exchange.domain.policy_files.uploads import UploadPolicy
    from exchange.domain.policy_files.webhooks import WebhookPolicy
    from topics.catalogue import Catalogue
    from topics.policy_file import ModelT, PolicyFinding

CATALOGUE: Final = "catalogue.yaml"
Read = TypeVar("Read")


@dataclass(frozen=True)
class City:
    """One city; without a folder, as shipped. It holds a path alone, so other processes may be given it."""

    folder: Path | None = None

    @property
    def catalogue(self) -> "Catalogue":
        """Its departments and topics, read once.

        Raises:
            ExchangeError: the file says something wrong; names file and line.
        """
        from topics.catalogue import load_catalogue  # noqa: PLC0415 - as above

        return self._right(lambda: load_catalogue(self.path_of(CATALOGUE)))

    @property
    def policy(self) -> "Policy":
        """Its matters, materials, form and who may see what, read once.

        Raises:
            ExchangeError: a file says something wrong; names file and line.
        """
        from exchange.domain.policy import load_policy  # noqa: PLC0415 - as above

        return self._right(lambda: load_policy(self._folder, self.path_of(CATALOGUE)))

    @property
    def access(self) -> "AccessTable":
        """Who may what, read once.

        Raises:
            ExchangeError: as above; so do those below.
        """
        from exchange.domain.policy_files.access import ACCESS_TABLE  # noqa: PLC0415 - as above

        return self._right(lambda: _access_table(self.path_of(ACCESS_TABLE), self.path_of(CATALOGUE)))

    @property
    def accounts(self) -> "AccountsPolicy":
        """Who may have an account, and within which limits."""
        from exchange.domain.policy_files.accounts import ACCOUNTS_POLICY, load_accounts  # noqa: PLC0415 - as above

        return self._right(lambda: load_accounts(self.path_of(ACCOUNTS_POLICY), self.access))

    @property
    def layout(self) -> "FormLayout":
        """How its application form is printed."""
        from exchange.domain.policy_files.form_layout import LAYOUT, load_layout  # noqa: PLC0415 - as above

        return self._right(lambda: load_layout(self.policy.form, self.path_of(LAYOUT)))

    @property
    def family(self) -> "FamilyPolicy":
        """What its families are told, in which words, and who may hear what."""
        from exchange.domain.policy_files.family import SITUATIONS, FamilyPolicy  # noqa: PLC0415 - as above

        return self._file(SITUATIONS, FamilyPolicy)

    @property
    def guide(self) -> "GuidePolicy":
        """What its guide says of each matter beside what the policy says."""
        from exchange.domain.policy_files.guide import GUIDE, load_guide  # noqa: PLC0415 - as above

        return self._right(lambda: load_guide(self.path_of(GUIDE), self.policy.by_number))

    @property
    def statistics(self) -> "StatisticsPolicy":
        """How its statistics count."""
        from exchange.domain.policy_files.statistics import STATISTICS, StatisticsPolicy  # noqa: PLC0415 - as above

        return self._file(STATISTICS, StatisticsPolicy)

    @property
    def uploads(self) -> "UploadPolicy":
        """Which files it takes as materials, and how long it keeps them."""
        from exchange.domain.policy_files.uploads import UPLOADS, UploadPolicy  # noqa: PLC0415 - as above

        return self._file(UPLOADS, UploadPolicy)

    @property
    def webhooks(self) -> "WebhookPolicy":
        """How patiently its portal is told."""
        from exchange.domain.policy_files.webhooks import WEBHOOKS, WebhookPolicy  # noqa: PLC0415 - as above

        return self._file(WEBHOOKS, WebhookPolicy)

    @property
    def gateway(self) -> "GatewayPolicy":
        """How much may be asked of its gateway, and how long that keeps what it notes."""
        from exchange.domain.policy_files.gateway import GATEWAY_LIMITS, GatewayPolicy  # noqa: PLC0415 - as above

        return self._file(GATEWAY_LIMITS, GatewayPolicy)

    @property
    def sample(self) -> "SamplePlaces":
        """Where its made-up people live."""
        from exchange.domain.policy_files import sample_places  # noqa: PLC0415 - as above

        path, city = self.path_of(sample_places.SAMPLE), self.policy.city.name.zh
        return self._right(lambda: sample_places.load_sample_places(path, city))

    @property
    def texts(self) -> Mapping[str, str]:
        """All its files as they are now: name → text. The version of the policy follows from some of them."""
        return {name: self.path_of(name).read_text(encoding="utf-8") for name in self.files}

    @property
    def environment(self) -> Mapping[str, str]:
        """What tells other processes of it, wherever they are started."""
        return {} if self.folder is None else {VARIABLE: str(self.folder)}

    def path_of(self, name: str) -> Path:
        """Return where one of `city_files` is."""
        from topics.catalogue import CATALOGUE_PATH  # noqa: PLC0415 - as above

        return CATALOGUE_PATH if self.folder is None and name == CATALOGUE else self._folder / name

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files within its folder, in the order of their reading."""
        from topics.own_labels import own_label_files  # noqa: PLC0415 - as above
        from topics.own_schemas import own_schema_files  # noqa: PLC0415 - as above

        return (*own_schema_files(self._folder), *city_files(), *own_label_files(self._folder))

    def check_labels(self) -> None:
        """Make sure that its own labels fit; they are read by each module that shows them.

        Raises:
            ExchangeError: one does not; names file and line.
        """
        from topics.own_labels import own_label_findings  # noqa: PLC0415 - as above
        from topics.policy_file import PolicyFileError  # noqa: PLC0415 - as above

        if findings := tuple(own_label_findings(self._folder)):
            raise policy_wrong(self._folder, PolicyFileError(*findings))

    def findings(self) -> "tuple[PolicyFinding, ...]":
        """Return what is wrong in its files: in each by itself, and between them where each is right.

        Where a schema or the catalogue is wrong nothing behind it is looked at: nobody knows which record
        types and which departments there are.
        """
        from exchange.domain.policy import findings_in_each, load_policy  # noqa: PLC0415 - as above
        from exchange.domain.policy_files.beside import findings_beside  # noqa: PLC0415 - as above
        from topics.catalogue import load_catalogue  # noqa: PLC0415 - as above
        from topics.own_labels import own_label_findings  # noqa: PLC0415 - as above
        from topics.policy_file import PolicyFileError  # noqa: PLC0415 - as above

        try:
            catalogue = load_catalogue(self.path_of(CATALOGUE))
        except PolicyFileError as problem:
            return problem.findings
        wrong, policy = tuple(findings_in_each(self._folder, catalogue)), None
        try:
            policy = None if wrong else load_policy(self._folder, self.path_of(CATALOGUE))
        except PolicyFileError as problem:
            wrong = problem.findings
        beside = findings_beside(self._folder, catalogue, policy)
        return (*wrong, *beside, *own_label_findings(self._folder))

    def warnings(self) -> "tuple[PolicyFinding, ...]":
        """Return what files that are in order still leave to the city."""
        from exchange.domain.policy_files.guide import GUIDE, guide_warnings  # noqa: PLC0415 - as above

        return self._right(lambda: tuple(guide_warnings(self.path_of(GUIDE), self.policy.by_number)))

    @property
    def _folder(self) -> Path:
        from exchange.domain.policy import HERE  # noqa: PLC0415 - as above

        return self.folder or HERE

    def _file(self, name: str, model: "type[ModelT]") -> "ModelT":
        """Return what one of its files says by itself, read once."""
        from topics.policy_file import load_file  # noqa: PLC0415 - as above

        read: ModelT = self._right(lambda: load_file(self.path_of(name), model))
        return read

    def _right(self, load: Callable[[], Read]) -> Read:
        """Return what its files say; what is wrong in them is for people to read."""
        from topics.policy_file import PolicyFileError  # noqa: PLC0415 - as above

        try:
            return load()
        except PolicyFileError as problem:
            raise policy_wrong(self._folder, problem) from None


@cache
def _access_table(path: Path, catalogue: Path) -> "AccessTable":
    """Return who may what: each request asks for it several times."""
    from exchange.domain.policy_files.access import load_access  # noqa: PLC0415 - as above
    from topics.catalogue import load_catalogue  # noqa: PLC0415 - as above

    return load_access(path, load_catalogue(catalogue))


def policy_wrong(folder: Path | None, problem: ValueError) -> ExchangeError:
    """Return what people are told of a folder in which something is wrong, one finding in a line."""
    message = f"{said('policy_wrong', folder=printed(str(folder)))}\n{problem}"
    return ExchangeError(message, said("policy_help"))


def city_files() -> tuple[str, ...]:
    """Return the names of the files that every city's folder has, in the order of their reading.

    The schemas of record types of its own, if it has any, are read before them.
    """
    from exchange.domain.policy import FILES  # noqa: PLC0415 - as above
    from exchange.domain.policy_files.beside import BESIDE  # noqa: PLC0415 - as above

    return (CATALOGUE, *FILES, *BESIDE)


def find_city() -> City:
    """Return the city in use: that of the folder which the environment names, else the shipped one.

    Raises:
        ExchangeError: there is no such folder, or it lacks a file; what the files say is not looked at.
    """
    named = named_folder()
    return City() if named is None else city_in(named)


def city_in(folder: Path) -> City:
    """Return the city of a folder.

    Raises:
        ExchangeError: there is no such folder, or it lacks a file.
    """
    place = folder.absolute()
    where = printed(str(place))
    if not place.is_dir():
        raise ExchangeError(said("policy_folder_missing", folder=where), said("policy_help"))
    lacking = ", ".join(name for name in city_files() if not (place / name).is_file())
    if lacking:
        raise ExchangeError(said("policy_files_missing", folder=where, files=lacking), said("policy_help"))
    return City(place)

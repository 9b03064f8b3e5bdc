"""The files beside the policy, which decide nothing in a case: who may what, how it is told and printed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from exchange.domain.policy import Policy
from exchange.domain.policy_files.access import ACCESS_TABLE, load_access
from exchange.domain.policy_files.accounts import ACCOUNTS_POLICY, AccountsPolicy, load_accounts
from exchange.domain.policy_files.family import SITUATIONS, FamilyPolicy
from exchange.domain.policy_files.form_layout import LAYOUT, load_layout, read_layout
from exchange.domain.policy_files.gateway import GATEWAY_LIMITS, GatewayPolicy
from exchange.domain.policy_files.guide import GUIDE, load_guide, read_guide
from exchange.domain.policy_files.sample_places import CITY, SAMPLE, load_sample_places
from exchange.domain.policy_files.statistics import STATISTICS, StatisticsPolicy
from exchange.domain.policy_files.uploads import UPLOADS, UploadPolicy
from exchange.domain.policy_files.webhooks import WEBHOOKS, WebhookPolicy
from topics.catalogue import Catalogue
from topics.policy_file import PolicyFileError, PolicyFinding, load_file

BESIDE: Final = (
    *(ACCESS_TABLE, ACCOUNTS_POLICY, LAYOUT, SITUATIONS, GUIDE, UPLOADS),
    *(STATISTICS, WEBHOOKS, GATEWAY_LIMITS, SAMPLE),
)


def findings_beside(folder: Path, catalogue: Catalogue, policy: Policy | None) -> Iterator[PolicyFinding]:
    """Yield what is wrong in each; without a policy in order, what does not fit it is not looked for."""
    loads: tuple[Callable[[], object], ...] = (
        lambda: load_access(folder / ACCESS_TABLE, catalogue),
        lambda: _accounts(folder, catalogue),
        lambda: load_layout(policy.form, folder / LAYOUT) if policy else read_layout(folder / LAYOUT),
        lambda: load_file(folder / SITUATIONS, FamilyPolicy),
        lambda: load_guide(folder / GUIDE, policy.by_number) if policy else read_guide(folder / GUIDE),
        lambda: load_file(folder / UPLOADS, UploadPolicy),
        lambda: load_file(folder / STATISTICS, StatisticsPolicy),
        lambda: load_file(folder / WEBHOOKS, WebhookPolicy),
        lambda: load_file(folder / GATEWAY_LIMITS, GatewayPolicy),
        lambda: load_sample_places(folder / SAMPLE, policy.city.name.zh if policy else CITY),
    )
    for load in loads:
        try:
            load()
        except PolicyFileError as problem:
            yield from problem.findings


def _accounts(folder: Path, catalogue: Catalogue) -> object:
    """Read the file of accounts; without an access table in order, by itself."""
    try:
        table = load_access(folder / ACCESS_TABLE, catalogue)
    except PolicyFileError:
        return load_file(folder / ACCOUNTS_POLICY, AccountsPolicy)
    return load_accounts(folder / ACCOUNTS_POLICY, table)

"""按需共享: what somebody sees of an announcement; a pure function of both and of the policy.

Deny by default. A department's draft is cut down where it is made (``exchange.domain.announcements``); here
it is cut once more, by the policy of now, for whoever reads it: the department, one of its banks, one of its
counties, the service centre or an auditor.
"""

from dataclasses import dataclass

from avro_schemas.typed_documents import AnnouncementDocument, FormFieldDocument
from exchange.domain.grants import granted, shows_materials
from exchange.domain.policy import Policy
from verification.characters import spelling
from verification.reasons import mask


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to see something.

    Attributes:
        name: the department's code, or another reader's, such as ``auditors``.
        instance: the one bank of it; None for all that it is told.
        county: the one county of it; None for all that it is told.
    """

    name: str
    instance: str | None = None
    county: str | None = None


def disclosed(
    announcement: AnnouncementDocument, to: Recipient, policy: Policy
) -> AnnouncementDocument | None:
    """Return the announcement as the recipient may see it; None: nothing of it, not even that it is there.

    Who reads what others were told sees the sensitive values masked.
    """
    reads = to.name in policy.readers
    if not reads and not _is_addressed(announcement, to):
        return None
    transition = announcement["transition"]
    fields = policy.readers[to.name] if reads else granted(to.name, transition, policy)
    draft = {name: field for name, field in announcement["draft"].items() if name in fields}
    return {
        **announcement,
        "draft": {name: _masked(name, field, policy) for name, field in draft.items()} if reads else draft,
        "materials": announcement["materials"] if shows_materials(to.name, transition, policy) else [],
    }


def _is_addressed(announcement: AnnouncementDocument, to: Recipient) -> bool:
    """Say whether it is told to the recipient's department, and if that is a bank or a county, of its own."""
    named = (announcement["instance"], announcement["county"])
    mine = all(map(is_within, named, (to.instance, to.county)))
    return to.name == announcement["department"] and mine


def is_within(named: str | None, part: str | None) -> bool:
    """Say whether what is named is the one part that somebody is kept within; None: within nothing."""
    return part is None or (named is not None and spelling(named) == spelling(part))


def _masked(name: str, field: FormFieldDocument, policy: Policy) -> FormFieldDocument:
    section, _, key = name.partition(".")
    hidden = policy.form[section][key].sensitive and field["value"] is not None
    return {**field, "value": mask(field["value"])} if hidden else field

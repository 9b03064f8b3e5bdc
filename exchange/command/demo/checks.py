"""The demo checks itself: nothing published may be without an answer, and nothing taken without a case."""

from collections import Counter
from collections.abc import Mapping

from avro_schemas.typed_documents import CaseDocument
from exchange.command.demo.publishing import PublishedCity

STATUSES = ("ACCEPTED", "DUPLICATE", "HELD", "REJECTED")


def faults_of(lines: int, published: PublishedCity, cases: Mapping[str, CaseDocument]) -> list[str]:
    """Return in words what does not add up; empty if everything does."""
    faults = []
    counts = Counter(receipt.status for receipt in published.receipts)
    if len(published.receipts) != lines:
        faults.append(f"{lines} lines were published and {len(published.receipts)} receipts came.")
    if odd := counts.keys() - set(STATUSES):
        faults.append(f"There are receipts of another status: {', '.join(sorted(odd))}.")
    numbers = [receipt.number for receipt in published.receipts]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("The receipts are not in the order of the lines.")
    for case_id, record_ids in published.kept.items():
        in_case = {record["record_id"] for record in cases[case_id]["records"]} if case_id in cases else set()
        if missing := len(record_ids - in_case):
            faults.append(f"Case {case_id} lacks {missing} of its records.")
    return faults

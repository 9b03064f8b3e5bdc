"""How a matter's limit stands and what its department said, in words for people; money in yuan."""

from collections.abc import Iterator
from typing import Final

from avro_schemas.typed_documents import LimitDocument, ResultEntryDocument
from consumers.labels.words import LIMIT_STATES, STATES, for_people, local_time, words
from topics.labels import Labels, Language, Words

LABELS: Final = Labels(__file__)
LIMIT: Final = LABELS["limit"]
DAYS_LEFT: Final = LABELS["days_left"]
AMOUNT: Final = LABELS["amount"]
DOCUMENT_NO: Final = LABELS["document_no"]
REASON: Final = LABELS["reason"]
TO_CORRECT: Final = LABELS["to_correct"]
ANSWER: Final = LABELS["answer"]
_TOLD: Final = LABELS["told"]
_COMMA: Final = LABELS["comma"]
FEN_PER_YUAN: Final = 100


def limit_words(due: object, limit: LimitDocument | None, language: Language) -> Iterator[str]:
    """Yield the last day of a limit, or why there is none; nothing if nobody has applied."""
    if limit is None and due is None:
        return
    said = [str(due)] if due is not None else []
    if limit and limit["state"] != "RUNNING":
        said.append(words(LIMIT_STATES, limit["state"]).first(language))
    if limit and limit["days_left"]:
        said.append(DAYS_LEFT.filled(days=limit["days_left"]).first(language))
    yield told(LIMIT, _COMMA.first(language).join(said), language)


def outcome_words(result: ResultEntryDocument, language: Language) -> str:
    """Return what a department said of its matter, when, and what goes with it."""
    said = words(STATES, result["outcome"]).first(language)
    return " ".join(
        (
            local_time(result["recorded_at"]),
            said,
            *detail_words(result["amount_fen"], result["document_no"], result["reason"], language),
            *to_correct_words(result, language),
            *answer_words("；".join(result.get("answer", ())), language),
        )
    )


def detail_words(
    amount_fen: int | None, document_no: str | None, reason: str | None, language: Language
) -> Iterator[str]:
    """Yield the amount, the document and the reason of a result, as far as it has them."""
    if amount_fen is not None:
        yield AMOUNT.filled(yuan=yuan(amount_fen)).first(language)
    if document_no:
        yield told(DOCUMENT_NO, for_people(document_no), language)
    if reason:
        yield told(REASON, for_people(reason), language)


def to_correct_words(result: ResultEntryDocument, language: Language) -> Iterator[str]:
    """Yield what the family has to put right; nothing where nobody asked for that."""
    if result["to_correct"]:
        yield told(TO_CORRECT, "；".join(map(for_people, result["to_correct"])), language)


def told(what: Words, said: str, language: Language) -> str:
    """Return what is said of something, behind its name."""
    return _TOLD.filled(what=what, said=said).first(language)


def answer_words(answer: str | None, language: Language) -> Iterator[str]:
    """Yield what a query has found; nothing of a matter that is none, or found nothing."""
    if answer:
        yield told(ANSWER, for_people(answer), language)


def yuan(fen: int) -> str:
    """Return an amount of fen in yuan, to the fen."""
    whole, rest = divmod(fen, FEN_PER_YUAN)
    return f"{whole:,}.{rest:02d}"

"""What a file is, is told by its bytes: for each that is refused there is one like it that is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.domain.policy_files.uploads import UploadPolicy
from exchange.domain.uploads import content as looked_through
from exchange.domain.uploads.content import refusal_of, type_of
from exchange.runtime.city import City
from tests.cells import each_cell
from tests.paper_files import chunk, huge_picture, pdf, picture, telephone_picture

POLICY = City().uploads
JPEG, PNG, PDF = picture("JPEG"), picture("PNG"), pdf()
PICTURE = b"\xff\xd8\xff\xd9\x00"
ZIP_END = b"PK\x05\x06" + bytes(18)
COMMENT = b"\xff\xfe" + (2 + 9).to_bytes(2)
COMMENTED = {text: JPEG[:2] + COMMENT + text + JPEG[2:] for text in (b"%PDF-1.7\n", b"of a scan")}
NOTED = {
    text: PNG[:33] + chunk(b"tEXt", b"Comment\x00" + text) + PNG[33:] for text in (b"%PDF-1.7", b"a scan")
}
LARGE = POLICY.model_copy(update={"largest_bytes": len(PNG)})
SMALL = POLICY.model_copy(update={"largest_bytes": len(PNG) - 1})
PICTURES = POLICY.model_copy(update={"types": ("JPEG", "PNG")})
WIDE = POLICY.model_copy(update={"largest_pixels": 30_000 * 30_000})

Asked = tuple[bytes, str, UploadPolicy]


def same(refused: bytes, taken: bytes, code: str, name: str = "a") -> tuple[Asked, Asked, str]:
    """Two files of one name, by the shipped policy."""
    return (refused, name, POLICY), (taken, name, POLICY), code


def named(content: bytes, refused: str, taken: str) -> tuple[Asked, Asked, str]:
    """One file under two names."""
    return (content, refused, POLICY), (content, taken, POLICY), "file_name_differs"


def ruled(content: bytes, refused: UploadPolicy, taken: UploadPolicy, code: str) -> tuple[Asked, Asked, str]:
    """One file by two policies."""
    return (content, "a", refused), (content, "a", taken), code


# What is refused; its twin, which is taken; and why.
REFUSED = {
    "nothing": same(b"", PNG, "empty_file"),
    "a byte too many": ruled(PNG, SMALL, LARGE, "file_too_large"),
    "a text": same(b"hello", PDF, "file_type_unknown", "a.pdf"),
    "a page of the web": same(b"<html>", PDF, "file_type_unknown"),
    "a PDF behind rubbish": same(b"x" + PDF, PDF, "file_type_unknown", "A.PDF"),
    "a GIF": same(b"GIF89a" + PNG, PNG, "file_type_unknown"),
    "no PDF here": ruled(PDF, PICTURES, POLICY, "file_type_not_taken"),
    "a JPEG called PNG": named(JPEG, "a.png", "a.jpeg"),
    "a PNG called PDF": named(PNG, "a.pdf", "a.PNG"),
    "a PDF called a program": named(PDF, "a.pdf.exe", "a.exe.pdf"),
    "half a JPEG": same(JPEG[: len(JPEG) // 2], JPEG, "file_cut_off", "a.jpg"),
    "half a PNG": same(PNG[:-20], PNG, "file_cut_off", "a.png"),
    "half a PDF": same(PDF[: PDF.rindex(b"%%EOF")], PDF + b"\r\n", "file_cut_off"),
    "a JPEG with a ZIP behind": same(JPEG + ZIP_END, telephone_picture(), "file_ambiguous"),
    "a PNG with a text behind": same(PNG + b"<script>", PNG, "file_ambiguous"),
    "a PDF with a ZIP behind": same(PDF + ZIP_END, PDF, "file_ambiguous"),
    "a PDF with a ZIP inside": same(PDF[:9] + ZIP_END + PDF[9:], PDF[:9] + PDF[9:], "file_ambiguous"),
    "a PNG that is a PDF, too": same(NOTED[b"%PDF-1.7"], NOTED[b"a scan"], "file_ambiguous"),
    "a JPEG that is a PDF, too": same(COMMENTED[b"%PDF-1.7\n"], COMMENTED[b"of a scan"], "file_ambiguous"),
    "a JPEG of too many pictures": same(PICTURE * 17, PICTURE * 16, "too_many_pictures"),
    "a PNG of 900 million pixels": ruled(huge_picture(), POLICY, WIDE, "picture_too_large"),
    "a PNG with a wrong sum": same(PNG[:40] + bytes((PNG[40] ^ 1,)) + PNG[41:], PNG, "file_unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_a_twin_that_is_taken(name: str) -> None:
    """So no refusal passes because everything is refused."""
    refused, taken, code = REFUSED[name]
    assert (refusal_of(*refused), refusal_of(*taken)) == (code, None)


def test_every_reason_is_tried() -> None:
    """Counted: each code of the bytes alone; what only a decoder finds is tried with it."""
    assert len(REFUSED) == 22
    assert {code for _, _, code in REFUSED.values()} == {
        *("empty_file", "file_too_large", "file_type_unknown", "file_type_not_taken", "file_name_differs"),
        *("file_cut_off", "file_ambiguous", "picture_too_large", "file_unreadable"),
        "too_many_pictures",
    }


def test_no_picture_after_the_last_that_is_taken_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: a small file of very many would keep the desk from all else."""
    walked: list[int] = []
    walk = looked_through._read_picture
    monkeypatch.setattr(
        looked_through, "_read_picture", lambda *asked: walked.append(asked[1]) or walk(*asked)
    )
    assert refusal_of(PICTURE * 10_000, "a.jpg", POLICY) == "too_many_pictures"
    assert walked == [2 + len(PICTURE) * number for number in range(16)]


@each_cell("whole", [JPEG, PNG, PDF, telephone_picture()], ids=["jpeg", "png", "pdf", "telephone"])
def test_no_beginning_of_a_file_is_taken(whole: bytes) -> None:
    """However much of it came, but for what only fills up, and the first of a telephone's pictures."""
    end = len(whole.rstrip(b"\r\n\x00"))
    begun = [whole[:length] for length in range(end) if refusal_of(whole[:length], "", POLICY) is None]
    assert {one.rstrip(b"\x00") for one in begun} <= {JPEG}


@given(
    content=st.binary(max_size=300),
    begin=st.sampled_from([b"", PDF[:5], PNG[:8], PNG[:33], JPEG[:3], JPEG[:50]]),
)
def test_whatever_bytes_come_are_answered(content: bytes, begin: bytes) -> None:
    """No file makes the desk fail."""
    refusal_of(begin + content, "a.pdf", POLICY)
    assert type_of(begin + content) in {None, "PDF", "JPEG", "PNG"}


@pytest.mark.parametrize(("matters", "days"), [((), 365), ((3,), 365), ((3, 8), 1095), ((8,), 1095)])
def test_a_file_is_kept_as_long_as_the_longest_of_its_matters(matters: tuple[int, ...], days: int) -> None:
    """As the policy has it, and not as the code does."""
    assert POLICY.days_after(matters) == days
    longer = UploadPolicy.model_validate({**POLICY.model_dump(), "kept_days": {"otherwise": 7}})
    assert longer.days_after(matters) == 7

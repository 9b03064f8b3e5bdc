"""`/desk/v1/materials` and those of a case: handing in, listing and reading files."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import FromPath, QueryParameter

from exchange.console.api.case_address import CASE, OF_CASES, CaseId, found, of_id
from exchange.console.console import AskerHere, ConsoleHere
from exchange.console.request_session import API
from exchange.desk.materials import OfferedFile, ReadableFiles, list_materials, upload
from exchange.desk.materials import read as read_file
from exchange.domain.uploads.content import type_of
from exchange.runtime.uploads.upload import TakenFile
from exchange.serving.bodies import whole_body
from exchange.serving.openapi import answer, answers
from exchange.serving.problems import ProblemError

Kind = Annotated[int, QueryParameter(description="Of which kind of material it is to be.")]
_ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_TYPES: Final = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png"}


@dataclass
class TakesFile(Operation):
    """Takes a file, which its handler reads piece by piece; so the framework knows of no body."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(dict.fromkeys(_ENDINGS, file), required=True)


@post(
    f"{API}/materials",
    responses=answers(400, 401, 403, 408, 413, 415, 422, 429, 503),
    request_max_body_size=None,  # it is read with the policy's limit
    operation_class=TakesFile,
    tags=["Materials"],
)
async def upload_material(
    request: Request[Any, Any, Any], console: ConsoleHere, asker: AskerHere, kind: Kind
) -> TakenFile:
    """Hand in a file, which is the whole body; an application names its hash."""
    city = console.desk.settings.city
    if kind not in city.policy.materials:
        raise ProblemError("parameter_wrong", 400, names="kind")
    ending = _ENDINGS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if ending is None:
        raise ProblemError("media_type_wrong", 415, wanted=", ".join(_ENDINGS))
    content = await whole_body(request, city.uploads.largest_bytes)
    offered = OfferedFile(content, f"file.{ending}", kind)
    return await asyncio.to_thread(upload, city, asker, offered, console.uploads)


@get(f"{CASE}/materials", responses=OF_CASES, sync_to_thread=True, tags=["Materials"])
def list_case_materials(console: ConsoleHere, asker: AskerHere, case_id: CaseId) -> ReadableFiles:
    """List the files of a case that I may read."""
    return found(list_materials(console.desk, asker, of_id(case_id), ""))


@get(
    f"{CASE}/materials/{{sha256:str}}",
    responses={**OF_CASES, **answers(410), 200: answer(bytes, "The file.", "application/octet-stream")},
    sync_to_thread=True,
    tags=["Materials"],
)
def read_material(
    console: ConsoleHere, asker: AskerHere, case_id: CaseId, sha256: FromPath[str]
) -> Response[bytes]:
    """Return a file of a case; that it is read is noted before a byte of it is fetched."""
    content = read_file(console.desk, asker, of_id(case_id), sha256.lower(), "", console.uploads)
    kind = type_of(content)
    return Response(content, media_type=_TYPES[kind] if kind else "application/octet-stream")

"""Reads what was posted, within limits. A field never holds what PostgreSQL or UTF-8 can not: NUL, half a character."""

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_FORM = 256 * 1024
MOST_FIELDS = 500
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_fields(request: Request) -> dict[str, str]:
    """Field → text; of a doubled field the last. Raises HTTPException 400, 413 or 415."""
    if request.method != "POST":
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORM_TYPES:
        raise HTTPException(415)
    await read_body(request)
    try:
        async with request.form(max_fields=MOST_FIELDS, max_files=0, max_part_size=LARGEST_FORM) as form:
            items = [(name, text) for name, text in form.multi_items() if not isinstance(text, UploadFile)]
    except FormParserError as error:
        raise HTTPException(400) from error
    return {_clean(name): _clean(text) for name, text in items}


async def read_body(request: Request) -> bytes:
    """Piece by piece, and no further than it may be, whatever Content-Length said. Raises HTTPException 413."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > LARGEST_FORM:
        raise HTTPException(413)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    request._body = bytes(body)
    return request._body


def _clean(text: str) -> str:
    """A stranger may choose the character set of a multipart form, and some decode to lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()

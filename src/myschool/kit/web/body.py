"""Reads a posted form within limits. NUL characters are dropped: no field may hold them and PostgreSQL refuses them."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST_FORM = 256 * 1024
MOST_FIELDS = 500
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_fields(request: Request) -> dict[str, str]:
    """Field → text; of a doubled field the last. Raises HTTPException 413 or 400."""
    if request.method != "POST":
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in FORM_TYPES:
        raise HTTPException(400)
    await _within_limit(request)
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        return {name: text.replace("\x00", "") for name, text in form.multi_items() if not isinstance(text, UploadFile)}


async def _within_limit(request: Request) -> None:
    """Reads the body piece by piece and stops as soon as it is too large, whatever Content-Length said."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > LARGEST_FORM:
        raise HTTPException(413)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    request._body = bytes(body)

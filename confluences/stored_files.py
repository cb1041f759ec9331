"""Files that people added, as they are handed out again."""

from csp.constants import NONE
from csp.decorators import csp
from django.core.files import File
from django.http import FileResponse

from confluences.uploads import content_type, download_name

# A stored file runs nothing, loads nothing, and stands in no frame.
FILE_POLICY = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@csp(FILE_POLICY)
def file_response(file: File, *, original_name: str, as_attachment: bool) -> FileResponse:
    """A file under the name it came with, that no browser guesses the type of and no cache keeps."""
    kind = content_type(file)
    response = FileResponse(
        file,
        as_attachment=as_attachment,
        filename=download_name(original_name, kind),
        content_type=kind or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response

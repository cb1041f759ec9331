"""What may be stored: by content and size, never by name."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from confluences.uploads import content_type, validate_document, validate_image

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
JPEG = b"\xff\xd8\xff\xe0" + bytes(32)
PDF = b"%PDF-1.7\n" + bytes(32)
HTML = b"<html><script>alert(1)</script></html>"
PROGRAM = b"MZ" + bytes(64)


def upload(content: bytes, name: str = "preuve.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (PDF, "application/pdf"), (HTML, ""), (b"", "")],
)
def test_content_type_is_read_from_the_content(content, kind):
    file = upload(content)
    assert content_type(file) == kind
    assert file.read() == content


@pytest.mark.parametrize("content", [PNG, JPEG, PDF])
def test_documents(content):
    validate_document(upload(content))


@pytest.mark.parametrize("content", [HTML, PROGRAM, b"", b"GIF89a" + bytes(32)])
def test_other_contents_are_refused_whatever_their_name(content):
    with pytest.raises(ValidationError, match="n’est pas de ceux acceptés"):
        validate_document(upload(content, "preuve.pdf"))


def test_pdf_is_no_picture():
    with pytest.raises(ValidationError, match="PNG, JPG, JPEG"):
        validate_image(upload(PDF, "logo.png"))
    validate_image(upload(PNG, "logo.png"))


def test_large_file_is_refused(settings):
    settings.MAX_UPLOAD_SIZE = 1024 * 1024
    with pytest.raises(ValidationError, match="dépasse 1 Mo"):
        validate_document(upload(PDF + bytes(1024 * 1024)))

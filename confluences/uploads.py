"""What may be stored: a file's type by its content, never by its name, and its size."""

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

IMAGE_EXTENSIONS = ["png", "jpg", "jpeg"]
DOCUMENT_EXTENSIONS = ["pdf", *IMAGE_EXTENSIONS]
MIME_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
}


def validate_image(file: File) -> None:
    """Raises ValidationError unless the file is a PNG or JPEG picture of an accepted size."""
    _validate(file, IMAGE_EXTENSIONS)


def validate_document(file: File) -> None:
    """Raises ValidationError unless the file is a PDF, PNG or JPEG of an accepted size."""
    _validate(file, DOCUMENT_EXTENSIONS)


def content_type(file: File) -> str:
    """The MIME type that the file's first bytes show, or an empty string where they show none."""
    file.seek(0)
    kind = filetype.guess(file.read(262))
    file.seek(0)
    return kind.mime if kind else ""


def _validate(file: File, extensions: list[str]) -> None:
    if file.size > settings.MAX_UPLOAD_SIZE:
        limit = settings.MAX_UPLOAD_SIZE // (1024 * 1024)
        raise ValidationError(
            f"Ce fichier dépasse {limit} Mo. Réduisez-le, ou scannez-le avec moins de détail."
        )
    accepted = {MIME_TYPES[extension] for extension in extensions}
    if content_type(file) not in accepted:
        kinds = ", ".join(extension.upper() for extension in extensions)
        raise ValidationError(
            f"Le contenu de ce fichier n’est pas de ceux acceptés ({kinds}), quel que soit son nom."
        )

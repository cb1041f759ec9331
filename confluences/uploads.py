"""What may be stored: a file's type by its content, never by its name, and its size."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

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
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}
MAX_NAME = 150  # characters of a downloaded file's name, which a file system holds with all their bytes


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


def bare_name(name: str) -> str:
    """A file's name as somebody typed it: no folder, no control character, none that turns the text around.

    >>> bare_name("C:\\\\Users\\\\moi\\\\carte.pdf")
    'carte.pdf'
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    return "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()


def download_name(name: str, mime: str) -> str:
    """The name to keep a file under: the one it came with, its ending that of its content.

    >>> download_name("../carte.exe", "application/pdf")
    'carte.pdf'
    """
    path = PurePosixPath(bare_name(name).replace("\\", "-").replace("/", "-"))
    stem = path.stem.strip(". ")[:MAX_NAME] or "document"
    return f"{stem}.{EXTENSIONS[mime]}" if mime in EXTENSIONS else stem


def _validate(file: File, extensions: list[str]) -> None:
    if getattr(file, "_committed", False):
        return  # stored already: looked at when it came in, and maybe lost since
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

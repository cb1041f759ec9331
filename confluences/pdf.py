"""Papers: a template rendered as a tagged, archivable PDF that carries its data."""

import base64
import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint.text.ffi import ffi, fontconfig
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from confluences.models import Structure

STYLESHEET = settings.BASE_DIR / "static" / "print" / "report.css"
# PDF/A-3: for archives, with attachments of any kind; a: tagged for screen readers.
VARIANT = "pdf/a-3a"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file inside the PDF. « Data » is what the figures were drawn from, « Source » what the text was."""

    name: str
    content: bytes
    description: str
    relationship: Literal["Data", "Source"] = "Data"


class PaperError(Exception):
    """The paper cannot be made, and its message says what to do."""


class DataOnlyFetcher(URLFetcher):
    """Refuses all but data: a paper never reads the network or the disk, whatever text it holds."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            raise FatalURLFetchingError(f"Un document imprimé ne charge rien du dehors : {url}")
        return super().fetch(url, headers)


def render_pdf(
    template_name: str, context: Mapping[str, Any], *, title: str, attachments: Sequence[Attachment] = ()
) -> bytes:
    """The PDF of a template that extends pdf/base.html."""
    structure = Structure.current()
    surroundings = {"structure": structure, "logo": _logo(structure), "title": title}
    html = _with_alternative_texts(render_to_string(template_name, {**surroundings, **context}))
    if not has_fonts():
        raise PaperError(
            "Aucune police de caractères sur cette machine : installez le paquet fonts-dejavu-core."
        )
    fetcher = DataOnlyFetcher()
    try:
        pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=[weasyprint.CSS(string=STYLESHEET.read_text(encoding="utf-8"), url_fetcher=fetcher)],
            attachments=[_attached(attachment, fetcher) for attachment in attachments],
            pdf_variant=VARIANT,
        )
    except FatalURLFetchingError as error:  # not an Exception: Django would not answer it
        raise PaperError(str(error)) from None
    return pdf


def data_uri(content: bytes, name: str) -> str:
    """An image's bytes as an address that needs no fetching."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def has_fonts() -> bool:
    """Whether this machine has any font: without one Pango does not raise, it ends the process."""
    configuration = fontconfig.FcInitLoadConfigAndFonts()
    fonts = fontconfig.FcConfigGetFonts(configuration, fontconfig.FcSetSystem)
    found = fonts != ffi.NULL and fonts.nfont > 0
    fontconfig.FcConfigDestroy(configuration)
    return bool(found)


def _with_alternative_texts(html: str) -> str:
    """WeasyPrint makes a chart's alternative text from its title alone: the description joins it."""
    return re.sub(r"</title><desc>(.*?)</desc>", r" : \1</title>", html)


def _logo(structure: Structure) -> str:
    if not structure.logo:
        return ""
    with structure.logo.open("rb") as file:
        return data_uri(file.read(), str(structure.logo.name))


def _attached(attachment: Attachment, fetcher: URLFetcher) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description,
        relationship=attachment.relationship,
        url_fetcher=fetcher,
    )

import copy
import datetime as dt
import hashlib
import io
import logging
import os
import subprocess
import sys
from fractions import Fraction

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from pypdf import PdfReader

from confluences import charts, pdf
from confluences.models import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(settings, tmp_path):
    """Makes a PDF around some content, as an app's template would."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates

    def make(content: str, **context) -> PdfReader:
        name = f"{hashlib.sha256(content.encode()).hexdigest()}.html"
        (tmp_path / name).write_text(
            "{% extends 'pdf/base.html' %}{% block reference %}Rapport 2014-1{% endblock %}"
            f"{{% block content %}}{content}{{% endblock %}}"
        )
        return read(pdf.render_pdf(name, context, title="Sorties 2014"))

    return make


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def elements(reader: PdfReader) -> list[tuple[str, str]]:
    """The structure elements of a tagged PDF, with their alternative texts."""
    found = []

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, dict):
            if "/S" in node:
                found.append((node["/S"], str(node.get("/Alt", ""))))
            walk(node["/K"]) if "/K" in node else None
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def fonts(reader: PdfReader) -> dict[str, bool]:
    """The fonts of the first page, and whether each is inside the file."""
    used = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    descendants = [font["/DescendantFonts"][0].get_object() for font in used]
    return {
        font["/BaseFont"].split("+")[-1]: "/FontFile2" in font["/FontDescriptor"].get_object()
        for font in descendants
    }


def an_image() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "#1f5f43").save(stream, "PNG")
    return stream.getvalue()


def test_pdf_declares_what_it_is():
    Structure(name="Confluences", address="28 rue Joachim du Bellay", postcode="94110", city="Arcueil").save()
    reader = read(pdf.render_pdf("pdf/base.html", {}, title="Sorties 2014"))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "fr"
    assert catalogue["/MarkInfo"] == {"/Marked": True}
    metadata = reader.xmp_metadata
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("3", "A")
    assert metadata.dc_title == {"x-default": "Sorties 2014"}
    assert metadata.dc_creator == ["Confluences"]
    assert metadata.xmp_creator_tool == "Confluences"
    assert set(fonts(reader).values()) == {True}
    lines = reader.pages[0].extract_text().split("\n")
    assert sorted(line for line in lines if line.strip()) == [
        "28 rue Joachim du Bellay, 94110 Arcueil",
        "Confluences",
        "Sorties 2014",
        "Sorties 2014 page 1 sur 1",
    ]


def test_pages_are_numbered_and_bear_the_reference(paper):
    reader = paper("<p>Un</p><p class='break-before'>Deux</p><p class='break-before'>Trois</p>")
    texts = [page.extract_text() for page in reader.pages]
    assert [text.count("Rapport 2014-1") for text in texts] == [1, 1, 1]
    assert [f"page {number} sur 3" in text for number, text in enumerate(texts, 1)] == [True, True, True]


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_demonstration_is_said_on_every_page(paper, is_demonstration):
    Structure(name="Confluences", is_demonstration=is_demonstration).save()
    reader = paper("<p>Un</p><p class='break-before'>Deux</p>")
    said = ["Données de démonstration" in page.extract_text() for page in reader.pages]
    assert said == [is_demonstration, is_demonstration]


def test_charts_are_drawn_with_their_words_and_without_a_warning(paper, caplog):
    gauge = charts.gauge(
        done=7,
        total=9,
        target_numerator=2,
        target_denominator=3,
        lowest=Fraction(7, 9),
        highest=Fraction(1),
        label="Sorties 2014",
    )
    bar = charts.stacked_bar(
        [charts.Segment(label="à documenter", value=2, kind="undetermined")], label="Par classe"
    )
    years = charts.years(
        [charts.Year(label="2014", successes=7, examined=9)],
        target_numerator=2,
        target_denominator=3,
        label="Années",
    )
    contract = charts.Bar(start=dt.date(2014, 1, 1), end=None, label="CDDI", kind="soft")
    timeline = charts.timeline(
        [charts.Layer(label="Contrats", bars=[contract])],
        start=dt.date(2014, 1, 1),
        end=dt.date(2014, 12, 31),
        today=dt.date(2014, 5, 1),
        label="Parcours",
    )
    with caplog.at_level(logging.WARNING):
        reader = paper(
            "<h2>Figures</h2>{{ gauge }}{{ bar }}{{ years }}{{ timeline }}"
            "<table><thead><tr><th>Classe</th></tr></thead><tbody><tr><td>CDI</td></tr></tbody></table>"
            "{% chip label='atteint' kind='ok' %}<dl><dt>Période</dt><dd>2014</dd></dl>",
            gauge=gauge,
            bar=bar,
            years=years,
            timeline=timeline,
        )
    assert caplog.messages == []
    assert [alternative for tag, alternative in elements(reader) if tag == "/Figure"] == [
        "Sorties 2014 : 7 sur 9, 77,8\u00a0%, entre 77,8\u00a0% et 100\u00a0%, objectif 2/3.",
        "Par classe : 2 à documenter. Total : 2.",
        "Années : 2014 : 7 sur 9 · 77,8\u00a0%. Objectif : 2/3.",
        "Parcours : Du 1er janvier 2014 au 31 décembre 2014. Contrats : CDDI depuis le 1er janvier 2014.",
    ]
    tags = [tag for tag, _ in elements(reader)]
    assert [tags.count(tag) for tag in ("/H1", "/H2", "/Table", "/TH")] == [1, 1, 1, 1]
    text = "".join(page.extract_text() for page in reader.pages)
    assert [words in text for words in ("7 sur 9", "objectif 2/3", "2 à documenter", "aujourd’hui")] == [
        True
    ] * 4


def test_attachments_travel_with_their_purpose():
    attachments = [
        pdf.Attachment(name="sorties.json", content=b'{"sorties": 9}', description="Les neuf sorties"),
        pdf.Attachment(
            name="regles.txt", content="Règles".encode(), description="Les règles", relationship="Source"
        ),
    ]
    reader = read(pdf.render_pdf("pdf/base.html", {}, title="Sorties 2014", attachments=attachments))
    assert reader.attachments == {"sorties.json": [b'{"sorties": 9}'], "regles.txt": ["Règles".encode()]}
    # WeasyPrint 70 lists each twice.
    described = [file.get_object() for file in reader.trailer["/Root"]["/AF"]]
    assert {(file["/Desc"], file["/AFRelationship"]) for file in described} == {
        ("Les neuf sorties", "/Data"),
        ("Les règles", "/Source"),
    }


def test_logo_is_in_the_letterhead(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    structure = Structure(name="Confluences")
    structure.logo.save("logo.png", ContentFile(an_image()))
    with caplog.at_level(logging.WARNING):
        reader = read(pdf.render_pdf("pdf/base.html", {}, title="Sorties 2014"))
    assert caplog.messages == []
    assert ("/Figure", "Logo de Confluences") in elements(reader)
    assert len(reader.pages[0].images) == 1


@pytest.mark.parametrize(
    "content",
    [
        "<img alt='' src='http://example.org/a.png'>",
        "<img alt='' src='file:///etc/hostname'>",
        "<link rel='stylesheet' href='https://example.org/a.css'>",
        "<object data='file:///etc/hostname'></object>",
        "<link rel='attachment' href='file:///etc/hostname'>",
    ],
)
def test_a_paper_loads_nothing_from_outside(paper, content):
    with pytest.raises(pdf.PaperError, match="Un document imprimé ne charge rien du dehors"):
        paper(content)


def test_what_people_typed_stays_text(paper):
    reader = paper("<p>{{ text }}</p>", text="<img src='file:///etc/hostname'>")
    assert "<img src='file:///etc/hostname'>" in reader.pages[0].extract_text()


def test_a_machine_without_fonts_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "has_fonts", lambda: False)
    with pytest.raises(pdf.PaperError, match="installez le paquet fonts-dejavu-core"):
        pdf.render_pdf("pdf/base.html", {}, title="Sorties 2014")


@pytest.mark.parametrize("has_fonts", [True, False])
def test_fonts_are_looked_for(tmp_path, has_fonts):
    """In its own process: fontconfig reads its configuration once."""
    environment = dict(os.environ)
    if not has_fonts:
        configuration = tmp_path / "fonts.conf"
        configuration.write_text(
            f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
        )
        environment["FONTCONFIG_FILE"] = str(configuration)
    code = "import django; django.setup(); from confluences.pdf import has_fonts; print(has_fonts())"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{has_fonts}\n"

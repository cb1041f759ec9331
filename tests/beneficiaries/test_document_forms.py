"""What is typed about a paper, and which files are taken."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries.document_forms import DocumentFactsForm, DocumentForm
from beneficiaries.models import Document
from beneficiaries.support_enums import Confidentiality, Criterion
from confluences.uploads import bare_name, download_name
from tests.beneficiaries.factories import DAY, PDF, make_beneficiary, make_document, today
from tests.confluences.test_uploads import JPEG, PNG, PROGRAM

pytestmark = pytest.mark.django_db

NOT_KEPT = (
    "Ce fichier n’est pas encore enregistré, et le navigateur ne le garde pas : choisissez-le à nouveau."
)
NOT_ACCEPTED = (
    "Le contenu de ce fichier n’est pas de ceux acceptés (PDF, PNG, JPG, JPEG), quel que soit son nom."
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def form_of(content: bytes | None = PDF, name: str = "cv.pdf", **typed) -> DocumentForm:
    data = {"kind": "cv", "confidentiality": "team"} | typed
    files = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    return DocumentForm(data, files, instance=Document(beneficiary=make_beneficiary()))


def saved(social_worker, content: bytes = PDF, name: str = "cv.pdf", **typed) -> Document:
    form = form_of(content, name, **typed)
    document = form.save_by(social_worker)
    assert document is not None, form.errors
    return document


# The file


@pytest.mark.parametrize(
    ("content", "name", "stored"),
    [
        (PDF, "cv.pdf", ".pdf"),
        (PNG, "Carte d’identité.PNG", ".png"),
        (JPEG, "IMG_2026.jpeg", ".jpg"),
        # Taken for what they hold.
        (PDF, "scan.png", ".pdf"),
        (PNG, "facture.pdf.exe", ".png"),
        (JPEG, "image", ".jpg"),
    ],
)
def test_file_is_taken_for_what_it_holds(social_worker, content, name, stored):
    document = saved(social_worker, content, name)
    assert document.original_name == name
    assert document.file.name.startswith("documents/")
    assert document.file.name.endswith(stored)
    assert name not in document.file.name
    assert document.file.read() == content
    document.file.close()


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (None, "", "Choisissez le fichier à ajouter, ou prenez le papier en photo."),
        (b"", "cv.pdf", "Ce fichier est vide : vérifiez-le, puis choisissez-le à nouveau."),
        (PROGRAM, "cv.pdf", NOT_ACCEPTED),
        (PROGRAM, "cv.pdf.exe", NOT_ACCEPTED),
        (b"<html><script>alert(1)</script></html>", "photo.jpg", NOT_ACCEPTED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.png", NOT_ACCEPTED),
    ],
)
def test_file_is_refused_in_words(social_worker, content, name, error):
    form = form_of(content, name)
    assert form.save_by(social_worker) is None
    assert error in form.errors["file"]
    assert NOT_KEPT not in form.errors["file"]
    assert Document.objects.count() == 0


def test_large_file_is_refused(social_worker, settings):
    settings.MAX_UPLOAD_SIZE = 1024 * 1024
    form = form_of(PDF + bytes(1024 * 1024))
    assert form.save_by(social_worker) is None
    assert form.errors == {
        "file": ["Ce fichier dépasse 1 Mo. Réduisez-le, ou scannez-le avec moins de détail."]
    }


def test_long_name_is_cut_for_its_readers(social_worker):
    document = saved(social_worker, name=f"{'é' * 300}.pdf")
    assert len(document.original_name) == 255
    assert set(document.original_name[:-4]) == {"é"}


def test_refusal_of_another_field_says_that_the_file_is_not_kept(social_worker):
    form = form_of(kind="")
    assert form.save_by(social_worker) is None
    assert form.errors == {"kind": ["Ce champ est obligatoire."], "file": [NOT_KEPT]}


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\moi\\carte.pdf", "carte.pdf"),
        ("carte\r\nSet-Cookie: a=b.pdf", "carteSet-Cookie: a=b.pdf"),
        ("carte\u202efdp.exe", "cartefdp.exe"),
    ],
)
def test_bare_name(typed, bare):
    assert bare_name(typed) == bare


@pytest.mark.parametrize(
    ("name", "mime", "kept"),
    [
        ("cv.pdf", "application/pdf", "cv.pdf"),
        ("scan.png", "application/pdf", "scan.pdf"),
        ("facture.pdf.exe", "image/png", "facture.pdf.png"),
        ("Élan, carte.JPEG", "image/jpeg", "Élan, carte.jpg"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("../..", "application/pdf", "document.pdf"),
        ("cv.pdf", "", "cv"),
        (f"{'a' * 250}.pdf", "application/pdf", f"{'a' * 150}.pdf"),
    ],
)
def test_download_name(name, mime, kept):
    assert download_name(name, mime) == kept


# The facts


PROOF = {"kind": "eligibility", "issued_on": f"{today():%Y-%m-%d}"}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (PROOF, {"criterion": ["Choisissez le critère que ce justificatif prouve."]}),
        (
            {"kind": "cv", "criterion": "rsa"},
            {
                "criterion": [
                    "Seul un justificatif d’éligibilité a un critère : changez la nature, ou retirez le critère."
                ]
            },
        ),
        (
            {"kind": "eligibility", "criterion": "rsa"},
            {"issued_on": ["Un justificatif vieillit : indiquez le jour où il a été établi."]},
        ),
        (
            {"issued_on": f"{today() + DAY:%Y-%m-%d}"},
            {"issued_on": ["Cette date n’est pas encore passée : vérifiez-la."]},
        ),
        (
            {"issued_on": "2024-01-02", "expires_on": "2024-01-01"},
            {"__all__": ["Le document expire avant d’être établi : vérifiez les deux dates."]},
        ),
        ({"issued_on": "31/02/2024"}, {"issued_on": ["Saisissez une date valide."]}),
        (
            {"title": "é" * 151},
            {"title": ["Assurez-vous que cette valeur comporte au plus 150 caractères (actuellement 151)."]},
        ),
    ],
)
def test_facts_are_refused_in_words(social_worker, typed, errors):
    form = form_of(**typed)
    assert form.save_by(social_worker) is None
    assert form.errors == errors | {"file": [NOT_KEPT]}


@pytest.mark.parametrize("criterion", sorted(Criterion.protected()))
def test_proof_of_health_or_justice_is_for_social_workers_by_itself(social_worker, criterion):
    form = form_of(**PROOF, criterion=criterion)
    document = form.save_by(social_worker)
    assert (document.confidentiality, form.made_confidential) == (Confidentiality.SOCIAL, True)


def test_other_proofs_stay_as_chosen(social_worker):
    form = form_of(**PROOF, criterion="rsa")
    assert (form.save_by(social_worker).confidentiality, form.made_confidential) == ("team", False)


def test_help_says_how_old_a_proof_may_be():
    help_text = form_of().fields["criterion"].help_text.replace("\u00a0", " ")
    assert help_text == (
        "Pour un justificatif d’éligibilité seulement. À l’embauche il date de moins de 3 mois ; 6 mois pour « résident en "
        "ZRR ou ZFRR », « résident en QPV », « sortant de détention ou sous main de justice », « maîtrise de la langue "
        "française » et « problème de mobilité » ; 12 mois pour « sortant de l’ASE »."
    )


def test_facts_change_and_the_file_stays(social_worker):
    document = make_document()
    stored = document.file.name
    data = {"kind": "diploma", "title": "CACES", "confidentiality": "social", "opened_version": 1}
    assert DocumentFactsForm(data, instance=document).save_by(social_worker) == document
    document.refresh_from_db()
    assert (document.title, document.confidentiality, document.file.name, document.version) == (
        "CACES",
        "social",
        stored,
        2,
    )


def test_facts_of_a_lost_file_can_still_be_corrected(social_worker):
    document = make_document()
    document.file.storage.delete(document.file.name)
    document = Document.objects.get()
    data = {"kind": "cv", "expires_on": "2030-01-01", "confidentiality": "team", "opened_version": 1}
    assert DocumentFactsForm(data, instance=document).save_by(social_worker).expires_on == dt.date(2030, 1, 1)


def test_two_people_at_once(social_worker):
    make_document(title="Avant")
    Document.objects.update(version=2, title="CV de juin")
    data = {"kind": "cv", "title": "CV de mai", "confidentiality": "team", "opened_version": 1}
    form = DocumentFactsForm(data, instance=Document.objects.get())
    assert form.save_by(social_worker) is None
    assert form.status == 409
    assert [(each.label, each.theirs, each.yours) for each in form.conflicts] == [
        ("Titre", "CV de juin", "CV de mai")
    ]

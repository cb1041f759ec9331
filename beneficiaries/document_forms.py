"""What is typed about a paper, and the paper itself when it is added."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout

from beneficiaries.document_reports import proof_ages, protected_criteria
from beneficiaries.forms import in_columns
from beneficiaries.models import Document
from beneficiaries.support_enums import Confidentiality, Criterion, DocumentKind
from confluences.file_forms import FileForm
from confluences.forms import RecordedForm

FACTS = ["kind", "criterion", "title", "issued_on", "expires_on", "confidentiality"]


class DocumentFactsForm(RecordedForm):
    """What a paper is and who reads it; the file stays as it is."""

    empty_choices = {"criterion": "aucun"}

    class Meta:
        model = Document
        fields = FACTS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.made_confidential = False
        self.fields[
            "criterion"
        ].help_text = (
            f"Pour un justificatif d’éligibilité seulement. À l’embauche il date de moins de {proof_ages()}."
        )
        self.fields["criterion"].widget.attrs["data-protected"] = " ".join(sorted(Criterion.protected()))
        self.fields["confidentiality"].help_text = (
            f"Le justificatif d’un critère de santé ou de justice ({protected_criteria()}) est toujours lu par les "
            "travailleurs sociaux seulement."
        )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        names = [name for name in self.fields if name in {"confidentiality", "file"}]
        helper.layout = Layout("kind", "criterion", "title", in_columns("issued_on", "expires_on"), *names)
        return helper

    def clean(self):
        cleaned = super().clean()
        kind, criterion = cleaned.get("kind"), cleaned.get("criterion")
        if kind == DocumentKind.ELIGIBILITY and not criterion and "criterion" not in self.errors:
            self.add_error("criterion", "Choisissez le critère que ce justificatif prouve.")
        elif kind and kind != DocumentKind.ELIGIBILITY and criterion:
            self.add_error(
                "criterion",
                "Seul un justificatif d’éligibilité a un critère : changez la nature, ou retirez le critère.",
            )
        elif criterion in Criterion.protected():
            self.made_confidential = cleaned.get("confidentiality") != Confidentiality.SOCIAL
            cleaned["confidentiality"] = Confidentiality.SOCIAL
        return cleaned


class DocumentForm(FileForm, DocumentFactsForm):
    """A paper to add, with its file."""

    class Meta(DocumentFactsForm.Meta):
        fields = [*FACTS, "file"]

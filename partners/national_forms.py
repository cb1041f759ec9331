"""What the page of the national directory's import asks for."""

from django import forms
from django.core.exceptions import ValidationError

from partners.models import ServiceTheme
from partners.national_files import MEGABYTE
from partners.national_reports import PAGE_LIMITS, Filters

ACCEPTED = forms.FileInput(attrs={"accept": ".csv,.json,.xlsx"})


class NationalImportForm(forms.Form):
    """One file or two, and which structures to take from them."""

    file = forms.FileField(
        label="Fichier",
        help_text="Structures, services, ou les deux, de data.inclusion : CSV, JSON ou XLSX.",
        widget=ACCEPTED,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    services = forms.FileField(
        label="Second fichier",
        help_text="Les services, s’ils sont dans un fichier à part.",
        required=False,
        widget=ACCEPTED,
        error_messages={"empty": "Ce fichier est vide."},
    )
    departement = forms.CharField(
        label="Département",
        help_text="Par exemple 94, 2A ou 971 ; vide pour tous.",
        required=False,
        max_length=3,
    )
    theme = forms.ChoiceField(
        label="Thème",
        help_text="Seulement les structures qui ont un service de ce thème.",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        families: dict[str, list[tuple[str, str]]] = {}
        for theme in ServiceTheme.objects.all():
            families.setdefault(theme.family, []).append((theme.code, theme.label))
        self.fields["theme"].choices = [("", "tous"), *families.items()]

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    def clean_file(self):
        return self._sized("file")

    def clean_services(self):
        return self._sized("services")

    def clean(self):
        cleaned = super().clean()
        typed = cleaned.get("departement", ""), cleaned.get("theme", "")
        try:
            cleaned["filters"] = Filters.typed(*typed)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def _sized(self, name: str):
        """Refused by its size alone, unread."""
        file = self.cleaned_data.get(name)
        if file and file.size > PAGE_LIMITS.size:
            limit = PAGE_LIMITS.size // MEGABYTE
            raise ValidationError(f"Ce fichier dépasse {limit} Mo. {PAGE_LIMITS.advice}")
        return file

"""What is chosen before papers are made, and what is copied from one to verify it."""

import datetime as dt

import django_filters
from django import forms

from beneficiaries.models import Beneficiary
from confluences.forms import DateInput
from trainings.certificate_rules import SHORTEST_DIGEST, read_digest
from trainings.enums import CertificateKind
from trainings.models import Programme

# A quarter of half-days, mornings and afternoons: more pages would keep the server from answering others.
MAX_DAYS = 92


class PeriodForm(forms.Form):
    """The days whose attendance sheets are printed: this week, unless others are said."""

    start = forms.DateField(label="Du", widget=DateInput())
    end = forms.DateField(label="Au", widget=DateInput())

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if not (start and end):
            return
        if end < start:
            self.add_error("end", "La période finit avant de commencer : vérifiez les deux dates.")
        elif (end - start).days >= MAX_DAYS:
            self.add_error(
                "end", f"Imprimez {MAX_DAYS} jours au plus à la fois : faites-le en plusieurs fois."
            )


def this_week(day: dt.date) -> dict[str, dt.date]:
    """The form's first values: from Monday to Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return {"start": monday, "end": monday + dt.timedelta(days=6)}


class VerifyForm(forms.Form):
    """A certificate's number and digest, as its paper prints them."""

    number = forms.IntegerField(label="Numéro", min_value=1)
    digest = forms.CharField(
        label="Empreinte",
        max_length=120,
        help_text=f"Entière, ou ses {SHORTEST_DIGEST} premiers caractères au moins ; les espaces ne comptent pas.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_digest(self):
        digest = read_digest(self.cleaned_data["digest"])
        if digest is None:
            raise forms.ValidationError(
                f"Une empreinte s’écrit avec des chiffres et les lettres de a à f : recopiez-en {SHORTEST_DIGEST} "
                "caractères au moins, 64 au plus."
            )
        return digest


class CertificateFilter(django_filters.FilterSet):
    """The filters of the register, the same for the page and the spreadsheet."""

    q = django_filters.CharFilter(label="Personne ou numéro", method="about", max_length=100)
    kind = django_filters.ChoiceFilter(label="Nature", choices=CertificateKind.choices, empty_label="toutes")
    programme = django_filters.ModelChoiceFilter(
        label="Programme",
        field_name="enrolment__programme",
        queryset=lambda request: Programme.objects.visible_to(request.user),
        empty_label="tous",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {CertificateKind(value).label if name == 'kind' else value}"
            for name, value in chosen.items()
        )

    def about(self, certificates, name, text):
        if text.isdecimal():
            return certificates.filter(number=int(text))
        people = Beneficiary.objects.matching(text)
        return certificates.filter(enrolment__beneficiary__in=people)

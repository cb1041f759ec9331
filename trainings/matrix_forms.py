"""The filters of the matrix, the same for the page and the files."""

import datetime as dt

import django_filters
from django.db.models import QuerySet

from beneficiaries.models import Beneficiary
from trainings.models import Enrolment

PRESENT = "present"


class MatrixFilter(django_filters.FilterSet):
    """Whom of a programme the matrix shows."""

    group = django_filters.ChoiceFilter(label="Groupe", empty_label="tous", null_label=None)
    presence = django_filters.ChoiceFilter(
        label="Personnes",
        method="present",
        choices=[(PRESENT, "en contrat et inscrites aujourd’hui")],
        empty_label="toutes les inscriptions",
    )

    def __init__(self, *args, today: dt.date, queryset: QuerySet[Enrolment], **kwargs):
        groups = sorted(set(queryset.order_by().values_list("group", flat=True).distinct()) - {""})
        super().__init__(*args, queryset=queryset, **kwargs)
        self.today = today
        self.filters["group"].extra["choices"] = [(group, group) for group in groups]
        self.groups = groups

    @property
    def in_words(self) -> str:
        """The filters chosen, as the file's heading says them."""
        group, presence = (self.form.cleaned_data.get(name) for name in ("group", "presence"))
        words = [f"Groupe : {group}"] if group else []
        return " ; ".join([*words, "Personnes en contrat et inscrites aujourd’hui"] if presence else words)

    def present(self, enrolments, name, value):
        people = Beneficiary.objects.present(self.today)
        return enrolments.active(self.today).filter(beneficiary__in=people)

"""What the common time axis shows: which grants, and the purchase that they pay."""

import django_filters

from funding.enums import ExpenseKind, GrantStatus
from funding.models import Grant, Purchase


class TimelineFilter(django_filters.FilterSet):
    """The grants shown. The purchase chosen filters nothing: its grants are shown together."""

    status = django_filters.ChoiceFilter(label="État", choices=GrantStatus.choices, empty_label="tous")
    kind = django_filters.ChoiceFilter(
        label="Peut payer", method="paying", choices=ExpenseKind.choices, empty_label="tout"
    )
    achat = django_filters.ModelChoiceFilter(
        label="Achat à montrer",
        method="unfiltered",
        queryset=lambda request: Purchase.objects.visible_to(request.user),
        empty_label="aucun",
    )

    class Meta:
        model = Grant
        fields = ["status", "kind", "achat"]

    @property
    def purchase(self) -> Purchase | None:
        return self.form.cleaned_data.get("achat")

    def paying(self, grants, name, kind):
        return grants.filter(pays_for__contains=kind)

    def unfiltered(self, grants, name, purchase):
        return grants

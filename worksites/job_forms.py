"""What is typed about client jobs, and the filters of their list."""

from decimal import Decimal

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from beneficiaries.forms import ManyHoursField, in_columns, validate_not_far_ahead, validate_not_to_come
from confluences.formats import duration, euros
from confluences.forms import AmountField, RecordedForm
from confluences.text import without_controls
from partners.actions import client_named
from partners.choice_forms import PartnerField
from partners.models import Partner
from worksites.job_actions import save_job
from worksites.job_reports import possible_clients
from worksites.models import JobOrder, Worksite

AMOUNTS = ["quoted_amount", "hourly_cost"]
OUT_OF_RANGE = "L’avancement va de 0 à 100 %%."  # a validator formats its message


class JobState(models.TextChoices):
    """The two halves of the list."""

    OPEN = "en-cours", "en cours"
    FINISHED = "terminees", "terminées"


class JobFilter(django_filters.FilterSet):
    """The filters of the jobs' list, the same for the page and the spreadsheet."""

    state = django_filters.ChoiceFilter(
        label="Commandes",
        field_name="finished_on",
        method="standing",
        choices=JobState.choices,
        empty_label="toutes",
    )
    worksite = django_filters.ModelChoiceFilter(
        label="Chantier",
        queryset=lambda request: Worksite.objects.visible_to(request.user),
        empty_label="tous",
    )

    class Meta:
        model = JobOrder
        fields = ["state", "worksite"]

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {JobState(value).label if name == 'state' else value}"
            for name, value in chosen.items()
        )

    @property
    def chosen_worksite(self) -> Worksite | None:
        return self.form.cleaned_data.get("worksite")

    def standing(self, jobs, name, state):
        return jobs.filter(finished_on__isnull=state == JobState.OPEN)


class JobForm(RecordedForm):
    """A job of one worksite, with what was quoted to its client."""

    quoted_minutes = ManyHoursField(
        label="Heures du devis",
        help_text="Par exemple 230 ou 120:30.",
        validators=[MinValueValidator(1, "Le devis compte au moins une minute.")],
    )

    client = PartnerField(
        label="Client", queryset=Partner.objects.none(), required=False, empty_label="à choisir"
    )
    new_client = forms.CharField(
        label="Ou un autre client",
        required=False,
        max_length=150,
        help_text="Son nom : il devient un partenaire, à compléter dans l’annuaire.",
    )

    class Meta:
        model = JobOrder
        fields = [
            "title",
            "client",
            "place",
            "quoted_minutes",
            "quoted_amount",
            "hourly_cost",
            "start",
            "deadline",
            "progress",
            "finished_on",
            "notes",
        ]
        # So that « 4 250,50 » is read as well as « 4250.50 ».
        localized_fields = AMOUNTS
        field_classes = dict.fromkeys(AMOUNTS, AmountField)
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "place": "L’adresse où l’équipe travaille.",
            "deadline": "Vide si rien n’est convenu avec le client.",
            "finished_on": "Vide tant que l’équipe y travaille ; ensuite la commande ne reçoit plus d’heures.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].validators.append(validate_not_far_ahead)
        self.fields["finished_on"].validators.append(validate_not_to_come)
        self.fields["client"].queryset = possible_clients(timezone.localdate(), also=self.instance.client_id)
        if self.instance.pk is None:
            del self.fields["finished_on"]
            self.initial["hourly_cost"] = self._last_hourly_cost()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        finished = ["finished_on"] if "finished_on" in self.fields else []
        helper.layout = Layout(
            in_columns("title", "place"),
            in_columns("client", "new_client"),
            in_columns("quoted_minutes", "quoted_amount", "hourly_cost"),
            in_columns("start", "deadline"),
            in_columns("progress", *finished),
            "notes",
        )
        return helper

    def clean_notes(self):
        return without_controls(self.cleaned_data["notes"])

    def clean_new_client(self):
        """The partner that the name means: one of the directory, or a new one that the job's own writing adds."""
        typed = self.cleaned_data["new_client"]
        return client_named(typed) if typed else None

    def clean(self):
        cleaned = super().clean()
        chosen, new = cleaned.get("client"), cleaned.get("new_client")
        if chosen and new and chosen != new:
            self.add_error(
                "new_client", "Choisissez un client dans la liste ou écrivez un autre nom, pas les deux."
            )
        elif not chosen and not new and not self.has_error("client") and not self.has_error("new_client"):
            self.add_error("client", "Choisissez un client, ou écrivez le nom d’un autre.")
        if new and not chosen:
            # Not yet written: the row is validated once it is.
            cleaned["client"] = new
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"client"}

    def perform(self, user):
        return save_job(self.instance, by=user, client=self.cleaned_data["client"])

    def shown(self, row, name):
        if name == "quoted_minutes":
            return duration(row.quoted_minutes)
        if name in AMOUNTS:
            return euros(getattr(row, name))
        return super().shown(row, name)

    def _last_hourly_cost(self) -> Decimal | None:
        """What an hour cost on the worksite's last job: it seldom changes from one to the next."""
        known = JobOrder.objects.filter(worksite=self.instance.worksite_id, hourly_cost__isnull=False)
        return known.order_by("-start", "-pk").values_list("hourly_cost", flat=True).first()


class ProgressForm(RecordedForm):
    """How far a job is, as the instructor sees it on the place: the one field that changes every week."""

    class Meta:
        model = JobOrder
        fields = ["progress"]
        help_texts = {"progress": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["progress"].widget.attrs |= {"max": 100, "inputmode": "numeric"}
        self.fields["progress"].validators = [
            MinValueValidator(0, OUT_OF_RANGE),
            MaxValueValidator(100, OUT_OF_RANGE),
        ]

    def perform(self, user):
        return save_job(self.instance, by=user)

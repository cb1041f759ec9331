"""What is typed about a talk to come."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from beneficiaries.forms import in_columns, validate_not_far_ahead
from beneficiaries.models import Appointment
from beneficiaries.outcome_forms import TimeInput, validate_not_past, workers_for
from beneficiaries.support_enums import AppointmentOutcome
from confluences.forms import RecordedForm
from confluences.models import User


class AppointmentForm(RecordedForm):
    """An appointment; one that was missed or cancelled can be planned again."""

    class Meta:
        model = Appointment
        fields = ["on", "at", "worker", "kind", "medium", "purpose", "outcome"]
        widgets = {"at": TimeInput()}
        error_messages = {"on": {"required": "Indiquez le jour du rendez-vous."}}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = workers_for(user.pk, self.instance.worker_id)
        self.fields["worker"].empty_label = None
        self.fields["outcome"] = forms.ChoiceField(
            label="Issue", choices=[("", "prévu"), *AppointmentOutcome.choices], required=False
        )
        if self.instance.pk is None or self.instance.held_as_id:
            del self.fields["outcome"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(in_columns("on", "at"), in_columns("worker", "kind"), "medium", "purpose")
        if "outcome" in self.fields:
            helper.layout.append("outcome")
        return helper

    def clean_on(self):
        """A day that was possible when it was given stays so."""
        day = self.cleaned_data["on"]
        if "on" in self.changed_data:
            validate_not_past(day)
            validate_not_far_ahead(day)
        return day

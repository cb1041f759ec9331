"""What is typed about the papers, instalments and obligations of a grant."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.utils import timezone

from beneficiaries.forms import in_columns, validate_not_to_come
from confluences.file_forms import FileForm
from confluences.formats import euros
from confluences.forms import AmountField, RecordedForm
from funding.grant_actions import finish_obligation, save_instalment
from funding.models import GrantDocument, Instalment, Obligation


class GrantDocumentForm(FileForm):
    """A paper of a grant, with its file."""

    class Meta:
        model = GrantDocument
        fields = ["title", "file"]


EXPECTED = ["kind", "expected", "expected_on", "condition"]
RECEIVED = ["received", "received_on"]


class InstalmentForm(RecordedForm):
    """An instalment: what is expected and when, then what came."""

    class Meta:
        model = Instalment
        fields = [*EXPECTED, *RECEIVED]
        field_classes = {"expected": AmountField, "received": AmountField}
        localized_fields = ["expected", "received"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].validators.append(validate_not_to_come)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("kind", "expected", "expected_on"), "condition", in_columns(*RECEIVED)
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        if "received" in self.errors or "received_on" in self.errors:
            return cleaned
        amount, day = cleaned.get("received"), cleaned.get("received_on")
        if amount is not None and day is None:
            self.add_error("received_on", "Indiquez le jour où ce montant est arrivé.")
        if day is not None and amount is None:
            self.add_error("received", "Indiquez le montant arrivé ce jour-là.")
        return cleaned

    def perform(self, user):
        return save_instalment(self.instance, by=user)

    def shown(self, row, name):
        return euros(getattr(row, name)) if name in {"expected", "received"} else super().shown(row, name)


class ReceiveForm(InstalmentForm):
    """What came of an instalment: as expected, today, unless somebody says otherwise."""

    class Meta(InstalmentForm.Meta):
        fields = RECEIVED

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RECEIVED:
            self.fields[name].required = True
        if self.instance.received is None:
            self.initial |= {"received": self.instance.expected, "received_on": timezone.localdate()}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(in_columns(*RECEIVED))
        return helper


class ObligationForm(RecordedForm):
    """Something owed to a funder by a day."""

    class Meta:
        model = Obligation
        fields = ["kind", "title", "due", "done_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].validators.append(validate_not_to_come)
        if self.instance.pk is None:
            del self.fields["done_on"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        done = ["done_on"] if "done_on" in self.fields else []
        helper.layout = Layout(in_columns("kind", "title"), in_columns("due", *done))
        return helper


class DoneForm(RecordedForm):
    """An obligation that has been met: today, unless somebody says otherwise."""

    class Meta:
        model = Obligation
        fields = ["done_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = True
        self.fields["done_on"].validators.append(validate_not_to_come)
        self.initial["done_on"] = self.instance.done_on or timezone.localdate()

    def perform(self, user):
        return finish_obligation(self.instance, on=self.cleaned_data["done_on"], by=user)

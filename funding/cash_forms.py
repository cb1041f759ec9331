"""What is typed about cash: what a bank statement says."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout

from beneficiaries.forms import in_columns, validate_not_to_come
from confluences.forms import AmountField, RecordedForm
from funding.models import CashBalance


class BalanceForm(RecordedForm):
    """The sum of the accounts on the evening of a day, which an overdraft makes negative."""

    amount = AmountField(
        label="Solde (€)",
        min_value=None,
        help_text="La somme de tous les comptes ; avec un moins devant si la banque avance de l’argent.",
    )

    class Meta:
        model = CashBalance
        fields = ["day", "amount"]
        help_texts = {"day": "Celui du relevé bancaire."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].validators.append(validate_not_to_come)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(in_columns("day", "amount"))
        return helper

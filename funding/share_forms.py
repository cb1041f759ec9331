"""What is typed about the share that a grant pays of a purchase."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout

from beneficiaries.forms import in_columns
from confluences.formats import euros
from confluences.forms import AmountField, RecordedForm
from confluences.models import User
from funding.enums import GrantStatus
from funding.models import Grant, PurchaseShare
from funding.share_actions import save_share


class ShareForm(RecordedForm):
    """One share. The grant is chosen once; another grant is another share."""

    class Meta:
        model = PurchaseShare
        fields = ["grant", "amount"]
        localized_fields = ["amount"]
        field_classes = {"amount": AmountField}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["grant"]
            return
        taken = self.instance.purchase.shares.values("grant")
        grants = Grant.objects.visible_to(user).exclude(status=GrantStatus.REFUSED).exclude(pk__in=taken)
        self.fields["grant"].queryset = grants.select_related("funder")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        names = [name for name in ("grant", "amount") if name in self.fields]
        helper.layout = Layout(in_columns(*names))
        return helper

    def perform(self, user):
        return save_share(self.instance, by=user)

    def shown(self, row, name):
        return euros(row.amount) if name == "amount" else super().shown(row, name)

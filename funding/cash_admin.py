"""Cash balances in the admin: to correct, to import from the bank's own list."""

from django.contrib import admin

from confluences.admin_base import RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from funding.cash_resources import BalanceResource
from funding.models import CashBalance


@admin.register(CashBalance)
class CashBalanceAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = BalanceResource
    list_display = ["day", "amount"]
    list_filter = ["day"]
    list_select_related = False  # no column of another table
    date_hierarchy = "day"
    fieldsets = [(None, {"fields": ["day", "amount"]})]

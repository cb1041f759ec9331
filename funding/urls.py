"""Addresses of funding, under /financements/."""

from django.urls import path

from funding import cash_views

app_name = "funding"
urlpatterns: list = [
    # Funders and grants
    # Purchases, shares, the common time axis
    # Budgets
    # Cash
    path("tresorerie/", cash_views.cash, name="cash"),
    path("tresorerie/export.<slug:file_format>", cash_views.cash_export, name="cash-export"),
    path("tresorerie/soldes/nouveau/", cash_views.balance_create, name="balance-create"),
    path("tresorerie/soldes/<int:pk>/", cash_views.balance_edit, name="balance-edit"),
]

"""Addresses of funding, under /financements/."""

from django.urls import path

from funding import budget_views

app_name = "funding"
urlpatterns: list = [
    # Funders and grants
    # Purchases, shares, the common time axis
    # Budgets
    path("budgets/", budget_views.budget_list, name="budget-list"),
    path("budgets/nouveau/", budget_views.budget_create, name="budget-create"),
    path("budgets/<int:pk>/", budget_views.budget_detail, name="budget-detail"),
    path("budgets/<int:pk>/modifier/", budget_views.budget_edit, name="budget-edit"),
    path("budgets/<int:pk>/saisir/<str:side>/", budget_views.line_edit, name="line-edit"),
    path("budgets/<int:pk>/subventions/", budget_views.budget_grants, name="budget-grants"),
    path("budgets/<int:pk>/previsionnel.pdf", budget_views.budget_forecast_pdf, name="budget-forecast-pdf"),
    path("budgets/<int:pk>/compte-rendu.pdf", budget_views.budget_account_pdf, name="budget-account-pdf"),
    path("budgets/<int:pk>/budget.xlsx", budget_views.budget_spreadsheet, name="budget-xlsx"),
    # Cash
]

"""Addresses of funding, under /financements/."""

from django.urls import path

from funding import (
    budget_views,
    cash_views,
    funder_views,
    grant_part_views,
    grant_views,
    purchase_views,
    timeline_views,
)

app_name = "funding"
urlpatterns: list = [
    # Funders and grants
    path("", grant_views.grant_list, name="grant-list"),
    path("subventions/export.<slug:file_format>", grant_views.grant_export, name="grant-export"),
    path("subventions/nouvelle/", grant_views.grant_create, name="grant-create"),
    path("subventions/<int:pk>/", grant_views.grant_detail, name="grant-detail"),
    path("subventions/<int:pk>/modifier/", grant_views.grant_edit, name="grant-edit"),
    path("subventions/<int:pk>/etat/<slug:status>/", grant_views.grant_move, name="grant-move"),
    path("subventions/<int:pk>/pieces/nouvelle/", grant_part_views.document_create, name="document-create"),
    path("pieces/<int:pk>/fichier/", grant_part_views.document_download, name="document-download"),
    path("pieces/<int:pk>/supprimer/", grant_part_views.document_delete, name="document-delete"),
    path(
        "subventions/<int:pk>/versements/nouveau/",
        grant_part_views.instalment_create,
        name="instalment-create",
    ),
    path("versements/<int:pk>/modifier/", grant_part_views.instalment_edit, name="instalment-edit"),
    path("versements/<int:pk>/recu/", grant_part_views.instalment_receive, name="instalment-receive"),
    path("versements/<int:pk>/supprimer/", grant_part_views.instalment_delete, name="instalment-delete"),
    path(
        "subventions/<int:pk>/echeances/nouvelle/",
        grant_part_views.obligation_create,
        name="obligation-create",
    ),
    path("echeances/<int:pk>/modifier/", grant_part_views.obligation_edit, name="obligation-edit"),
    path("echeances/<int:pk>/rendue/", grant_part_views.obligation_done, name="obligation-done"),
    path("echeances/<int:pk>/supprimer/", grant_part_views.obligation_delete, name="obligation-delete"),
    path("financeurs/", funder_views.funder_list, name="funder-list"),
    path("financeurs/nouveau/", funder_views.funder_create, name="funder-create"),
    path("financeurs/<int:pk>/", funder_views.funder_detail, name="funder-detail"),
    path("financeurs/<int:pk>/modifier/", funder_views.funder_edit, name="funder-edit"),
    path("financeurs/<int:pk>/rapport/", funder_views.funder_report_page, name="funder-report"),
    path(
        "financeurs/<int:pk>/rapport.<slug:file_format>",
        funder_views.funder_report_file,
        name="funder-report-file",
    ),
    # Purchases, shares, the common time axis
    path("frise/", timeline_views.timeline, name="timeline"),
    path("achats/", purchase_views.purchase_list, name="purchase-list"),
    path("achats/export.<slug:file_format>", purchase_views.purchase_export, name="purchase-export"),
    path("achats/nouveau/", purchase_views.purchase_create, name="purchase-create"),
    path("achats/<int:pk>/", purchase_views.purchase_detail, name="purchase-detail"),
    path("achats/<int:pk>/modifier/", purchase_views.purchase_edit, name="purchase-edit"),
    path("achats/<int:pk>/appliquer/", purchase_views.purchase_apply, name="purchase-apply"),
    path("achats/<int:pk>/reception/", purchase_views.purchase_receive, name="purchase-receive"),
    path("achats/<int:pk>/parts/nouvelle/", purchase_views.share_create, name="share-create"),
    path("parts/<int:pk>/modifier/", purchase_views.share_edit, name="share-edit"),
    path("parts/<int:pk>/supprimer/", purchase_views.share_delete, name="share-delete"),
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
    path("tresorerie/", cash_views.cash, name="cash"),
    path("tresorerie/export.<slug:file_format>", cash_views.cash_export, name="cash-export"),
    path("tresorerie/soldes/nouveau/", cash_views.balance_create, name="balance-create"),
    path("tresorerie/soldes/<int:pk>/", cash_views.balance_edit, name="balance-edit"),
]

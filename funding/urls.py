"""Addresses of funding, under /financements/."""

from django.urls import path

from funding import purchase_views, timeline_views

app_name = "funding"
urlpatterns: list = [
    # Funders and grants
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
    # Cash
]

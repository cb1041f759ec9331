"""Addresses of funding, under /financements/."""

app_name = "funding"
urlpatterns: list = [
    # Funders and grants
    # Purchases, shares, the common time axis
    # Budgets
    # Cash
]

"""Addresses of partners, under /partenaires/."""

app_name = "partners"
urlpatterns: list = [
    # Directory
    # The national directory
    # Whom to send somebody to, referrals
    # The network, immersions
]

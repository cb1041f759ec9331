"""What fills the addresses of grants and funders, with something of the demonstration."""

from funding.models import Grant, Obligation

OF_GRANT = {"grant-detail", "grant-edit", "document-create", "instalment-create", "obligation-create"}
OF_FUNDER = {"funder-detail", "funder-edit", "funder-report"}


def grant_arguments(name: str, user) -> list:
    page = name.removeprefix("funding:")
    grant = Grant.objects.visible_to(user).filter(instalments__isnull=False).first()
    if page == "grant-move":
        return [grant.pk, "settled"]
    if page in OF_GRANT:
        return [grant.pk]
    if page in OF_FUNDER:
        return [grant.funder_id]
    if page.startswith("instalment-"):
        return [grant.instalments.first().pk]
    return [Obligation.objects.first().pk] if page.startswith("obligation-") else []

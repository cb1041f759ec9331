"""How the admin finds the rows of a person."""

from beneficiaries.models import Beneficiary

PERSON_HELP = "Nom et prénom, sans accents et dans n’importe quel ordre, date de naissance, téléphone ou numéro de dossier."


class PersonSearch:
    """Finds the rows of the people who match, as every search box of the application does."""

    search_fields = ["beneficiary__search_key"]  # get_search_results looks further
    search_help_text = PERSON_HELP

    def get_search_results(self, request, queryset, search_term):
        if search_term:
            queryset = queryset.filter(beneficiary__in=Beneficiary.objects.matching(search_term))
        return queryset, False

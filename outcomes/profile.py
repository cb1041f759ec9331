"""Who leaves: the situations at entry that the annual report counts."""

from dataclasses import dataclass

from django.db.models import F, Q

from beneficiaries.enums import Education, Rsa, Sex, Unemployment
from confluences.functions import YearOf

# With 16 people, a count of 1 to 4 names somebody: health and justice leave the house from 5 on.
MASKED_UNDER = 5


@dataclass(frozen=True)
class Criterion:
    """One line of the profile: its condition on an exit that carries `entry` (situation) and `entry_age`."""

    key: str
    label: str
    condition: Q
    protected: bool = False


ENTRY_AGE = YearOf(F("hired_on")) - YearOf(F("beneficiary__birth_date"))

# Somebody whose identity is supposed has no sex and no age to count.
KNOWN = Q(beneficiary__assumed_identity=False)

PROFILE = (
    Criterion("femmes", "Femmes", KNOWN & Q(beneficiary__sex=Sex.FEMALE)),
    Criterion("hommes", "Hommes", KNOWN & Q(beneficiary__sex=Sex.MALE)),
    Criterion("moins_de_26", "Moins de 26 ans", KNOWN & Q(entry_age__lt=26)),
    Criterion("de_26_a_49", "De 26 à 49 ans", KNOWN & Q(entry_age__gte=26, entry_age__lt=50)),
    Criterion("50_et_plus", "50 ans et plus", KNOWN & Q(entry_age__gte=50)),
    Criterion(
        "niveau_cap_bep",
        "Niveau CAP ou BEP",
        Q(entry__education__in=[Education.VOCATIONAL_LEVEL, Education.VOCATIONAL]),
    ),
    Criterion(
        "infra_cap",
        "En dessous du CAP",
        Q(entry__education__in=[Education.NEVER_SCHOOLED, Education.SHORT_TRAINING, Education.COMPULSORY]),
    ),
    Criterion("non_certifiant", "Qualifications non certifiantes", Q(entry__education=Education.UNCERTIFIED)),
    Criterion(
        "chomage_12_23", "Sans emploi depuis 12 à 23 mois", Q(entry__unemployment=Unemployment.FROM_12_TO_23)
    ),
    Criterion(
        "chomage_24", "Sans emploi depuis 24 mois et plus", Q(entry__unemployment=Unemployment.OVER_24)
    ),
    Criterion("rsa", "RSA", Q(entry__rsa__in=[Rsa.BASIC, Rsa.INCREASED])),
    Criterion("ass", "ASS", Q(entry__ass=True)),
    Criterion("sans_ressource", "Sans ressource", Q(entry__no_resources=True)),
    Criterion("parent_isole", "Parent isolé", Q(entry__single_parent=True)),
    Criterion("sans_hebergement", "Sans hébergement ou hébergement précaire", Q(entry__no_housing=True)),
    Criterion("qpv", "Habitants d’un quartier prioritaire (QPV)", Q(entry__qpv=True)),
    Criterion("zrr", "Habitants d’une zone de revitalisation rurale", Q(entry__zrr=True)),
    Criterion("rqth", "Travailleurs handicapés (RQTH)", Q(entry__protected__rqth=True), protected=True),
    Criterion("aah", "AAH", Q(entry__protected__aah=True), protected=True),
    Criterion(
        "justice",
        "Sortants de détention ou sous main de justice",
        Q(entry__protected__released_prisoner=True),
        protected=True,
    ),
)

"""The published schema of data.inclusion beside our own fields: its columns and closed lists, and what becomes of them."""

from collections import Counter
from collections.abc import Collection, Iterable

from data_inclusion.schema import v1

from partners.enums import PartnerKind

STRUCTURE_COLUMNS = tuple(v1.Structure.model_fields)
SERVICE_COLUMNS = tuple(v1.Service.model_fields)
REQUIRED_STRUCTURE = ("source", "id", "nom", "date_maj")
REQUIRED_SERVICE = ("source", "structure_id", "id", "nom", "description", "date_maj")

# Closed lists that grow with each patch of the schema: a new value is no fault.
REFERENCES: dict[str, Collection[str]] = {
    "reseaux_porteurs": {each.value for each in v1.ReseauPorteur},
    "thematiques": {each.value for each in v1.Thematique},
    "publics": {each.value for each in v1.Public},
    "modes_accueil": {each.value for each in v1.ModeAccueil},
    "modes_mobilisation": {each.value for each in v1.ModeMobilisation},
    "mobilisable_par": {each.value for each in v1.PersonneMobilisatrice},
    "type": {each.value for each in v1.TypeService},
    "frais": {each.value for each in v1.Frais},
}
LABELS: dict[str, str] = {
    each.value: each.label for each in (*v1.ReseauPorteur, *v1.Public, *v1.ModeMobilisation, *v1.Frais)
}
# Where a column goes, and how much of it we can hold (tests compare with the models).
PARTNER_FIELDS = {
    "nom": "name",
    "description": "description",
    "siret": "siret",
    "adresse": "address",
    "complement_adresse": "address_extra",
    "code_postal": "postcode",
    "commune": "city",
    "code_insee": "insee_code",
    "latitude": "latitude",
    "longitude": "longitude",
    "telephone": "phone",
    "courriel": "email",
    "site_web": "website",
    "horaires_accueil": "opening_hours",
    "accessibilite_lieu": "accessibility",
    "reseaux_porteurs": "networks",
}
SERVICE_FIELDS = {
    "nom": "name",
    "description": "description",
    "conditions_acces": "conditions",
    "telephone": "phone",
    "courriel": "email",
    "horaires_accueil": "opening_hours",
}
LIMITS = {
    "address": 250,
    "address_extra": 250,
    "city": 100,
    "phone": 30,
    "email": 254,
    "website": 300,
    "link": 300,
    "opening_hours": 250,
    "accessibility": 300,
    "networks": 250,
    "fees": 250,
    "audience": 500,
    "zone": 500,
}
UNCUT = {"phone", "email", "website", "link", "accessibility"}  # half of one leads nowhere
SOURCE_LIMITS = {"source": 60, "id": 150, "structure_id": 150}
WHOLE_FRANCE = {"france", "99100"}

KIND_OF_NETWORK = {
    PartnerKind.PRESCRIBER: "france-travail mission-locale cap-emploi-reseau-cheops plie spip pjj siao",
    PartnerKind.COMMUNITY: "communes departements regions",
    PartnerKind.MONEY: "points-conseil-budget cresus adie france-active",
    PartnerKind.HOUSING: "action-logement chrs chu huda cada cph residences-fjt",
    PartnerKind.HEALTH: "csapa caarud cmp cpam",
    PartnerKind.RIGHTS: "ccas-cias caf cidff france-service maisons-des-solidarites mdph cms points-justice "
    "mutualite-sociale-agricole msap restos-du-coeur secours-populaire croix-rouge",
    PartnerKind.TRAINING: "afpa cnam reseau-app ecoles-de-la-deuxieme-chance",
    PartnerKind.EMPLOYMENT: "geiq ei eti etti eiti aci ai ea eatt esat maisons-de-l-emploi snc epide",
}
KIND_OF_FAMILY = {
    "logement-hebergement": PartnerKind.HOUSING,
    "sante": PartnerKind.HEALTH,
    "difficultes-financieres": PartnerKind.MONEY,
    "difficultes-administratives-ou-juridiques": PartnerKind.RIGHTS,
    "famille": PartnerKind.RIGHTS,
    "equipement-et-alimentation": PartnerKind.RIGHTS,
    "lecture-ecriture-calcul": PartnerKind.TRAINING,
    "se-former": PartnerKind.TRAINING,
    "numerique": PartnerKind.TRAINING,
    "preparer-sa-candidature": PartnerKind.EMPLOYMENT,
    "trouver-un-emploi": PartnerKind.EMPLOYMENT,
    "choisir-un-metier": PartnerKind.EMPLOYMENT,
    "creer-une-entreprise": PartnerKind.EMPLOYMENT,
    "souvrir-a-linternational": PartnerKind.EMPLOYMENT,
}
REFUSALS = {
    "courriel": "{value} n’est pas une adresse électronique.",
    "code_postal": "Un code postal a 5 chiffres ; {value} n’en est pas un.",
    "code_insee": "Un code INSEE a 5 caractères ; {value} n’en est pas un.",
    "siret": "Un SIRET a 14 chiffres ; {value} n’en est pas un.",
    "zone_eligibilite": "{value} contient un code qui n’est ni d’une commune, ni d’un département, ni d’un EPCI, ni d’un pays.",
    "nombre_semaines": "{value} n’est pas un nombre entier de semaines, d’au moins 1.",
    "volume_horaire_hebdomadaire": "{value} n’est pas un nombre d’heures par semaine.",
    "publics": "« tous-publics » ne va avec aucun autre public : gardez l’un ou les autres.",
}


def guess_kind(networks: Iterable[str], themes: Iterable[str]) -> PartnerKind:
    """What an organisation mainly is: its network says it, else the family of most of its themes.

    >>> guess_kind(["mission-locale"], ["sante--addictions"]), guess_kind([], ["sante--addictions"])
    (PartnerKind.PRESCRIBER, PartnerKind.HEALTH)
    """
    borne = set(networks)
    for kind, names in KIND_OF_NETWORK.items():
        if borne & set(names.split()):
            return kind
    kinds = Counter(KIND_OF_FAMILY.get(code.partition("--")[0], PartnerKind.OTHER) for code in themes)
    del kinds[PartnerKind.OTHER]
    order = list(PartnerKind)
    return min(kinds, key=lambda kind: (-kinds[kind], order.index(kind)), default=PartnerKind.OTHER)

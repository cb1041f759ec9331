"""The 69 themes of data.inclusion (version 1 of its published schema), and the frein that each can lift; the latter is ours."""

from django.db import migrations

FAMILIES = [
    ("choisir-un-metier", "Choisir un métier", "career", [
        ("confirmer-son-choix-de-metier", "Confirmer son choix de métier"),
        ("connaitre-les-opportunites-demploi", "Connaître les opportunités d’emploi"),
        ("decouvrir-un-metier-ou-un-secteur-dactivite", "Découvrir un métier ou un secteur d’activité"),
        ("identifier-ses-points-forts-et-ses-competences", "Identifier ses points forts et ses compétences"),
    ]),
    ("creer-une-entreprise", "Créer une entreprise", "career", [
        ("definir-son-projet-de-creation-dentreprise", "Définir son projet de création d’entreprise"),
        ("developper-son-entreprise", "Développer son entreprise"),
        ("structurer-son-projet-de-creation-dentreprise", "Structurer son projet de création d’entreprise"),
    ]),
    ("difficultes-administratives-ou-juridiques", "Difficultés administratives ou juridiques", "rights", [
        ("accompagnement-aux-demarches-administratives", "Accompagnement aux démarches administratives"),
        ("accompagnement-pour-lacces-a-la-citoyennete", "Accompagnement pour l’accès à la citoyenneté"),
        ("accompagnement-pour-lacces-aux-droits", "Accompagnement pour l’accès aux droits"),
        ("beneficier-dune-mesure-daccompagnement-adapte", "Bénéficier d’une mesure d’accompagnement adapté"),
        ("connaitre-ses-droits-face-a-une-discrimination", "Connaître ses droits face à une discrimination"),
        ("prendre-en-compte-une-problematique-judiciaire", "Prendre en compte une problématique judiciaire"),
    ]),
    ("difficultes-financieres", "Difficultés financières", "budget", [
        ("acquerir-une-autonomie-budgetaire", "Acquérir une autonomie budgétaire"),
        ("ameliorer-sa-gestion-budgetaire", "Améliorer sa gestion budgétaire"),
        ("mettre-en-place-une-mesure-de-protection-financiere", "Mettre en place une mesure de protection financière"),
        ("prevenir-une-degradation-de-la-situation-financiere", "Prévenir une dégradation de la situation financière"),
        ("situation-dendettement-surendettement", "Situation d’endettement ou de surendettement"),
    ]),
    ("equipement-et-alimentation", "Équipement et alimentation", "budget", [
        ("aide-menagere", "Aide ménagère"),
        ("alimentation", "Alimentation"),
        ("electromenager", "Électroménager"),
        ("habillement", "Habillement"),
    ]),
    ("famille", "Famille", "family", [
        ("garde-denfants", "Garde d’enfants"),
        ("prise-en-charge-personne-dependante", "Prise en charge d’une personne dépendante"),
        ("soutien-a-la-parentalite-et-a-leducation", "Soutien à la parentalité et à l’éducation"),
        ("soutien-aidants", "Soutien aux aidants"),
        ("surmonter-conflits-separation-violence", "Surmonter les conflits liés à la séparation ou à la violence"),
    ]),
    ("lecture-ecriture-calcul", "Lecture, écriture et calcul", "language", [
        ("maitriser-le-calcul", "Maîtriser le calcul"),
        ("maitriser-le-francais", "Maîtriser le français"),
    ]),
    ("logement-hebergement", "Logement et hébergement", "housing", [
        ("acheter-un-logement", "Acheter un logement"),
        ("changer-de-logement", "Changer de logement"),
        ("louer-un-logement", "Louer un logement"),
        ("rechercher-une-solution-dhebergement-temporaire", "Rechercher une solution d’hébergement temporaire"),
        ("reduire-les-impayes-de-loyer", "Réduire les impayés de loyer"),
        ("se-maintenir-dans-le-logement", "Se maintenir dans le logement"),
        ("sinformer-sur-les-demarches-liees-a-lacces-au-logement", "S’informer sur les démarches liées à l’accès au logement"),
    ]),
    ("mobilite", "Mobilité", "mobility", [
        ("acceder-a-un-vehicule", "Accéder à un véhicule"),
        ("entretenir-reparer-son-vehicule", "Entretenir et réparer son véhicule"),
        ("etre-accompagne-dans-son-parcours-mobilite", "Être accompagné dans son parcours mobilité"),
        ("financer-ma-mobilite", "Financer ma mobilité"),
        ("preparer-un-permis", "Préparer un permis"),
        ("mobilite-douce-partagee-collective", "Utiliser des services de mobilité douce, partagée ou collective"),
    ]),
    ("numerique", "Numérique", "digital", [
        ("acceder-a-des-services-en-ligne", "Accéder à des services en ligne"),
        ("acceder-a-une-connexion-internet", "Accéder à une connexion Internet"),
        ("acquerir-un-equipement", "Acquérir un équipement"),
        ("maitriser-les-fondamentaux-du-numerique", "Maîtriser les fondamentaux du numérique"),
    ]),
    ("preparer-sa-candidature", "Préparer sa candidature", "job_search", [
        ("developper-son-reseau", "Développer son réseau"),
        ("organiser-ses-demarches-de-recherche-demploi", "Organiser ses démarches de recherche d’emploi"),
        ("realiser-un-cv-et-ou-une-lettre-de-motivation", "Réaliser un CV et/ou une lettre de motivation"),
        ("valoriser-ses-competences", "Valoriser ses compétences"),
    ]),
    ("remobilisation", "Remobilisation", "", [
        ("activites-sportives-et-culturelles", "Activités sportives et culturelles"),
        ("benevolat-action-citoyenne", "Bénévolat et action citoyenne"),
        ("bien-etre-confiance-en-soi", "Bien-être et confiance en soi"),
        ("lien-social", "Lien social"),
    ]),
    ("sante", "Santé", "health", [
        ("acces-aux-soins", "Accès aux soins"),
        ("addictions", "Addictions"),
        ("constituer-un-dossier-mdph-invalidite", "Constituer un dossier MDPH pour invalidité"),
        ("sante-mentale", "Santé mentale"),
        ("sante-sexuelle", "Santé sexuelle"),
    ]),
    ("se-former", "Se former", "career", [
        ("monter-son-dossier-de-formation", "Monter son dossier de formation"),
        ("trouver-sa-formation", "Trouver sa formation"),
    ]),
    ("souvrir-a-linternational", "S’ouvrir à l’international", "job_search", [
        ("connaitre-les-opportunites-demploi-a-letranger", "Connaître les opportunités d’emploi à l’étranger"),
        ("sinformer-sur-les-aides-pour-travailler-a-letranger", "S’informer sur les aides pour travailler à l’étranger"),
        ("sorganiser-suite-a-son-retour-en-france", "S’organiser suite à son retour en France"),
    ]),
    ("trouver-un-emploi", "Trouver un emploi", "job_search", [
        ("convaincre-un-recruteur-en-entretien", "Convaincre un recruteur en entretien"),
        ("faire-des-candidatures-spontanees", "Faire des candidatures spontanées"),
        ("maintien-dans-lemploi", "Maintien dans l’emploi"),
        ("repondre-a-des-offres-demploi", "Répondre à des offres d’emploi"),
        ("suivre-ses-candidatures-et-relancer-les-employeurs", "Suivre ses candidatures et relancer les employeurs"),
    ]),
]
# The one theme whose frein is not its family's.
AXES = {"difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire": "justice"}


def load(apps, schema_editor):
    theme = apps.get_model("partners", "ServiceTheme")
    theme.objects.bulk_create(
        theme(code=f"{family}--{code}", label=label, family=name, axis=AXES.get(f"{family}--{code}", axis))
        for family, name, axis, themes in FAMILIES
        for code, label in themes
    )


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

"""What differs between two reports of one cohort, in words fit to be printed."""

from outcomes.snapshot import Row, Snapshot

FIELD_LABELS = {
    "mois_de_sortie": "mois de sortie",
    "sejour_mois": "séjour en mois",
    "a_travaille_une_heure": "a travaillé une heure",
    "motif": "motif",
    "duree_mois": "durée en mois",
    "duree_jours": "jours en plus",
    "chantier": "chantier",
    "date_supposee": "date supposée",
}


def changes_between(before: Snapshot, after: Snapshot, number: int) -> tuple[str, ...]:
    """One French sentence per difference; `number` is the earlier report's."""
    old, new = _own_rows(before), _own_rows(after)
    lines = [f"Sortie {reference} ajoutée." for reference in new if reference not in old]
    lines += [f"Sortie {reference} retirée." for reference in old if reference not in new]
    for reference in new:
        if reference in old:
            lines += _row_changes(reference, old[reference], new[reference])
    if before["rule_sets"] != after["rule_sets"] or before["reasons"] != after["reasons"]:
        lines.append("Les règles de calcul ou les motifs ont changé.")
    if not lines:
        lines.append("Seules les cohortes précédentes, ou des situations à l’entrée, ont changé.")
    return (f"Ce rapport remplace le rapport n° {number} de la même cohorte.", *lines)


def _own_rows(snapshot: Snapshot) -> dict[str, Row]:
    code = snapshot["cohort"]["code"]
    return {row["reference"]: row for row in snapshot["rows"] if row["cohorte"] == code}


def _row_changes(reference: str, old: Row, new: Row) -> list[str]:
    return [
        f"Sortie {reference} : {label}, « {old[field] or 'non renseigné'} » devient « {new[field] or 'non renseigné'} »."
        for field, label in FIELD_LABELS.items()
        if old.get(field, "") != new[field]
    ]

"""Imports and exports of funders, grants, instalments and obligations."""

from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from confluences.cells import Amount, Choice, Date, DecimalNumber, Text, cell_text
from confluences.cells import Row as RowCell
from confluences.imports import Column, ImportResource
from confluences.models import Recorded
from confluences.text import search_key
from funding.enums import ExpenseKind, FunderKind, GrantStatus, InstalmentKind, ObligationKind
from funding.grant_actions import save_grant, save_instalment
from funding.models import Funder, Grant, Instalment, Obligation

Row = dict[str, Any]
NO_SUCH_GRANT = "Ce financeur n’a pas de subvention de ce nom : importez d’abord les subventions."
SEVERAL_GRANTS = (
    "Ce financeur a plusieurs subventions de ce nom : donnez d’abord à chacune un objet qui la distingue."
)
WHICH_GRANT = "Dites de quelle subvention il s’agit : son financeur et son objet."


class Kinds(Text):
    """Kinds of expense, separated by semicolons or commas; the row holds their words."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        words = [word for word in cell_text(value).replace(",", ";").split(";") if word.strip()]
        found = {Choice(ExpenseKind).clean(word) for word in words}
        return " ".join(kind for kind in ExpenseKind.values if kind in found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        kinds = str(value or "").split()
        return " ; ".join(ExpenseKind(kind).label for kind in kinds if kind in ExpenseKind.values)


def funder_cell() -> RowCell:
    return RowCell(Funder.objects.all, lambda funder: [funder.name])


class FunderResource(ImportResource):
    """Funders, known by their name."""

    name = Column("name", "Nom", Text(), required=True)
    kind = Column("kind", "Nature", Choice(FunderKind), required=True)
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = Funder
        name = "financeurs"

    @cached_property
    def existing(self) -> dict[str, Funder]:
        return {search_key(funder.name): funder for funder in Funder.objects.all()}

    def identities(self, row: Row) -> list[Hashable]:
        name = self.value("name", row)
        return [search_key(name)] if name else []

    def find(self, row: Row) -> Funder | None:
        return self.existing.get(search_key(self.value("name", row) or ""))


def grants_by_name() -> dict[tuple[int, str], list[Grant]]:
    """All grants by their funder and object; what comes back every year may bear the same name."""
    found: dict[tuple[int, str], list[Grant]] = {}
    for grant in Grant.objects.select_related("funder").order_by("pk"):
        found.setdefault((grant.funder_id, search_key(grant.title)), []).append(grant)
    return found


class GrantResource(ImportResource):
    """Grants, known by their funder and object."""

    funder = Column("funder", "Financeur", funder_cell(), required=True)
    title = Column("title", "Objet", Text(), required=True)
    call = Column("call", "Appel à projets", Text())
    status = Column("status", "État", Choice(GrantStatus), default=GrantStatus.TO_ASK.value)
    asked = Column("asked", "Montant demandé (€)", Amount())
    awarded = Column("awarded", "Montant accordé (€)", Amount())
    ask_before = Column("ask_before", "À déposer avant le", Date())
    asked_on = Column("asked_on", "Déposée le", Date())
    answer_expected_on = Column("answer_expected_on", "Réponse attendue le", Date())
    decided_on = Column("decided_on", "Décidée le", Date())
    settled_on = Column("settled_on", "Soldée le", Date())
    eligible_start = Column("eligible_start", "Dépenses à partir du", Date())
    eligible_end = Column("eligible_end", "Dépenses jusqu’au", Date())
    pays_for = Column("pays_for", "Peut payer", Kinds())
    pays_for_details = Column("pays_for_details", "Précisions", Text())
    max_share = Column("max_share", "Part du coût permise (%)", DecimalNumber())
    agreement_number = Column("agreement_number", "Numéro de convention", Text())
    agreement_signed_on = Column("agreement_signed_on", "Convention signée le", Date())
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = Grant
        name = "subventions"

    @cached_property
    def existing(self) -> dict[Hashable, list[Grant]]:
        return dict(grants_by_name())

    def identities(self, row: Row) -> list[Hashable]:
        funder, title = self.value("funder", row), self.value("title", row)
        return [(funder.pk, search_key(title))] if funder and title else []

    def find(self, row: Row) -> Grant | None:
        found = [grant for name in self.identities(row) for grant in self.existing.get(name, [])]
        if len(found) > 1:
            raise ValidationError({"title": SEVERAL_GRANTS})
        return found[0] if found else None

    def write(self, instance: Recorded) -> None:
        assert isinstance(instance, Grant)
        save_grant(instance, by=self.by)


class OfGrant(ImportResource):
    """What a grant has several of: a line names the grant first, then what tells it from the others."""

    funder = Column("grant__funder", "Financeur", funder_cell(), required=True, readonly=True)
    title = Column("grant__title", "Subvention", Text(), required=True, readonly=True)

    day = ""  # the column that, with the kind, tells a grant's rows apart

    @cached_property
    def grants(self) -> dict[tuple[int, str], list[Grant]]:
        return grants_by_name()

    @cached_property
    def existing(self) -> dict[Hashable, Any]:
        rows = self._meta.model.objects.select_related("grant__funder").order_by("-pk")
        return {(row.grant_id, row.kind, getattr(row, self.day)): row for row in rows}

    def identities(self, row: Row) -> list[Hashable]:
        grant = self._grant(row)
        return [(grant.pk, self.value("kind", row), self.value(self.day, row))] if grant else []

    def find(self, row: Row) -> Any:
        if len(self._grants(row)) > 1:
            raise ValidationError({"grant": SEVERAL_GRANTS})
        if self._grant(row) is None:
            named = self.value("funder", row) and self.value("title", row)
            raise ValidationError({"grant": NO_SUCH_GRANT if named else WHICH_GRANT})
        return self.existing.get(self.identities(row)[0])

    def init_instance(self, row: Row) -> Any:
        grant = self._grant(row)
        return self._meta.model(grant=grant) if grant else self._meta.model()

    def _grant(self, row: Row) -> Grant | None:
        found = self._grants(row)
        return found[0] if len(found) == 1 else None

    def _grants(self, row: Row) -> list[Grant]:
        funder, title = self.value("funder", row), self.value("title", row)
        return self.grants.get((funder.pk, search_key(title)), []) if funder and title else []


class InstalmentResource(OfGrant):
    """Instalments, known by their grant, kind and expected day."""

    kind = Column("kind", "Nature", Choice(InstalmentKind), required=True)
    expected = Column("expected", "Montant attendu (€)", Amount())
    expected_on = Column("expected_on", "Attendu le", Date())
    condition = Column("condition", "Condition", Text())
    received = Column("received", "Montant reçu (€)", Amount())
    received_on = Column("received_on", "Reçu le", Date())

    day = "expected_on"

    class Meta(ImportResource.Meta):
        model = Instalment
        name = "versements"

    def write(self, instance: Recorded) -> None:
        assert isinstance(instance, Instalment)
        save_instalment(instance, by=self.by)


class ObligationResource(OfGrant):
    """Obligations, known by their grant, kind and due day."""

    kind = Column("kind", "Nature", Choice(ObligationKind), required=True)
    subject = Column("title", "Précision", Text())
    due = Column("due", "À rendre avant le", Date(), required=True)
    done_on = Column("done_on", "Rendue le", Date())

    day = "due"

    class Meta(ImportResource.Meta):
        model = Obligation
        name = "echeances"

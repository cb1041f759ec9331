"""The cash curve as people read it: drawn, in sentences, as a table, and what it supposes in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.safestring import SafeString

from confluences.curves import Curve, curves
from confluences.exports import Column
from confluences.formats import HARD_SPACE, euros, french_date
from funding.cash_enums import Scenario, Source
from funding.cash_reports import CashForecast
from funding.cash_rules import CashCurve, CashLine, Movement
from funding.grant_rules import AGREEMENT_ABOVE
from worksites.etp_reports import month_name

COLON = f"{HARD_SPACE}: "
NO_BALANCE = (
    "Aucun solde n’est saisi : la courbe part de zéro et ne montre que les mouvements. "
    "Saisissez le solde du dernier relevé bancaire."
)
COUNTING_ON = {
    Scenario.CERTAIN: "En ne comptant que ce qui est certain",
    Scenario.LIKELY: "En comptant aussi ce qui est probable",
    Scenario.ALL: "Si tout ce qui est demandé est accordé",
}


def drawn(curve: CashCurve) -> SafeString:
    """A line for each scenario, from the balance to the end of the twelfth month, in whole euros."""
    lines = [
        Curve(
            label=f"{line.scenario.label} (€)",
            points=[
                (0, whole(line.start)),
                *((place, whole(balance)) for place, (_month, balance) in enumerate(line.ends, 1)),
            ],
            kind=line.scenario.value,
        )
        for line in curve.lines
    ]
    return curves(lines, months=curve.months, label="Solde de trésorerie en fin de mois")


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True)
class LineSentence:
    """A scenario in a sentence, with the look of its chip."""

    text: str
    is_below: bool

    @property
    def chip(self) -> str:
        return "sous zéro" if self.is_below else "au-dessus de zéro"

    @property
    def kind(self) -> str:
        return "late" if self.is_below else "ok"


def sentence(line: CashLine) -> LineSentence:
    """When the cash falls below zero, and how low it goes.

    >>> import datetime as dt
    >>> ends = [(dt.date(2026, 11, 1), Decimal(300)), (dt.date(2026, 12, 1), Decimal(-200))]
    >>> sentence(CashLine(Scenario.CERTAIN, Decimal(500), ends)).text.replace(HARD_SPACE, " ")
    'En ne comptant que ce qui est certain, le solde passe sous zéro fin décembre 2026, et c’est le plus bas : −200 €.'
    """
    low, amount = line.lowest
    lowest = euros(whole(amount))
    words = COUNTING_ON[line.scenario]
    below = line.first_below
    if below is None:
        text = (
            f"{words}, le solde reste au-dessus de zéro ; au plus bas fin {month_name(low)}{COLON}{lowest}."
        )
        return LineSentence(text, is_below=False)
    verb = "est" if line.start < 0 else "passe"
    depth = (
        f"et c’est le plus bas{COLON}{lowest}"
        if low == below
        else f"et descend au plus bas fin {month_name(low)}{COLON}{lowest}"
    )
    return LineSentence(
        f"{words}, le solde {verb} sous zéro fin {month_name(below)}, {depth}.", is_below=True
    )


def warnings(forecast: CashForecast) -> Iterator[str]:
    """What to type before one believes the curve."""
    balance = forecast.balance
    if balance is None:
        yield NO_BALANCE
    elif forecast.is_outdated:
        yield (
            f"Le dernier solde saisi est du {french_date(balance.day)} : les charges payées et les aides reçues depuis "
            "ne sont pas dans la courbe. Saisissez un solde plus récent."
        )
    if not forecast.budgets:
        yield (
            "Aucun budget de l’association ne prévoit de charges : la courbe ne montre ni les dépenses courantes, "
            "ni les ventes. Saisissez le budget de l’année."
        )


def assumptions(forecast: CashForecast) -> list[tuple[str, str]]:
    """What the figures suppose, by name."""
    return [
        ("Départ", _start(forecast)),
        (
            "Subventions",
            "Les versements saisis et pas encore reçus, à la date attendue. Certain : subvention accordée, et convention "
            f"signée au-dessus de {euros(AGREEMENT_ABOVE)} d’un financeur public. Probable : accordée, convention encore à signer, ou montant accordé inconnu. "
            "Demandé : déposée ou à demander. Un versement en retard compte dans le premier mois.",
        ),
        (
            "Aide au poste",
            "Un douzième de l’aide annuelle de chaque annexe financière, sans les reprises d’une régularisation. Certain "
            "dans les mois qu’une annexe couvre ; probable ensuite, au montant du dernier mois couvert. Les versements "
            "saisis pour l’ASP ces mois-là ne s’y ajoutent pas.",
        ),
        ("Charges", _charges(forecast)),
        (
            "Ventes et autres produits",
            "Un douzième par mois des produits prévus au budget, hors subventions (comptes 74), comptés comme probables.",
        ),
        (
            "Achats",
            "Les achats pas encore payés, au jour de la facture ou du besoin. Matériel, véhicule, travaux et informatique "
            "viennent en plus des charges du budget, dont la dotation aux amortissements (compte 68) n’est donc pas "
            "comptée. Vêtements, végétaux, formation, salaires et fonctionnement y sont déjà, quand il y a un budget.",
        ),
        (
            "Mois",
            "Les soldes sont ceux du dernier jour du mois : un mois peut descendre plus bas entre-temps.",
        ),
    ]


def _start(forecast: CashForecast) -> str:
    balance = forecast.balance
    if balance is None:
        return "Zéro, faute de solde saisi."
    return (
        f"{euros(balance.amount)} au soir du {french_date(balance.day)}. Ce qui a été reçu ou payé depuis s’ajoute ; l’aide, "
        "les charges et les ventes de ce mois-là ne comptent que pour les jours qui restent."
    )


def _charges(forecast: CashForecast) -> str:
    if not forecast.budgets:
        return "Aucune, faute de budget."
    used = [
        f"{budget} pour {year}" if budget.year != year else str(budget)
        for year, budget in forecast.budgets.items()
    ]
    missing = [year for year, budget in forecast.budgets.items() if budget.year != year]
    words = f"Un douzième par mois des charges prévues au budget : {' ; '.join(used)}."
    return f"{words} Les mois de {missing[-1]} n’ont pas encore le leur." if missing else words


def remark(movement: Movement) -> str:
    if movement.is_done:
        return "reçu depuis le solde" if movement.source == Source.INSTALMENT else "payé depuis le solde"
    return "en retard" if movement.is_late else ""


COLUMNS = (
    Column("Mois", lambda row: row.first),
    Column("Entrées certaines (€)", lambda row: row.certain),
    Column("Entrées probables (€)", lambda row: row.likely),
    Column("Entrées demandées (€)", lambda row: row.asked),
    Column("Sorties (€)", lambda row: row.out),
    Column("Solde fin de mois, certain seulement (€)", lambda row: row.balance_certain),
    Column("Solde fin de mois, avec le probable (€)", lambda row: row.balance_likely),
    Column("Solde fin de mois, avec le demandé (€)", lambda row: row.balance_all),
)
MOVEMENT_COLUMNS = (
    Column("Mois", lambda row: row.month),
    Column("Jour", lambda row: row.day),
    Column("Nature", lambda row: row.source.label),
    Column("Libellé", lambda row: row.label),
    Column("Certitude", lambda row: "" if row.goes_out else row.certainty.label),
    Column("Montant (€)", lambda row: row.amount),
    Column("Remarque", remark),
)

"""Which column of a table holds what: guessed from its heading, in several platforms' and languages' words."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from swapboard.language import _
from swapboard.reports.cost_sheet import BadSheet, Row, Sheet
from swapboard.reports.costs import Platform
from swapboard.spreadsheet import HEAD_ROWS


class Column(StrEnum):
    """What a column may hold."""

    DAY = "day"
    LAST_DAY = "last_day"
    COST = "cost"
    CURRENCY = "currency"
    CAMPAIGN = "campaign"
    CAMPAIGN_ID = "campaign_id"
    AD_GROUP = "ad_group"
    KEYWORD = "keyword"
    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CLICKS = "clicks"
    IMPRESSIONS = "impressions"


NEEDED = (Column.DAY, Column.COST)

# The first that a table has is taken. English, German, Spanish and French exports.
_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.DAY: (
        *(
            "day",
            "date",
            "gregorian date",
            "time period",
            "reporting starts",
            "tag",
            "datum",
            "día",
            "dia",
            "fecha",
        ),
        *("jour", "date de début", "start date", "beginn der berichterstattung", "inicio del informe"),
        "début des rapports",
    ),
    Column.LAST_DAY: (
        "reporting ends",
        "end date",
        "ende der berichterstattung",
        "fin del informe",
        "date de fin",
        "fin des rapports",
    ),
    Column.COST: (
        *("cost", "spend", "amount spent", "costs", "total spent", "kosten", "ausgaben", "ausgegebener betrag"),
        *("coste", "costo", "gasto", "importe gastado", "coût", "dépenses", "montant dépensé", "cost micros"),
    ),
    Column.CURRENCY: (
        *(
            "currency code",
            "currency",
            "account currency",
            "währungscode",
            "währung",
            "código de moneda",
            "moneda",
        ),
        *("code devise", "devise"),
    ),
    Column.CAMPAIGN: (
        "campaign",
        "campaign name",
        "kampagne",
        "kampagnenname",
        "campaña",
        "campagne",
        "utm_campaign",
    ),
    Column.CAMPAIGN_ID: ("campaign id", "kampagnen-id", "id de campaña", "id de la campaña", "numéro de campagne"),
    Column.AD_GROUP: (
        *("ad group", "ad group name", "ad set name", "ad set", "anzeigengruppe", "anzeigengruppenname"),
        *("grupo de anuncios", "groupe d'annonces", "nom de l'ensemble de publicités"),
    ),
    Column.KEYWORD: (
        *("search keyword", "keyword", "keyword text", "utm_term", "keyword für suchnetzwerk", "suchkeyword"),
        *("palabra clave", "palabra clave de búsqueda", "mot clé", "mot clé pour le réseau de recherche"),
    ),
    Column.CHANNEL: ("channel", "kanal", "canal"),
    Column.SOURCE: ("source", "utm_source", "quelle", "fuente"),
    Column.MEDIUM: ("medium", "utm_medium", "medio", "support"),
    Column.CLICKS: ("clicks", "link clicks", "klicks", "linkklicks", "clics", "clics en el enlace"),
    Column.IMPRESSIONS: ("impr.", "impressions", "impr", "impressionen", "impresiones"),
}
_CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: the heading of each column, and what no column says."""

    columns: Mapping[Column, str]
    platform: Platform = Platform.OTHER
    currency: str = ""
    """Of all lines, where no column says it."""
    decimal: str = ""
    """`.` or `,`; "" finds out."""
    month_first: bool | None = None
    """Of dates like 03/04/2026; None finds out."""
    campaign: str = ""
    """Of all lines, where no column says it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's headings, and the rows below them."""

    headings: tuple[str, ...]
    rows: Sequence[Row]
    separator: str

    @property
    def signature(self) -> str:
        """The same for every file of this shape, so that a mapping can be remembered."""
        return hashlib.sha256("\n".join(map(_plain, self.headings)).encode()).hexdigest()[:32]


def table_of(sheet: Sheet) -> Table:
    """Finds the headings: the first of the top rows that most columns are known of. Raises BadSheet."""
    tops = sheet.rows[:HEAD_ROWS]
    best = max(range(len(tops)), key=lambda place: (len(_known(tops[place].cells)), -place))
    headings = tops[best].cells
    if len(headings) < 2:
        raise BadSheet(_("There is only one column. Export the table as CSV, with a heading over each column."))
    return Table(headings, sheet.rows[best + 1 :], sheet.separator)


def guess(table: Table) -> Layout:
    """How the table is probably read; a person may correct it."""
    known = _known(table.headings)
    named = _CURRENCY.search(known.get(Column.COST, ""))
    return Layout(known, _platform(table.headings, known), named[1] if named else "")


def _known(headings: Sequence[str]) -> dict[Column, str]:
    found: dict[Column, str] = {}
    plain = {_plain(heading): heading for heading in reversed(headings) if heading}
    for column, names in _HEADINGS.items():
        for name in names:
            if name in plain:
                found[column] = plain[name]
                break
    return found


def _platform(headings: Sequence[str], known: Mapping[Column, str]) -> Platform:
    """By what only its exports call something."""
    plain = {_plain(heading) for heading in headings}
    cost = _plain(known.get(Column.COST, ""))
    if cost in {"amount spent", "ausgegebener betrag", "importe gastado", "montant dépensé"}:
        return Platform.META
    if "gregorian date" in plain or (cost == "spend" and plain & {"ad group", "account name", "campaign"}):
        return Platform.MICROSOFT
    if cost in {"cost", "kosten", "coste", "coût"} and plain & {
        *(
            "currency code",
            "währungscode",
            "código de moneda",
            "code devise",
            "search keyword",
            "avg. cpc",
            "impr.",
        ),
    }:
        return Platform.GOOGLE_ADS
    return Platform.OTHER


def _plain(heading: str) -> str:
    return re.sub(r"\s*\([^)]*\)\s*$", "", heading.replace("\u2019", "'")).strip().casefold()

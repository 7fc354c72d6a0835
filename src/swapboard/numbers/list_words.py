"""Words of lists that others wrote: what carriers and spreadsheets call a number's column, and its state."""

from collections.abc import Mapping

from swapboard.numbers.inventory import NumberStatus

NUMBER, STATUS = "number", "status"

HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "phone",
            "phone_number",
            "telephone",
            "telephone_number",
            "tracking_number",
            "did",
            "e164",
            "e.164",
            "nummer",
            "rufnummer",
            "telefonnummer",
            "numero",
            "número",
            "número_de_teléfono",
            "teléfono",
            "numéro",
            "numéro_de_téléphone",
            "téléphone",
        ),
        NUMBER,
    ),
    **dict.fromkeys(("state", "zustand", "estado", "état", "statut"), STATUS),
}
"""Each as our own column; spaces are `_` there."""

STATUSES: Mapping[str, NumberStatus] = {
    **dict.fromkeys(
        ("active", "in-use", "in use", "enabled", "live", "on", "assigned", "aktiv", "activo", "actif"),
        NumberStatus.ACTIVE,
    ),
    **dict.fromkeys(
        (
            "paused",
            "inactive",
            "disabled",
            "suspended",
            "off",
            "pausiert",
            "inaktiv",
            "deaktiviert",
            "pausado",
            "en pausa",
            "inactivo",
            "en pause",
            "inactif",
            "désactivé",
        ),
        NumberStatus.PAUSED,
    ),
    **dict.fromkeys(
        (
            "quarantined",
            "quarantine",
            "quarantäne",
            "in quarantäne",
            "cuarentena",
            "en cuarentena",
            "quarantaine",
            "en quarantaine",
        ),
        NumberStatus.QUARANTINED,
    ),
    **dict.fromkeys(
        (
            "released",
            "cancelled",
            "canceled",
            "deleted",
            "terminated",
            "abgegeben",
            "gekündigt",
            "liberado",
            "libéré",
        ),
        NumberStatus.RELEASED,
    ),
}

"""What we say ourselves in calls, in the languages that we know; what owners have written is said as it stands."""

from collections.abc import Mapping

ENGLISH = "en-US"
NOTICE = "This call is recorded for quality."
QUESTION = "We would like to record this call. Press 1 to agree, or stay on the line to go on without."
QUESTION_KEY = "1"
PRESS_1 = "Press 1 to take the call."
UNKNOWN_SOURCE = "unknown source"

_TOLD: Mapping[str, Mapping[str, str]] = {
    NOTICE: {
        "de": "Dieses Gespräch wird zur Verbesserung unseres Service aufgezeichnet.",
        "es": "Esta llamada se graba para mejorar la calidad del servicio.",
        "fr": "Cet appel est enregistré pour améliorer la qualité de notre service.",
    },
    QUESTION: {
        "de": "Wir möchten dieses Gespräch aufzeichnen. Drücken Sie die 1, wenn Sie einverstanden sind, "
        "oder bleiben Sie in der Leitung, um ohne Aufzeichnung fortzufahren.",
        "es": "Nos gustaría grabar esta llamada. Pulse 1 si acepta, o espere para continuar sin grabación.",
        "fr": "Nous souhaitons enregistrer cet appel. Appuyez sur 1 pour accepter, "
        "ou restez en ligne pour continuer sans enregistrement.",
    },
    PRESS_1: {
        "de": "Drücken Sie die 1, um den Anruf anzunehmen.",
        "es": "Pulse 1 para aceptar la llamada.",
        "fr": "Appuyez sur 1 pour prendre l'appel.",
    },
    UNKNOWN_SOURCE: {"de": "unbekannte Herkunft", "es": "origen desconocido", "fr": "origine inconnue"},
}
_VOICES: Mapping[str, str] = {"en": ENGLISH, "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}
SPOKEN = ("en-US", "en-GB", "en-AU", "de-DE", "es-ES", "es-MX", "fr-FR", "fr-CA", "it-IT", "nl-NL", "pt-BR")
"""What carriers' voices speak in any case; many speak more."""
_OF_COUNTRY = {("en", "GB"): "en-GB", ("en", "IE"): "en-GB", ("en", "AU"): "en-AU", ("fr", "CA"): "fr-CA"}


def in_language(text: str, language: str) -> str:
    """A text of ours in the language of a flow (`de-DE`), where we know it; any other text as it is."""
    return _TOLD.get(text, {}).get(language.partition("-")[0].lower(), text)


def spoken_language(language: str | None, country: str) -> str:
    """In which language and accent a company's calls are spoken to, as carriers name it."""
    known = language if language and language in _VOICES else "en"
    return _OF_COUNTRY.get((known, country), _VOICES[known])

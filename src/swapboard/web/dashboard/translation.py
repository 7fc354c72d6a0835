"""The one place that user-facing text goes through, so that a language can be added."""

from gettext import NullTranslations

TRANSLATIONS = NullTranslations()

_ = TRANSLATIONS.gettext

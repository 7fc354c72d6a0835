"""Jinja: `install(environment)`, then `{{ phone("+12025550100", "(202) 555-0100", class_="big") }}`."""

from jinja2 import Environment
from markupsafe import Markup

from swapboard_client.page import phone_link, phone_number, phone_tel


def phone(target: str, text: str, **attributes: object) -> Markup:
    """A link that dials the visitor's number; `class_` and the like become attributes."""
    named = {name.rstrip("_"): value for name, value in attributes.items()}
    return Markup(phone_link(target, text, named))  # noqa: S704  every part of it is escaped


def install(environment: Environment) -> None:
    """Give the templates `phone`, `phone_number` (text) and `phone_tel` (E.164)."""
    environment.globals.update(phone=phone, phone_number=phone_number, phone_tel=phone_tel)

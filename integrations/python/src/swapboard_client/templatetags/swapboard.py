"""Django's tags; `swapboard_client` stands in INSTALLED_APPS.

{% load swapboard %} {% phone "+12025550100" "(202) 555-0100" class="big" %}
"""

from django import template
from django.utils.safestring import SafeString, mark_safe

from swapboard_client.page import phone_link, phone_number, phone_tel

register = template.Library()


def phone(target: str, text: str, **attributes: object) -> SafeString:
    """A link that dials the visitor's number; `class="big"` and the like become attributes."""
    return mark_safe(phone_link(target, text, attributes))  # noqa: S308  every part of it is escaped


for _tag in (phone, phone_number, phone_tel):
    register.simple_tag(_tag)

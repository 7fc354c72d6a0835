"""The addresses of everything about numbers."""

from starlette.routing import Route

from swapboard.web.dashboard.guard import signed_in
from swapboard.web.dashboard.numbers import numbers_page
from swapboard.web.dashboard.rules import delete_rule, put_in_order, rule_page, rules_page, save_rule
from swapboard.web.dashboard.sizing import sizing_page


def numbers_routes() -> list[Route]:
    """Pools, rules, sizing, placements and the list of all numbers."""
    return [
        Route("/numbers", signed_in(numbers_page)),
        Route("/numbers/sizing", signed_in(sizing_page)),
        Route("/numbers/rules", signed_in(rules_page)),
        Route("/numbers/rules/order", signed_in(put_in_order), methods=["POST"]),
        Route("/numbers/rules/new", signed_in(rule_page), methods=["GET"]),
        Route("/numbers/rules/new", signed_in(save_rule), methods=["POST"]),
        Route("/numbers/rules/{rule_id}", signed_in(rule_page), methods=["GET"]),
        Route("/numbers/rules/{rule_id}", signed_in(save_rule), methods=["POST"]),
        Route("/numbers/rules/{rule_id}/remove", signed_in(delete_rule), methods=["POST"]),
    ]

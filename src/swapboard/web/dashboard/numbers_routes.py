"""The addresses of everything about numbers."""

from starlette.routing import Route

from swapboard.web.dashboard.buying import buy_page, order_number
from swapboard.web.dashboard.flows import flow_routes
from swapboard.web.dashboard.guard import signed_in
from swapboard.web.dashboard.inventory import (
    act_on_numbers,
    act_on_return,
    inventory_page,
    point,
    save_quarantine,
)
from swapboard.web.dashboard.number_lists import add_list, download_list
from swapboard.web.dashboard.numbers import numbers_page
from swapboard.web.dashboard.placements import (
    placement_page,
    placements_page,
    print_page,
    qr_code,
    save_placement,
)
from swapboard.web.dashboard.recording_setup import recording_page, save_recording
from swapboard.web.dashboard.rehearsal import begin_rehearsal, rehearsal_page
from swapboard.web.dashboard.rules import delete_rule, put_in_order, rule_page, rules_page, save_rule
from swapboard.web.dashboard.scaling import save_scaling, scaling_page
from swapboard.web.dashboard.sizing import sizing_page


def numbers_routes() -> list[Route]:
    """Pools, rules, sizing, placements and the list of all numbers."""
    return [
        Route("/numbers", signed_in(numbers_page)),
        Route("/numbers/sizing", signed_in(sizing_page)),
        Route("/numbers/scaling", signed_in(scaling_page), methods=["GET"]),
        Route("/numbers/scaling", signed_in(save_scaling), methods=["POST"]),
        Route("/numbers/rehearsal", signed_in(rehearsal_page), methods=["GET"]),
        Route("/numbers/rehearsal", signed_in(begin_rehearsal), methods=["POST"]),
        Route("/numbers/inventory", signed_in(inventory_page)),
        Route("/numbers/inventory.csv", signed_in(download_list)),
        Route("/numbers/inventory/act", signed_in(act_on_numbers), methods=["POST"]),
        Route("/numbers/inventory/return", signed_in(act_on_return), methods=["POST"]),
        Route("/numbers/inventory/quarantine", signed_in(save_quarantine), methods=["POST"]),
        Route("/numbers/inventory/point", signed_in(point), methods=["POST"]),
        Route("/numbers/inventory/add", signed_in(add_list), methods=["POST"]),
        Route("/numbers/buy", signed_in(buy_page), methods=["GET"]),
        Route("/numbers/buy", signed_in(order_number), methods=["POST"]),
        Route("/numbers/placements", signed_in(placements_page)),
        Route("/numbers/placements/{number_id}", signed_in(placement_page), methods=["GET"]),
        Route("/numbers/placements/{number_id}", signed_in(save_placement), methods=["POST"]),
        Route("/numbers/placements/{number_id}/print", signed_in(print_page)),
        Route("/numbers/placements/{number_id}/qr.svg", signed_in(qr_code)),
        *flow_routes(),
        Route("/numbers/recording", signed_in(recording_page), methods=["GET"]),
        Route("/numbers/recording", signed_in(save_recording), methods=["POST"]),
        Route("/numbers/rules", signed_in(rules_page)),
        Route("/numbers/rules/order", signed_in(put_in_order), methods=["POST"]),
        Route("/numbers/rules/new", signed_in(rule_page), methods=["GET"]),
        Route("/numbers/rules/new", signed_in(save_rule), methods=["POST"]),
        Route("/numbers/rules/{rule_id}", signed_in(rule_page), methods=["GET"]),
        Route("/numbers/rules/{rule_id}", signed_in(save_rule), methods=["POST"]),
        Route("/numbers/rules/{rule_id}/remove", signed_in(delete_rule), methods=["POST"]),
    ]

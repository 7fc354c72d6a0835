"""Which operations of the API an assistant is offered, each as a tool that the server's own description describes.

A tool takes what its operation takes, under one roof: what stands in the address, the question, and the body.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

READS: Mapping[str, str] = {
    "overview_reports": "report_overview",
    "breakdown_reports": "report_breakdown",
    "missed_reports": "report_missed_calls",
    "list_calls": "list_calls",
    "get_call": "get_call",
    "transcript_calls": "call_transcript",
    "why_call_calls": "why_did_call_convert",
    "list_sessions": "list_visits",
    "get_session": "get_visit",
    "list_leads": "list_leads",
    "list_forms": "list_forms",
    "list_numbers": "list_numbers",
    "list_pools": "list_pools",
    "list_rules": "list_rules",
    "explain_visit_rules": "explain_what_a_visit_sees",
    "list_conversions": "list_conversions",
    "list_costs": "list_costs",
    "list_annotations": "list_notes_on_days",
    "list_companies": "list_companies",
    "now_live": "live_now",
}
"""The operation's id, and the tool's name. A few that answer questions: of all 130 one chooses worse."""

WRITES: Mapping[str, str] = {
    "change_call": "judge_call",
    "judge_match_calls": "say_whether_a_match_is_right",
    "actions_numbers": "pause_or_activate_numbers",
    "create_caller": "block_or_allow_caller",
}
"""Those that `--write` adds."""

INSTRUCTIONS = """\
Swapboard is a call-tracking switchboard: it knows which visit of a website made a phone call.
Begin with the reports: report_breakdown says which campaigns, keywords, channels or pages made calls, and how
many were answered or missed; its `filter` takes conditions such as `outcome:missed channel:paid
campaign:"spring"`. Days are those of the company's own calendar. report_missed_calls lists who was not answered.
list_calls gives single calls, get_call what one is credited to and how sure that is. Lists come in pages: ask
again with `cursor` and the `next_cursor` of the answer.
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """One operation of the API as an assistant sees it."""

    name: str
    title: str
    description: str
    input_schema: Mapping[str, Any]
    method: str
    path: str
    in_path: tuple[str, ...]
    in_query: tuple[str, ...]

    @property
    def only_reads(self) -> bool:
        return self.method == "GET"

    def request(self, arguments: Mapping[str, Any]) -> "Asking":
        """The request that asks for it. Raises KeyError for a part of the address that is missing."""
        path = self.path.format_map({name: _part(arguments, name) for name in self.in_path})
        params = [
            (name, _written(each))
            for name in self.in_query
            if arguments.get(name) is not None
            for each in (arguments[name] if isinstance(arguments[name], list) else [arguments[name]])
        ]
        elsewhere = {*self.in_path, *self.in_query}
        body = {name: value for name, value in arguments.items() if name not in elsewhere}
        if self.only_reads:
            # What the operation does not know, it says so of: nothing is dropped in silence.
            params += [(name, _written(value)) for name, value in body.items()]
            return Asking(self.method, path, tuple(params), None)
        return Asking(self.method, path, tuple(params), body)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of the API."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    body: Mapping[str, Any] | None


def tools_of(document: Mapping[str, Any], *, may_write: bool) -> tuple[Tool, ...]:
    """The tools that this server's description (OpenAPI 3.1) has; those that it lacks are left out."""
    wanted = {**READS, **WRITES} if may_write else READS
    found = {
        operation["operationId"]: _tool(document, wanted[operation["operationId"]], method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("operationId") in wanted
    }
    return tuple(found[each] for each in wanted if each in found)


def _tool(document: Mapping[str, Any], name: str, method: str, path: str, operation: Mapping[str, Any]) -> Tool:
    parameters = [each for each in operation.get("parameters", ()) if each["in"] in {"path", "query"}]
    properties = {each["name"]: _described(each) for each in parameters}
    required = [each["name"] for each in parameters if each.get("required")]
    body = _body(document, operation)
    properties |= body.get("properties", {})
    schema = {
        "type": "object",
        "properties": properties,
        "required": [*required, *body.get("required", ())],
        "additionalProperties": False,
    }
    return Tool(
        name=name,
        title=operation["summary"],
        description=f"{operation['summary']}. {operation.get('description', '')}".strip(),
        input_schema=_with_definitions(document, schema),
        method=method.upper(),
        path=path,
        in_path=tuple(each["name"] for each in parameters if each["in"] == "path"),
        in_query=tuple(each["name"] for each in parameters if each["in"] == "query"),
    )


def _part(arguments: Mapping[str, Any], name: str) -> str:
    """A part of the address. Nothing, and dots, would name what stands above: they count as missing."""
    text = str(arguments[name])
    if text in {"", ".", ".."}:
        raise KeyError(name)
    return quote(text, safe="")


def _described(parameter: Mapping[str, Any]) -> dict[str, Any]:
    told = {"description": parameter["description"]} if "description" in parameter else {}
    return {**parameter["schema"], **told}


def _body(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any]:
    if "requestBody" not in operation:
        return {}
    schema: Mapping[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][_name(schema["$ref"])]
    return schema


def _with_definitions(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema by itself: what it refers to stands in it, wherever that stood in the document."""
    known = document["components"]["schemas"]
    names: set[str] = set()
    waiting = _references(schema)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting |= _references(known[name])
    if not names:
        return schema
    text = json.dumps({**schema, "$defs": {name: known[name] for name in sorted(names)}})
    moved: dict[str, Any] = json.loads(text.replace("#/components/schemas/", "#/$defs/"))
    return moved


def _references(schema: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schema)))


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)

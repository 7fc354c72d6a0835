"""HubSpot, Salesforce and Pipedrive as their documentation describes them, as far as we go there.

They refuse what those refuse: unknown access, missing or unknown fields, too long texts, a second value of
what is unique. HubSpot's and Pipedrive's searches find what was just made only after a while (`index`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.conversions.destinations.request import Answer, Request

TOKEN, REFRESH = "good-token", "good-refresh"


def reply(status: int, told: object, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(told).encode())


@dataclass
class Database:
    """What is there; `busy` answers come first."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    busy: list[Answer] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    """Whom the search finds."""
    asked: list[str] = field(default_factory=list)

    def index(self) -> None:
        self.found = set(self.people)

    def __call__(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        self.asked.append(f"{request.method} {path}")
        if self.busy:
            return self.busy.pop(0)
        told = json.loads(request.body) if request.body.startswith(b"{") else {}
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        return self.answer(request, path, query, told)

    def answer(self, request: Request, path: str, query: Mapping[str, str], told: Any) -> Answer:
        raise NotImplementedError

    def new_id(self) -> str:
        return str(101 + len(self.people) + len(self.records))


@dataclass
class HubSpot(Database):
    properties: set[str] = field(
        default_factory=lambda: {"phone", "mobilephone", "email", "firstname", "lastname"}
    )
    may_add_properties: bool = True
    ties: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, request: Request, path: str, query: Mapping[str, str], told: Any) -> Answer:  # noqa: C901, PLR0911, PLR0912
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return reply(401, {"status": "error", "message": "The OAuth token used to make this call expired"})
        where = path.removeprefix("/crm/").split("/")
        match [request.method, *where]:
            case ["GET", "v3", "properties", "contacts", name]:
                return reply(200, {"name": name}) if name in self.properties else reply(404, {"message": "none"})
            case ["POST", "v3", "properties", "contacts"]:
                if not self.may_add_properties:
                    return reply(403, {"message": "This app hasn't been granted crm.schemas.contacts.write"})
                assert told["hasUniqueValue"]
                assert told["groupName"] == "contactinformation"
                self.properties.add(told["name"])
                return reply(201, told)
            case ["GET", "v3", "objects", "contacts"]:
                return reply(200, {"results": []})
            case ["GET", "v3", "objects", "contacts", value]:
                return self._by(query["idProperty"], value)
            case ["POST", "v3", "objects", "contacts", "search"]:
                return self._search(told)
            case ["POST", "v3", "objects", "contacts"]:
                return self._make_contact(told["properties"])
            case ["PATCH", "v3", "objects", "contacts", contact_id]:
                return self._change(self.people, contact_id, told["properties"])
            case ["GET", "v4", "objects", "contacts", contact_id, "associations", kind]:
                tied = [
                    {"toObjectId": int(each)} for one, each, what in self.ties if (one, what) == (contact_id, kind)
                ]
                return reply(200, {"results": tied})
            case ["POST", "v3", "objects", "calls" | "notes", "batch", "read"]:
                known = [self.records[each["id"]] for each in told["inputs"]]
                results = [
                    {"id": each["id"], "properties": {name: each.get(name) for name in told["properties"]}}
                    for each in known
                ]
                return reply(200, {"results": results})
            case ["POST", "v3", "objects", "calls" | "notes" as kind]:
                return self._make_record(kind, told)
            case ["PATCH", "v3", "objects", "calls" | "notes", record_id]:
                return self._change(self.records, record_id, told["properties"])
        return reply(404, {"message": f"no such address: {path}"})

    def _by(self, name: str, value: str) -> Answer:
        if name not in self.properties:
            return reply(400, {"message": f"Property {name} does not exist"})
        found = next((key for key, each in self.people.items() if each.get(name) == value), None)
        return reply(200, {"id": found}) if found else reply(404, {"message": "resource not found"})

    def _search(self, told: Any) -> Answer:
        groups = told["filterGroups"]
        if not 0 < len(groups) <= 5:
            return reply(400, {"message": "too many filter groups"})
        wanted = [(each["propertyName"], each["value"]) for group in groups for each in group["filters"]]
        results = [
            {"id": key, "properties": {name: person.get(name) for name in told["properties"]}}
            for key, person in self.people.items()
            if key in self.found and any(_holds(person, name, value) for name, value in wanted)
        ]
        return reply(200, {"total": len(results), "results": results[: told["limit"]]})

    def _make_contact(self, properties: Mapping[str, str]) -> Answer:
        if unknown := set(properties) - self.properties:
            return reply(400, {"message": f"Property {min(unknown)} does not exist"})
        if _is_no_address(properties):
            wrong = [{"isValid": False, "message": "Email address is invalid", "error": "INVALID_EMAIL"}]
            return reply(400, {"message": f"Property values were not valid: {json.dumps(wrong)}"})
        for key, person in self.people.items():
            if properties.get("email") and person.get("email") == properties["email"]:
                return reply(409, {"message": f"Contact already exists. Existing ID: {key}"})
        made = self.new_id()
        self.people[made] = dict(properties)
        return reply(201, {"id": made, "properties": properties})

    def _make_record(self, kind: str, told: Any) -> Answer:
        properties = told["properties"]
        if "hs_timestamp" not in properties:
            return reply(400, {"message": "hs_timestamp is required"})
        made = self.new_id()
        for tie in told["associations"]:
            (type_,) = tie["types"]
            if (
                type_["associationTypeId"] != {"calls": 194, "notes": 202}[kind]
                or tie["to"]["id"] not in self.people
            ):
                return reply(400, {"message": "invalid association"})
            self.ties.append((tie["to"]["id"], made, kind))
        self.records[made] = {"id": made, **properties}
        return reply(201, {"id": made})

    def _change(self, rows: dict[str, dict[str, Any]], row_id: str, properties: Mapping[str, Any]) -> Answer:
        rows[row_id] |= properties
        return reply(200, {"id": row_id})


def _is_no_address(told: Mapping[str, str]) -> bool:
    """HubSpot and Salesforce look at what stands behind the point, too."""
    return (told.get("email") or told.get("Email") or "").endswith(".con")


def _holds(person: Mapping[str, str], name: str, value: str) -> bool:
    """HubSpot's own property of a number is its digits without the country's code."""
    if name != "hs_searchable_calculated_phone_number":
        return person.get(name) == value
    digits = re.sub(r"\D", "", person.get("phone", ""))
    return digits.removeprefix("1") == value


@dataclass
class Salesforce(Database):
    leads: dict[str, dict[str, Any]] = field(default_factory=dict)
    logins: int = 0

    def answer(self, request: Request, path: str, query: Mapping[str, str], told: Any) -> Answer:  # noqa: C901, PLR0911
        if path == "/services/oauth2/token":
            asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
            self.logins += 1
            if asked["refresh_token"] != REFRESH:
                return reply(400, {"error": "invalid_grant", "error_description": "expired access/refresh token"})
            return reply(200, {"access_token": TOKEN, "instance_url": "https://x"})
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return reply(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        match [request.method, *path.removeprefix("/services/data/v62.0/").split("/")]:
            case ["GET", "query"]:
                return self._query(query["q"])
            case ["POST", "sobjects", "Lead"]:
                if not (told.get("LastName") and told.get("Company")):
                    message = "Required fields are missing: [LastName, Company]"
                    return reply(400, [{"errorCode": "REQUIRED_FIELD_MISSING", "message": message}])
                if _is_no_address(told):
                    message = "Email: invalid email address"
                    return reply(400, [{"errorCode": "INVALID_EMAIL_ADDRESS", "message": message}])
                saves_anyway = "allowSave=true" in request.headers.get("Sforce-Duplicate-Rule-Header", "")
                if not saves_anyway and any(each["LastName"] == told["LastName"] for each in self.leads.values()):
                    # The standard rule, which only warns, as it meets programs that do not say that they know.
                    return reply(
                        400, [{"errorCode": "DUPLICATES_DETECTED", "message": "Use one of these records?"}]
                    )
                made = f"00Q{self.new_id()}"
                self.leads[made] = {**told, "IsConverted": False}
                return reply(201, {"id": made, "success": True})
            case ["POST", "sobjects", "Task"]:
                if bad := _bad_task(told):
                    return reply(400, [bad])
                made = f"00T{self.new_id()}"
                self.records[made] = told
                return reply(201, {"id": made, "success": True})
            case ["PATCH", "sobjects", "Task", task_id]:
                self.records[task_id] |= told
                return Answer(204, {}, b"")
        return reply(404, [{"errorCode": "NOT_FOUND", "message": path}])

    def _query(self, query: str) -> Answer:
        """The few forms that we ask in: equality, IN, AND, OR."""
        told = re.fullmatch(r"SELECT Id FROM (\w+) WHERE (.+) ORDER BY LastModifiedDate DESC LIMIT 1", query)
        if told is None:
            return reply(400, [{"errorCode": "MALFORMED_QUERY", "message": query}])
        rows = {"Task": self.records, "Lead": self.leads, "Contact": self.people}[told[1]]
        wanted = re.findall(r"(\w+) = '((?:[^'\\\\]|\\\\.)*)'", told[2])
        wanted += [
            (name, value)
            for name, values in re.findall(r"(\w+) IN \(((?:'(?:[^'\\]|\\.)*'(?:, )?)+)\)", told[2])
            for value in re.findall(r"'((?:[^'\\\\]|\\\\.)*)'", values)
        ]
        found = [
            {"Id": key}
            for key, row in rows.items()
            if not row.get("IsConverted") and any(row.get(name) == value for name, value in wanted)
        ]
        return reply(200, {"totalSize": len(found), "done": True, "records": found[:1]})


def _bad_task(told: Mapping[str, Any]) -> Mapping[str, str] | None:
    call = {"CallObject", "CallType", "CallDurationInSeconds", "CallDisposition", "TaskSubtype"}
    known = call | {"Subject", "Description", "ActivityDate", "Status", "WhoId"}
    if unknown := set(told) - known:
        return {"errorCode": "INVALID_FIELD", "message": f"No such column {min(unknown)} on sobject of type Task"}
    if len(told["Subject"]) > 255 or len(told["CallObject"]) > 255:
        return {"errorCode": "STRING_TOO_LONG", "message": "data value too large"}
    if not told["WhoId"].startswith(("00Q", "003")):
        return {"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "Name ID"}
    return None


@dataclass
class Pipedrive(Database):
    def answer(self, request: Request, path: str, query: Mapping[str, str], told: Any) -> Answer:  # noqa: C901, PLR0911
        if request.headers.get("x-api-token") != TOKEN:
            return reply(401, {"success": False, "error": "unauthorized access"})
        match [request.method, *path.removeprefix("/api/v2/").split("/")]:
            case ["GET", "persons"]:
                return reply(200, {"success": True, "data": []})
            case ["GET", "persons", "search"]:
                wanted, name = query["term"], {"phone": "phones", "email": "emails"}[query["fields"]]
                items = [
                    {"item": {"id": int(key)}}
                    for key, person in self.people.items()
                    if key in self.found and any(each["value"] == wanted for each in person.get(name, ()))
                ]
                return reply(200, {"success": True, "data": {"items": items[: int(query["limit"])]}})
            case ["POST", "persons"]:
                if not told.get("name"):
                    return reply(400, {"success": False, "error": "name is required"})
                made = self.new_id()
                self.people[made] = told
                return reply(201, {"success": True, "data": {"id": int(made)}})
            case ["GET", "activities"]:
                mine = int(query["person_id"])
                data = [
                    {"id": int(key), **each}
                    for key, each in self.records.items()
                    if any(one["person_id"] == mine for one in each["participants"])
                ]
                return reply(200, {"success": True, "data": data[: int(query["limit"])]})
            case ["POST", "activities"]:
                if "person_id" in told:
                    return reply(400, {"success": False, "error": "person_id is read-only; use participants"})
                if not re.fullmatch(r"\d\d:\d\d", told["due_time"]) or not told["subject"]:
                    return reply(400, {"success": False, "error": "Validation failed: due_time"})
                made = self.new_id()
                self.records[made] = told
                return reply(201, {"success": True, "data": {"id": int(made)}})
            case ["PATCH", "activities", activity_id]:
                self.records[activity_id] |= told
                return reply(200, {"success": True, "data": {"id": int(activity_id)}})
        return reply(404, {"success": False, "error": path})

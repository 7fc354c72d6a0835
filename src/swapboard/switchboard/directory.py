"""What the doors must know at once: sites by their key, and the routes; kept in memory, renewed when it changes.

The directory answers from memory only, so that a visit or a call never waits for a look-up. It is loaded anew
when a company's configuration version moves, and each time written to the routing snapshot.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Company, Site
from swapboard.calls import store as call_store
from swapboard.calls.caller_word_store import words_of
from swapboard.calls.flow_store import flow_of_lines, routed_flows
from swapboard.calls.nodes import Flow
from swapboard.calls.recording import with_sound_addresses
from swapboard.calls.routes import CarrierAccount, CompanyRoutes, Routes
from swapboard.calls.snapshot import read_snapshot, write_snapshot
from swapboard.calls.sound import with_addresses
from swapboard.calls.spam_store import honeypots_of, policy_of
from swapboard.calls.spoken import spoken_language
from swapboard.numbers.plan import load_plan
from swapboard.numbers.rules import NumberPlan
from swapboard.numbers.shown import shown_numbers
from swapboard.recordings.store import policies_of
from swapboard.storage.engine import reading
from swapboard.switchboard.condition import Condition, Trouble
from swapboard.switchboard.fallback import write_fallback
from swapboard.switchboard.sounds import SoundShelf

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site and what its visits are decided by."""

    site: Site
    session_seconds: int
    plan: NumberPlan
    shown: Mapping[str, str]
    """Tracking numbers that a page may have shown, each with its target (E.164)."""


class Directory:
    """The configuration of all companies, as it was at the last refresh."""

    def __init__(
        self,
        engine: Engine,
        snapshot_file: Path,
        condition: Condition,
        sounds: SoundShelf,
        fallback_dir: Path | None = None,
    ) -> None:
        self._engine = engine
        self._snapshot_file = snapshot_file
        self._condition = condition
        self._sounds = sounds
        self._fallback_dir = fallback_dir
        self._is_mirrored = True
        self._refreshing = Lock()
        self._versions: dict[str, int] = {}
        self._unread: set[str] = set()
        self._sites: dict[str, SiteEntry] = {}
        self._by_id: dict[tuple[str, str], SiteEntry] = {}
        self.routes = Routes({}, {})
        self._degraded = False

    @property
    def degraded(self) -> bool:
        """True while the database does not answer and calls are routed by memory or the snapshot."""
        return self._degraded

    @degraded.setter
    def degraded(self, is_so: bool) -> None:
        self._degraded = is_so
        self._condition.note(Trouble.DATABASE_SILENT, is_so)

    def start(self) -> None:
        """Load everything; where that is not possible, the routes are the snapshot's."""
        self.routes = read_snapshot(self._snapshot_file)
        try:
            self.refresh()
        except Exception:
            log.exception("the set-up cannot be read; calls are routed by the snapshot")
            self.degraded = True

    def site(self, site_key: str) -> SiteEntry | None:
        """The site with this key, or None."""
        return self._sites.get(site_key)

    def site_of(self, company_id: str, site_id: str) -> SiteEntry | None:
        """The company's site with this id, or None."""
        return self._by_id.get((company_id, site_id))

    def refresh(self) -> bool:
        """Load what changed; False when the database did not answer, and all stays as it was."""
        # One thread at a time: a slower one must not put an older state, or half a snapshot, over a newer.
        with self._refreshing:
            return self._refresh()

    def _refresh(self) -> bool:
        try:
            with reading(self._engine) as connection:
                changed = self._load_changes(connection)
        except SQLAlchemyError as error:
            if not self.degraded:
                log.error("the database does not answer; calls go on by the routing snapshot: %s", error)
            self.degraded = True
            return False
        self.degraded = False
        if changed or not self._is_mirrored:
            # Each, whatever became of the other; what failed is tried again at the next refresh.
            self._is_mirrored = all([self._write_snapshot(), self._write_fallback()])
        return True

    def _write_snapshot(self) -> bool:
        try:
            write_snapshot(self._snapshot_file, self.routes)
        except OSError as error:
            log.error("the routing snapshot cannot be written; calls go on by memory and database: %s", error)
            self._condition.note(Trouble.SNAPSHOT_UNWRITTEN, True)
            return False
        self._condition.note(Trouble.SNAPSHOT_UNWRITTEN, False)
        return True

    def _write_fallback(self) -> bool:
        if self._fallback_dir is None:
            return True
        try:
            write_fallback(self._fallback_dir, self.routes)
        except Exception as error:  # an adapter of somebody else's may raise anything: visits and calls go on
            log.error("the fallback documents cannot be written to %s: %s", self._fallback_dir, error)
            self._condition.note(Trouble.FALLBACK_UNWRITTEN, True)
            return False
        self._condition.note(Trouble.FALLBACK_UNWRITTEN, False)
        return True

    def _load_changes(self, connection: Connection) -> bool:
        versions = account_store.config_versions(connection)
        self.routes = _without_strangers(self.routes, versions)
        changed = [key for key, version in versions.items() if self._versions.get(key) != version]
        loaded = {company_id for company_id in changed if self._loads(connection, company_id)}
        self._unread = set(changed) - loaded
        self._versions = {key: version for key, version in versions.items() if key not in self._unread}
        return bool(loaded)

    def _loads(self, connection: Connection, company_id: str) -> bool:
        """False for what cannot be read: this company goes on as it was known last, and no other waits for it."""
        try:
            if company := account_store.company_by_id(connection, company_id):
                self._load(connection, company)
        except SQLAlchemyError:
            raise
        except Exception:
            if company_id not in self._unread:
                log.exception("the set-up of company %s cannot be read; it goes on as it was", company_id)
            return False
        return True

    def _load(self, connection: Connection, company: Company) -> None:
        plan = load_plan(connection, company.company_id)
        # Before the sites: a number is shown only once its calls are put through.
        self.routes = _with_company(self.routes, connection, company, plan, self._sounds)
        shown = shown_numbers(connection, company.company_id)
        kept = {key: entry for key, entry in self._sites.items() if entry.site.company_id != company.company_id}
        for site in account_store.sites_of(connection, company.company_id):
            kept[site.site_key] = SiteEntry(site, company.session_seconds, plan, shown)
        self._sites = kept
        self._by_id = {(entry.site.company_id, entry.site.site_id): entry for entry in kept.values()}


def _without_strangers(routes: Routes, company_ids: Collection[str]) -> Routes:
    """Only those companies: the snapshot may be of another database, from before a backup was restored."""
    if routes.companies.keys() <= set(company_ids):
        return routes
    carriers = {key: account for key, account in routes.carriers.items() if account.company_id in company_ids}
    return Routes(carriers, {key: each for key, each in routes.companies.items() if key in company_ids})


def _with_company(
    routes: Routes, connection: Connection, company: Company, plan: NumberPlan, sounds: SoundShelf
) -> Routes:
    company_id = company.company_id
    carriers = {key: account for key, account in routes.carriers.items() if account.company_id != company_id}
    for row in call_store.carrier_accounts(connection, company_id):
        carriers[row.carrier_id] = CarrierAccount(row.carrier_id, company_id, row.kind, row.credentials)
    companies = {**routes.companies, company_id: _company_routes(connection, company, plan, sounds)}
    return replace(routes, carriers=carriers, companies=companies)


def _company_routes(
    connection: Connection, company: Company, plan: NumberPlan, sounds: SoundShelf
) -> CompanyRoutes:
    targets = {target.target_id: target for target in plan.targets.values()}
    of_pool = {pool.pool_id: targets[pool.target_id] for pool in plan.pools.values()}
    flow_of = flow_of_lines(connection, company.company_id)
    addresses = sounds.addresses(connection, company.company_id)
    destinations, flows = {}, {}
    for row in call_store.owned_numbers(connection, company.company_id):
        target = of_pool.get(row.pool_id) or targets.get(row.target_id)
        if target:
            destinations[row.number] = target.destination
        if flow_id := flow_of.get(row.number) or flow_of.get(target.number if target else ""):
            flows[row.number] = flow_id
    return CompanyRoutes(
        company_id=company.company_id,
        default_destination=company.default_destination
        or next((target.destination for target in targets.values()), None),
        ring_timeout_seconds=company.ring_timeout_seconds,
        destinations=destinations,
        flows=_heard_flows(connection, company.company_id, addresses) if flows else {},
        flow_of=flows,
        recording={
            line: with_sound_addresses(policy, addresses)
            for line, policy in policies_of(connection, company.company_id).items()
        },
        policy=policy_of(connection, company.company_id),
        words=words_of(connection, company.company_id),
        honeypots=honeypots_of(connection, company.company_id),
        language=spoken_language(company.language, company.country),
    )


def _heard_flows(connection: Connection, company_id: str, addresses: Mapping[str, str]) -> Mapping[str, Flow]:
    """The flows that some call takes, with the address of each sound in place of its name."""
    found = routed_flows(connection, company_id)
    return {flow_id: with_addresses(flow, addresses) for flow_id, flow in found.items()}

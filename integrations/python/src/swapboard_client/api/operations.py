"""Every operation of the API as a method."""

# Written by `make clients` from the API's OpenAPI document; do not change it by hand.

from collections.abc import Iterator
from typing import Literal

from swapboard_client.api import records as r
from swapboard_client.api.transport import Transport


class Operations(Transport):
    """Each answers as the API does, or raises ApiError."""

    def list_companies(self, *, limit: int | None = None, cursor: str | None = None) -> r.CompanyPage:
        """List companies."""
        answer: r.CompanyPage = self._json("GET", "/companies", params={"limit": limit, "cursor": cursor})
        return answer

    def each_companies(self) -> Iterator[r.CompanyDocument]:
        """List companies: all, page by page."""
        return self._each(lambda cursor: self.list_companies(limit=200, cursor=cursor))

    def create_company(self, body: r.NewCompany, *, idempotency_key: str | None = None) -> r.CompanyDocument:
        """Make a company in the account."""
        answer: r.CompanyDocument = self._json(
            "POST", "/companies", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_company(self, company_id: str) -> r.CompanyDocument:
        """One company."""
        answer: r.CompanyDocument = self._json("GET", f"/companies/{self._part(company_id)}")
        return answer

    def change_company(self, company_id: str, body: r.CompanyChange) -> r.CompanyDocument:
        """Change a company."""
        answer: r.CompanyDocument = self._json("PATCH", f"/companies/{self._part(company_id)}", body=body)
        return answer

    def get_logo(self, company_id: str) -> r.LogoDocument:
        """A company's logo."""
        answer: r.LogoDocument = self._json("GET", f"/companies/{self._part(company_id)}/logo")
        return answer

    def set_logo_companies(self, company_id: str, body: r.NewLogo) -> r.LogoDocument:
        """Set a company's logo."""
        answer: r.LogoDocument = self._json("PUT", f"/companies/{self._part(company_id)}/logo", body=body)
        return answer

    def remove_logo(self, company_id: str) -> None:
        """Remove a company's logo."""
        return self._nothing("DELETE", f"/companies/{self._part(company_id)}/logo")

    def list_sites(self, *, limit: int | None = None, cursor: str | None = None) -> r.SitePage:
        """List sites."""
        answer: r.SitePage = self._json("GET", "/sites", params={"limit": limit, "cursor": cursor})
        return answer

    def each_sites(self) -> Iterator[r.SiteDocument]:
        """List sites: all, page by page."""
        return self._each(lambda cursor: self.list_sites(limit=200, cursor=cursor))

    def create_site(self, body: r.NewSite, *, idempotency_key: str | None = None) -> r.SiteDocument:
        """Add a site."""
        answer: r.SiteDocument = self._json(
            "POST", "/sites", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_site(self, site_id: str) -> r.SiteDocument:
        """One site."""
        answer: r.SiteDocument = self._json("GET", f"/sites/{self._part(site_id)}")
        return answer

    def change_site(self, site_id: str, body: r.SiteChange) -> r.SiteDocument:
        """Change a site."""
        answer: r.SiteDocument = self._json("PATCH", f"/sites/{self._part(site_id)}", body=body)
        return answer

    def remove_site(self, site_id: str) -> None:
        """Remove a site."""
        return self._nothing("DELETE", f"/sites/{self._part(site_id)}")

    def list_swap_targets(self, *, limit: int | None = None, cursor: str | None = None) -> r.TargetPage:
        """List swap targets."""
        answer: r.TargetPage = self._json("GET", "/swap-targets", params={"limit": limit, "cursor": cursor})
        return answer

    def each_swap_targets(self) -> Iterator[r.TargetDocument]:
        """List swap targets: all, page by page."""
        return self._each(lambda cursor: self.list_swap_targets(limit=200, cursor=cursor))

    def create_swap_target(self, body: r.NewTarget, *, idempotency_key: str | None = None) -> r.TargetDocument:
        """Add a swap target."""
        answer: r.TargetDocument = self._json(
            "POST", "/swap-targets", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_swap_target(self, target_id: str) -> r.TargetDocument:
        """One swap target."""
        answer: r.TargetDocument = self._json("GET", f"/swap-targets/{self._part(target_id)}")
        return answer

    def change_swap_target(self, target_id: str, body: r.TargetChange) -> r.TargetDocument:
        """Change a swap target."""
        answer: r.TargetDocument = self._json("PATCH", f"/swap-targets/{self._part(target_id)}", body=body)
        return answer

    def remove_swap_target(self, target_id: str) -> None:
        """Remove a swap target."""
        return self._nothing("DELETE", f"/swap-targets/{self._part(target_id)}")

    def list_pools(self, *, limit: int | None = None, cursor: str | None = None) -> r.PoolPage:
        """List pools."""
        answer: r.PoolPage = self._json("GET", "/pools", params={"limit": limit, "cursor": cursor})
        return answer

    def each_pools(self) -> Iterator[r.PoolDocument]:
        """List pools: all, page by page."""
        return self._each(lambda cursor: self.list_pools(limit=200, cursor=cursor))

    def create_pool(self, body: r.NewPool, *, idempotency_key: str | None = None) -> r.PoolDocument:
        """Make a pool."""
        answer: r.PoolDocument = self._json(
            "POST", "/pools", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_pool(self, pool_id: str) -> r.PoolDocument:
        """One pool."""
        answer: r.PoolDocument = self._json("GET", f"/pools/{self._part(pool_id)}")
        return answer

    def change_pool(self, pool_id: str, body: r.PoolChange) -> r.PoolDocument:
        """Change a pool."""
        answer: r.PoolDocument = self._json("PATCH", f"/pools/{self._part(pool_id)}", body=body)
        return answer

    def remove_pool(self, pool_id: str) -> None:
        """Remove a pool."""
        return self._nothing("DELETE", f"/pools/{self._part(pool_id)}")

    def get_auto_scale_pools(self, pool_id: str) -> r.AutoScaleDocument:
        """A pool's auto-scale."""
        answer: r.AutoScaleDocument = self._json("GET", f"/pools/{self._part(pool_id)}/auto-scale")
        return answer

    def set_auto_scale_pools(self, pool_id: str, body: r.AutoScaleChange) -> r.AutoScaleDocument:
        """Set a pool's auto-scale."""
        answer: r.AutoScaleDocument = self._json("PATCH", f"/pools/{self._part(pool_id)}/auto-scale", body=body)
        return answer

    def get_rehearsal(self, pool_id: str) -> r.RehearsalDocument:
        """The latest rehearsal of a pool."""
        answer: r.RehearsalDocument = self._json("GET", f"/pools/{self._part(pool_id)}/rehearsal")
        return answer

    def rehearse_pools(self, pool_id: str) -> r.RehearsalDocument:
        """Rehearse other sizes of a pool."""
        answer: r.RehearsalDocument = self._json("POST", f"/pools/{self._part(pool_id)}/rehearsal")
        return answer

    def get_sizing(
        self, pool_id: str, *, quiet_minutes: float | None = None, promise: float | None = None
    ) -> r.SizingDocument:
        """How many numbers a pool needs."""
        answer: r.SizingDocument = self._json(
            "GET",
            f"/pools/{self._part(pool_id)}/sizing",
            params={"quiet_minutes": quiet_minutes, "promise": promise},
        )
        return answer

    def search_numbers(self, body: r.SearchMessage) -> r.OffersDocument:
        """Look for numbers for sale."""
        answer: r.OffersDocument = self._json("POST", "/numbers/search", body=body)
        return answer

    def order_numbers(self, body: r.OrderMessage, *, idempotency_key: str | None = None) -> r.OrderDocument:
        """Buy a number."""
        answer: r.OrderDocument = self._json(
            "POST", "/numbers/orders", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def actions_numbers(self, body: r.ActionMessage) -> r.NumbersDocument:
        """Pause, quarantine, release, activate or assign numbers."""
        answer: r.NumbersDocument = self._json("POST", "/numbers/actions", body=body)
        return answer

    def waiting_numbers(self) -> r.ReturnsDocument:
        """List released numbers that are still at their carrier."""
        answer: r.ReturnsDocument = self._json("GET", "/numbers/returns")
        return answer

    def decide_numbers(self, number_id: str, body: r.ReturnMessage) -> r.ReturnsReturnDocument:
        """End a released number at its carrier now, or keep it there."""
        answer: r.ReturnsReturnDocument = self._json("POST", f"/numbers/{self._part(number_id)}/return", body=body)
        return answer

    def point_numbers(self, number_id: str) -> None:
        """Send a number's calls here, at its carrier."""
        return self._nothing("POST", f"/numbers/{self._part(number_id)}/point-here")

    def list_numbers(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: r.NumberStatus | None = None,
        kind: r.NumberKind | None = None,
        pool_id: str | None = None,
        number: str | None = None,
    ) -> r.NumberPage:
        """List tracking numbers."""
        answer: r.NumberPage = self._json(
            "GET",
            "/numbers",
            params={
                "limit": limit,
                "cursor": cursor,
                "status": status,
                "kind": kind,
                "pool_id": pool_id,
                "number": number,
            },
        )
        return answer

    def each_numbers(
        self,
        *,
        status: r.NumberStatus | None = None,
        kind: r.NumberKind | None = None,
        pool_id: str | None = None,
        number: str | None = None,
    ) -> Iterator[r.NumberDocument]:
        """List tracking numbers: all, page by page."""
        return self._each(
            lambda cursor: self.list_numbers(
                limit=200, cursor=cursor, status=status, kind=kind, pool_id=pool_id, number=number
            )
        )

    def create_number(self, body: r.NewNumberMessage, *, idempotency_key: str | None = None) -> r.NumberDocument:
        """Add a tracking number."""
        answer: r.NumberDocument = self._json(
            "POST", "/numbers", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def create_many_numbers(
        self, body: r.NewNumbersMessage, *, idempotency_key: str | None = None
    ) -> r.NumbersDocument:
        """Add many tracking numbers."""
        answer: r.NumbersDocument = self._json(
            "POST", "/numbers/bulk", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_number(self, number_id: str) -> r.NumberDocument:
        """One tracking number."""
        answer: r.NumberDocument = self._json("GET", f"/numbers/{self._part(number_id)}")
        return answer

    def change_number(self, number_id: str, body: r.NumberChangeMessage) -> r.NumberDocument:
        """Change a tracking number."""
        answer: r.NumberDocument = self._json("PATCH", f"/numbers/{self._part(number_id)}", body=body)
        return answer

    def release_numbers(self, number_id: str) -> None:
        """Release a tracking number."""
        return self._nothing("DELETE", f"/numbers/{self._part(number_id)}")

    def explain_visit_rules(
        self,
        *,
        url: str | None = None,
        referrer: str | None = None,
        device: Literal["phone", "tablet", "desktop"] | None = None,
        visitor: Literal["new", "returning"] | None = None,
        time_zone: str | None = None,
        region: str | None = None,
        at: str | None = None,
        target: str | None = None,
    ) -> r.ExplainExplanationDocument:
        """Explain what a visit would see."""
        answer: r.ExplainExplanationDocument = self._json(
            "GET",
            "/rules/explain",
            params={
                "url": url,
                "referrer": referrer,
                "device": device,
                "visitor": visitor,
                "time_zone": time_zone,
                "region": region,
                "at": at,
                "target": target,
            },
        )
        return answer

    def list_rules(self, *, limit: int | None = None, cursor: str | None = None) -> r.RulePage:
        """List rules in their order."""
        answer: r.RulePage = self._json("GET", "/rules", params={"limit": limit, "cursor": cursor})
        return answer

    def each_rules(self) -> Iterator[r.RulesRuleDocument]:
        """List rules in their order: all, page by page."""
        return self._each(lambda cursor: self.list_rules(limit=200, cursor=cursor))

    def create_rule(self, body: r.NewRule, *, idempotency_key: str | None = None) -> r.RulesRuleDocument:
        """Add a rule."""
        answer: r.RulesRuleDocument = self._json(
            "POST", "/rules", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def order_rules(self, body: r.RuleOrder, *, idempotency_key: str | None = None) -> r.RulesDocument:
        """Put the rules in order."""
        answer: r.RulesDocument = self._json(
            "POST", "/rules/order", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_rule(self, rule_id: str) -> r.RulesRuleDocument:
        """One rule."""
        answer: r.RulesRuleDocument = self._json("GET", f"/rules/{self._part(rule_id)}")
        return answer

    def change_rule(self, rule_id: str, body: r.RuleChange) -> r.RulesRuleDocument:
        """Change a rule."""
        answer: r.RulesRuleDocument = self._json("PATCH", f"/rules/{self._part(rule_id)}", body=body)
        return answer

    def remove_rule(self, rule_id: str) -> None:
        """Remove a rule."""
        return self._nothing("DELETE", f"/rules/{self._part(rule_id)}")

    def try_flows(
        self,
        flow_id: str,
        *,
        at: str | None = None,
        caller: str | None = None,
        keys: str | None = None,
        answered: r.Answered | None = None,
        channel: str | None = None,
        source: str | None = None,
        medium: str | None = None,
        campaign: str | None = None,
        keyword: str | None = None,
    ) -> r.DryRunDocument:
        """Try a flow without a call."""
        answer: r.DryRunDocument = self._json(
            "GET",
            f"/flows/{self._part(flow_id)}/dry-run",
            params={
                "at": at,
                "caller": caller,
                "keys": keys,
                "answered": answered,
                "channel": channel,
                "source": source,
                "medium": medium,
                "campaign": campaign,
                "keyword": keyword,
            },
        )
        return answer

    def list_flows(self, *, limit: int | None = None, cursor: str | None = None) -> r.FlowPage:
        """List flows, oldest first."""
        answer: r.FlowPage = self._json("GET", "/flows", params={"limit": limit, "cursor": cursor})
        return answer

    def each_flows(self) -> Iterator[r.FlowDocument]:
        """List flows, oldest first: all, page by page."""
        return self._each(lambda cursor: self.list_flows(limit=200, cursor=cursor))

    def create_flow(self, body: r.NewFlow, *, idempotency_key: str | None = None) -> r.FlowDocument:
        """Make a flow."""
        answer: r.FlowDocument = self._json(
            "POST", "/flows", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_flow(self, flow_id: str) -> r.FlowDocument:
        """One flow."""
        answer: r.FlowDocument = self._json("GET", f"/flows/{self._part(flow_id)}")
        return answer

    def change_flow(self, flow_id: str, body: r.FlowChange) -> r.FlowDocument:
        """Change a flow."""
        answer: r.FlowDocument = self._json("PATCH", f"/flows/{self._part(flow_id)}", body=body)
        return answer

    def remove_flow(self, flow_id: str) -> None:
        """Remove a flow."""
        return self._nothing("DELETE", f"/flows/{self._part(flow_id)}")

    def list_sounds(self, *, limit: int | None = None, cursor: str | None = None) -> r.SoundPage:
        """List sounds, oldest first."""
        answer: r.SoundPage = self._json("GET", "/sounds", params={"limit": limit, "cursor": cursor})
        return answer

    def each_sounds(self) -> Iterator[r.SoundDocument]:
        """List sounds, oldest first: all, page by page."""
        return self._each(lambda cursor: self.list_sounds(limit=200, cursor=cursor))

    def create_sound(self, body: r.NewSound, *, idempotency_key: str | None = None) -> r.SoundDocument:
        """Send a sound."""
        answer: r.SoundDocument = self._json(
            "POST", "/sounds", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_sound(self, sound_id: str) -> r.SoundDocument:
        """One sound."""
        answer: r.SoundDocument = self._json("GET", f"/sounds/{self._part(sound_id)}")
        return answer

    def change_sound(self, sound_id: str, body: r.SoundChange) -> r.SoundDocument:
        """Replace a sound's file."""
        answer: r.SoundDocument = self._json("PATCH", f"/sounds/{self._part(sound_id)}", body=body)
        return answer

    def remove_sound(self, sound_id: str) -> None:
        """Remove a sound."""
        return self._nothing("DELETE", f"/sounds/{self._part(sound_id)}")

    def hear_sounds(self, sound_id: str) -> bytes:
        """Hear a sound."""
        return self._bytes("GET", f"/sounds/{self._part(sound_id)}/content")

    def list_carriers(self) -> r.CarrierPage:
        """List carriers, oldest first."""
        answer: r.CarrierPage = self._json("GET", "/carriers")
        return answer

    def create_carrier(self, body: r.NewCarrier, *, idempotency_key: str | None = None) -> r.CarrierDocument:
        """Connect a carrier."""
        answer: r.CarrierDocument = self._json(
            "POST", "/carriers", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def kinds_carriers(self) -> r.CarrierKindPage:
        """Which carriers there are, and what they need."""
        answer: r.CarrierKindPage = self._json("GET", "/carriers/kinds")
        return answer

    def get_carrier(self, carrier_id: str) -> r.CarrierDocument:
        """One carrier."""
        answer: r.CarrierDocument = self._json("GET", f"/carriers/{self._part(carrier_id)}")
        return answer

    def change_carrier(self, carrier_id: str, body: r.CarrierChange) -> r.CarrierDocument:
        """Change a carrier."""
        answer: r.CarrierDocument = self._json("PATCH", f"/carriers/{self._part(carrier_id)}", body=body)
        return answer

    def remove_carrier(self, carrier_id: str) -> None:
        """Remove a carrier."""
        return self._nothing("DELETE", f"/carriers/{self._part(carrier_id)}")

    def list_calls(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        status: r.Status | None = None,
        channel: str | None = None,
        campaign: str | None = None,
        tracking_number: str | None = None,
        caller: str | None = None,
        session_id: str | None = None,
        spam: bool | None = None,
        q: str | None = None,
        said: str | None = None,
    ) -> r.CallPage:
        """List calls, newest first."""
        answer: r.CallPage = self._json(
            "GET",
            "/calls",
            params={
                "limit": limit,
                "cursor": cursor,
                "from": from_,
                "to": to,
                "status": status,
                "channel": channel,
                "campaign": campaign,
                "tracking_number": tracking_number,
                "caller": caller,
                "session_id": session_id,
                "spam": spam,
                "q": q,
                "said": said,
            },
        )
        return answer

    def each_calls(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        status: r.Status | None = None,
        channel: str | None = None,
        campaign: str | None = None,
        tracking_number: str | None = None,
        caller: str | None = None,
        session_id: str | None = None,
        spam: bool | None = None,
        q: str | None = None,
        said: str | None = None,
    ) -> Iterator[r.CallDocument]:
        """List calls, newest first: all, page by page."""
        return self._each(
            lambda cursor: self.list_calls(
                limit=200,
                cursor=cursor,
                from_=from_,
                to=to,
                status=status,
                channel=channel,
                campaign=campaign,
                tracking_number=tracking_number,
                caller=caller,
                session_id=session_id,
                spam=spam,
                q=q,
                said=said,
            )
        )

    def export_calls(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        status: r.Status | None = None,
        channel: str | None = None,
        campaign: str | None = None,
        tracking_number: str | None = None,
        caller: str | None = None,
        session_id: str | None = None,
        spam: bool | None = None,
        q: str | None = None,
        said: str | None = None,
        after: str | None = None,
    ) -> Iterator[str]:
        """Export calls."""
        return self._lines(
            "GET",
            "/calls/export",
            params={
                "from": from_,
                "to": to,
                "status": status,
                "channel": channel,
                "campaign": campaign,
                "tracking_number": tracking_number,
                "caller": caller,
                "session_id": session_id,
                "spam": spam,
                "q": q,
                "said": said,
                "after": after,
            },
        )

    def get_call(self, call_id: str) -> r.CallDocument:
        """One call."""
        answer: r.CallDocument = self._json("GET", f"/calls/{self._part(call_id)}")
        return answer

    def change_call(self, call_id: str, body: r.CallChange) -> r.CallDocument:
        """Judge a call."""
        answer: r.CallDocument = self._json("PATCH", f"/calls/{self._part(call_id)}", body=body)
        return answer

    def judge_match_calls(self, call_id: str, body: r.MatchWord) -> r.MatchDocument:
        """Say whether a call was credited rightly."""
        answer: r.MatchDocument = self._json("POST", f"/calls/{self._part(call_id)}/match", body=body)
        return answer

    def list_recordings_calls(self, call_id: str) -> list[r.RecordingDocument]:
        """A call's recordings."""
        answer: list[r.RecordingDocument] = self._json("GET", f"/calls/{self._part(call_id)}/recordings")
        return answer

    def hear_calls(self, call_id: str, recording_id: str) -> bytes:
        """Hear a recording."""
        return self._bytes("GET", f"/calls/{self._part(call_id)}/recordings/{self._part(recording_id)}/sound")

    def remove_recording_calls(self, call_id: str, recording_id: str) -> None:
        """Delete a recording."""
        return self._nothing("DELETE", f"/calls/{self._part(call_id)}/recordings/{self._part(recording_id)}")

    def fetch_recording_again_calls(self, call_id: str, recording_id: str) -> r.RecordingDocument:
        """Fetch a recording once more."""
        answer: r.RecordingDocument = self._json(
            "POST", f"/calls/{self._part(call_id)}/recordings/{self._part(recording_id)}/again"
        )
        return answer

    def transcribe_recording_calls(self, call_id: str, recording_id: str) -> None:
        """Let a recording be written down, or tried again."""
        return self._nothing(
            "POST", f"/calls/{self._part(call_id)}/recordings/{self._part(recording_id)}/transcript"
        )

    def pause_recording_calls(self, call_id: str) -> None:
        """Pause a call's recording."""
        return self._nothing("POST", f"/calls/{self._part(call_id)}/recording/pause")

    def resume_recording_calls(self, call_id: str) -> None:
        """Resume a call's recording."""
        return self._nothing("POST", f"/calls/{self._part(call_id)}/recording/resume")

    def list_policies_recording(self) -> r.RecordingPolicyPage:
        """Whose calls are recorded."""
        answer: r.RecordingPolicyPage = self._json("GET", "/recording/policies")
        return answer

    def change_policy_recording(self, number_id: str, body: r.RecordingPolicyChange) -> r.RecordingPolicyDocument:
        """Change whose calls are recorded."""
        answer: r.RecordingPolicyDocument = self._json(
            "PATCH", f"/recording/policies/{self._part(number_id)}", body=body
        )
        return answer

    def remove_policy_recording(self, number_id: str) -> None:
        """Take a number's own policy away."""
        return self._nothing("DELETE", f"/recording/policies/{self._part(number_id)}")

    def get_keeping_recording(self) -> r.KeepingDocument:
        """How long recordings are kept."""
        answer: r.KeepingDocument = self._json("GET", "/recording/keeping")
        return answer

    def change_keeping_recording(self, body: r.KeepingChange) -> r.KeepingDocument:
        """Change how long recordings are kept."""
        answer: r.KeepingDocument = self._json("PATCH", "/recording/keeping", body=body)
        return answer

    def forget_callers(self, body: r.ForgottenCaller) -> r.Forgotten:
        """Forget a caller."""
        answer: r.Forgotten = self._json("POST", "/callers/forget", body=body)
        return answer

    def list_leads(
        self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None
    ) -> r.LeadPage:
        """List leads, the latest to get in touch first."""
        answer: r.LeadPage = self._json("GET", "/leads", params={"limit": limit, "cursor": cursor, "q": q})
        return answer

    def each_leads(self, *, q: str | None = None) -> Iterator[r.LeadDocument]:
        """List leads, the latest to get in touch first: all, page by page."""
        return self._each(lambda cursor: self.list_leads(limit=200, cursor=cursor, q=q))

    def channels_leads(
        self, *, from_: str | None = None, to: str | None = None, by: r.CountedBy | None = None
    ) -> r.ChannelsDocument:
        """Which channels earned the leads, by every model side by side."""
        answer: r.ChannelsDocument = self._json("GET", "/leads/credit", params={"from": from_, "to": to, "by": by})
        return answer

    def visits_leads(self, lead_id: str) -> r.LeadsCreditDocument:
        """Which visits earned a lead, by every model side by side."""
        answer: r.LeadsCreditDocument = self._json("GET", f"/leads/{self._part(lead_id)}/credit")
        return answer

    def join_leads(self, lead_id: str, body: r.JoinOrder) -> r.LeadDocument:
        """Two leads are one person."""
        answer: r.LeadDocument = self._json("POST", f"/leads/{self._part(lead_id)}/join", body=body)
        return answer

    def part_leads(self, lead_id: str, body: r.PartOrder) -> r.LeadDocument:
        """Some calls and forms of a lead are another person's."""
        answer: r.LeadDocument = self._json("POST", f"/leads/{self._part(lead_id)}/part", body=body)
        return answer

    def get_lead(self, lead_id: str) -> r.LeadDocument:
        """One lead."""
        answer: r.LeadDocument = self._json("GET", f"/leads/{self._part(lead_id)}")
        return answer

    def list_recomputes(
        self, *, limit: int | None = None, cursor: str | None = None, call_id: str | None = None
    ) -> r.ChangePage:
        """List calls that were credited differently, the latest change first."""
        answer: r.ChangePage = self._json(
            "GET", "/recomputes", params={"limit": limit, "cursor": cursor, "call_id": call_id}
        )
        return answer

    def each_recomputes(self, *, call_id: str | None = None) -> Iterator[r.ChangeDocument]:
        """List calls that were credited differently, the latest change first: all, page by page."""
        return self._each(lambda cursor: self.list_recomputes(limit=200, cursor=cursor, call_id=call_id))

    def weigh_recomputes(self, body: r.Recompute) -> r.ReviewDocument:
        """Weigh past calls anew."""
        answer: r.ReviewDocument = self._json("POST", "/recomputes", body=body)
        return answer

    def list_sessions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        channel: str | None = None,
        source: str | None = None,
        campaign: str | None = None,
        visitor_id: str | None = None,
        site_id: str | None = None,
    ) -> r.SessionPage:
        """List sessions, newest first."""
        answer: r.SessionPage = self._json(
            "GET",
            "/sessions",
            params={
                "limit": limit,
                "cursor": cursor,
                "from": from_,
                "to": to,
                "channel": channel,
                "source": source,
                "campaign": campaign,
                "visitor_id": visitor_id,
                "site_id": site_id,
            },
        )
        return answer

    def each_sessions(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        channel: str | None = None,
        source: str | None = None,
        campaign: str | None = None,
        visitor_id: str | None = None,
        site_id: str | None = None,
    ) -> Iterator[r.SessionDocument]:
        """List sessions, newest first: all, page by page."""
        return self._each(
            lambda cursor: self.list_sessions(
                limit=200,
                cursor=cursor,
                from_=from_,
                to=to,
                channel=channel,
                source=source,
                campaign=campaign,
                visitor_id=visitor_id,
                site_id=site_id,
            )
        )

    def export_sessions(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        channel: str | None = None,
        source: str | None = None,
        campaign: str | None = None,
        visitor_id: str | None = None,
        site_id: str | None = None,
        after: str | None = None,
    ) -> Iterator[str]:
        """Export sessions."""
        return self._lines(
            "GET",
            "/sessions/export",
            params={
                "from": from_,
                "to": to,
                "channel": channel,
                "source": source,
                "campaign": campaign,
                "visitor_id": visitor_id,
                "site_id": site_id,
                "after": after,
            },
        )

    def get_session(self, session_id: str) -> r.SessionDetailDocument:
        """One session with its timeline."""
        answer: r.SessionDetailDocument = self._json("GET", f"/sessions/{self._part(session_id)}")
        return answer

    def list_forms(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        session_id: str | None = None,
        visitor_id: str | None = None,
        site_id: str | None = None,
    ) -> r.FormPage:
        """List forms, newest first."""
        answer: r.FormPage = self._json(
            "GET",
            "/forms",
            params={
                "limit": limit,
                "cursor": cursor,
                "from": from_,
                "to": to,
                "session_id": session_id,
                "visitor_id": visitor_id,
                "site_id": site_id,
            },
        )
        return answer

    def each_forms(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        session_id: str | None = None,
        visitor_id: str | None = None,
        site_id: str | None = None,
    ) -> Iterator[r.FormDocument]:
        """List forms, newest first: all, page by page."""
        return self._each(
            lambda cursor: self.list_forms(
                limit=200,
                cursor=cursor,
                from_=from_,
                to=to,
                session_id=session_id,
                visitor_id=visitor_id,
                site_id=site_id,
            )
        )

    def get_form(self, form_id: str) -> r.FormDocument:
        """One form."""
        answer: r.FormDocument = self._json("GET", f"/forms/{self._part(form_id)}")
        return answer

    def forget_visitors(self, visitor_id: str) -> None:
        """Forget a visitor."""
        return self._nothing("DELETE", f"/visitors/{self._part(visitor_id)}")

    def list_keys(self, *, limit: int | None = None, cursor: str | None = None) -> r.KeyPage:
        """List keys."""
        answer: r.KeyPage = self._json("GET", "/keys", params={"limit": limit, "cursor": cursor})
        return answer

    def each_keys(self) -> Iterator[r.KeyDocument]:
        """List keys: all, page by page."""
        return self._each(lambda cursor: self.list_keys(limit=200, cursor=cursor))

    def create_key(self, body: r.NewKey, *, idempotency_key: str | None = None) -> r.NewKeyDocument:
        """Make a key."""
        answer: r.NewKeyDocument = self._json(
            "POST", "/keys", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_key(self, key_id: str) -> r.KeyDocument:
        """One key."""
        answer: r.KeyDocument = self._json("GET", f"/keys/{self._part(key_id)}")
        return answer

    def change_key(self, key_id: str, body: r.KeyChange) -> r.KeyDocument:
        """Rename a key."""
        answer: r.KeyDocument = self._json("PATCH", f"/keys/{self._part(key_id)}", body=body)
        return answer

    def revoke_keys(self, key_id: str) -> None:
        """Revoke a key."""
        return self._nothing("DELETE", f"/keys/{self._part(key_id)}")

    def list_people(self, *, limit: int | None = None, cursor: str | None = None) -> r.PersonPage:
        """List people."""
        answer: r.PersonPage = self._json("GET", "/people", params={"limit": limit, "cursor": cursor})
        return answer

    def each_people(self) -> Iterator[r.PersonDocument]:
        """List people: all, page by page."""
        return self._each(lambda cursor: self.list_people(limit=200, cursor=cursor))

    def get_person(self, user_id: str) -> r.PersonDocument:
        """One person."""
        answer: r.PersonDocument = self._json("GET", f"/people/{self._part(user_id)}")
        return answer

    def change_person(self, user_id: str, body: r.RoleChange) -> r.PersonDocument:
        """Change a role."""
        answer: r.PersonDocument = self._json("PATCH", f"/people/{self._part(user_id)}", body=body)
        return answer

    def remove_person(self, user_id: str) -> None:
        """Remove somebody."""
        return self._nothing("DELETE", f"/people/{self._part(user_id)}")

    def list_journal(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        actor: str | None = None,
        act: r.Act | None = None,
        subject: str | None = None,
        from_: str | None = None,
        to: str | None = None,
    ) -> r.DeedPage:
        """List who did what, the newest first."""
        answer: r.DeedPage = self._json(
            "GET",
            "/journal",
            params={
                "limit": limit,
                "cursor": cursor,
                "actor": actor,
                "act": act,
                "subject": subject,
                "from": from_,
                "to": to,
            },
        )
        return answer

    def each_journal(
        self,
        *,
        actor: str | None = None,
        act: r.Act | None = None,
        subject: str | None = None,
        from_: str | None = None,
        to: str | None = None,
    ) -> Iterator[r.DeedDocument]:
        """List who did what, the newest first: all, page by page."""
        return self._each(
            lambda cursor: self.list_journal(
                limit=200, cursor=cursor, actor=actor, act=act, subject=subject, from_=from_, to=to
            )
        )

    def receive_visits(self, site_id: str, body: r.NewVisit) -> r.WelcomeDocument:
        """Tell of a visit."""
        answer: r.WelcomeDocument = self._json("POST", f"/sites/{self._part(site_id)}/visit", body=body)
        return answer

    def kinds_destinations(self) -> r.KindPage:
        """Which kinds there are, and what they need."""
        answer: r.KindPage = self._json("GET", "/destinations/kinds")
        return answer

    def list_destinations(self, *, limit: int | None = None, cursor: str | None = None) -> r.DestinationPage:
        """List destinations, oldest first."""
        answer: r.DestinationPage = self._json("GET", "/destinations", params={"limit": limit, "cursor": cursor})
        return answer

    def each_destinations(self) -> Iterator[r.DestinationDocument]:
        """List destinations, oldest first: all, page by page."""
        return self._each(lambda cursor: self.list_destinations(limit=200, cursor=cursor))

    def create_destination(
        self, body: r.NewDestination, *, idempotency_key: str | None = None
    ) -> r.DestinationDocument:
        """Make a destination."""
        answer: r.DestinationDocument = self._json(
            "POST", "/destinations", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_destination(self, destination_id: str) -> r.DestinationDocument:
        """One destination."""
        answer: r.DestinationDocument = self._json("GET", f"/destinations/{self._part(destination_id)}")
        return answer

    def change_destination(self, destination_id: str, body: r.DestinationChange) -> r.DestinationDocument:
        """Change a destination."""
        answer: r.DestinationDocument = self._json(
            "PATCH", f"/destinations/{self._part(destination_id)}", body=body
        )
        return answer

    def remove_destination(self, destination_id: str) -> None:
        """Remove a destination."""
        return self._nothing("DELETE", f"/destinations/{self._part(destination_id)}")

    def test_destinations(self, destination_id: str) -> r.TestDocument:
        """Try a destination's settings."""
        answer: r.TestDocument = self._json("POST", f"/destinations/{self._part(destination_id)}/test")
        return answer

    def rotate_destinations(
        self, destination_id: str, *, idempotency_key: str | None = None
    ) -> r.DestinationDocument:
        """Replace its signing secrets."""
        answer: r.DestinationDocument = self._json(
            "POST",
            f"/destinations/{self._part(destination_id)}/rotate",
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def password_destinations(
        self, destination_id: str, *, idempotency_key: str | None = None
    ) -> r.DestinationSecretsFeedDocument:
        """Make a new password for the files of a destination."""
        answer: r.DestinationSecretsFeedDocument = self._json(
            "POST",
            f"/destinations/{self._part(destination_id)}/password",
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def replay_span_destinations(
        self, destination_id: str, body: r.Replay, *, idempotency_key: str | None = None
    ) -> r.ReplayDocument:
        """Send a span of time once more."""
        answer: r.ReplayDocument = self._json(
            "POST",
            f"/destinations/{self._part(destination_id)}/replay",
            body=body,
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def conversions_by_day_destinations(self, destination_id: str) -> r.AgreementDocument:
        """A destination's conversions by day."""
        answer: r.AgreementDocument = self._json("GET", f"/destinations/{self._part(destination_id)}/compare")
        return answer

    def compare_destinations(self, destination_id: str, body: r.PlatformCount) -> r.AgreementDocument:
        """Compare a destination with the platform's file."""
        answer: r.AgreementDocument = self._json(
            "POST", f"/destinations/{self._part(destination_id)}/compare", body=body
        )
        return answer

    def list_grants(self) -> r.GrantPage:
        """List accesses to platforms."""
        answer: r.GrantPage = self._json("GET", "/grants")
        return answer

    def create_grant(self, body: r.NewGrant, *, idempotency_key: str | None = None) -> r.GrantDocument:
        """Prepare an access to a platform."""
        answer: r.GrantDocument = self._json(
            "POST", "/grants", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_grant(self, grant_id: str) -> r.GrantDocument:
        """One access."""
        answer: r.GrantDocument = self._json("GET", f"/grants/{self._part(grant_id)}")
        return answer

    def change_grant(self, grant_id: str, body: r.GrantChange) -> r.GrantDocument:
        """Change an access."""
        answer: r.GrantDocument = self._json("PATCH", f"/grants/{self._part(grant_id)}", body=body)
        return answer

    def remove_grant(self, grant_id: str) -> r.TakenBackDocument:
        """Take an access back."""
        answer: r.TakenBackDocument = self._json("DELETE", f"/grants/{self._part(grant_id)}")
        return answer

    def list_conversions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        destination_id: str | None = None,
        state: r.StateInput | None = None,
    ) -> r.DeliveryPage:
        """List what was told or is to be told, the latest first."""
        answer: r.DeliveryPage = self._json(
            "GET",
            "/conversions",
            params={"limit": limit, "cursor": cursor, "destination_id": destination_id, "state": state},
        )
        return answer

    def each_conversions(
        self, *, destination_id: str | None = None, state: r.StateInput | None = None
    ) -> Iterator[r.DeliveryDocument]:
        """List what was told or is to be told, the latest first: all, page by page."""
        return self._each(
            lambda cursor: self.list_conversions(
                limit=200, cursor=cursor, destination_id=destination_id, state=state
            )
        )

    def get_conversion(self, delivery_id: str) -> r.WholeDelivery:
        """One delivery, with its tries and its exact request."""
        answer: r.WholeDelivery = self._json("GET", f"/conversions/{self._part(delivery_id)}")
        return answer

    def again_conversions(self, delivery_id: str, *, idempotency_key: str | None = None) -> r.DeliveryDocument:
        """Send what failed again."""
        answer: r.DeliveryDocument = self._json(
            "POST", f"/conversions/{self._part(delivery_id)}/again", idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def list_costs(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> r.ToldCostPage:
        """List costs, the oldest day first."""
        answer: r.ToldCostPage = self._json(
            "GET",
            "/costs",
            params={"limit": limit, "cursor": cursor, "first_day": first_day, "last_day": last_day},
        )
        return answer

    def each_costs(
        self, *, first_day: str | None = None, last_day: str | None = None
    ) -> Iterator[r.ToldCostDocument]:
        """List costs, the oldest day first: all, page by page."""
        return self._each(
            lambda cursor: self.list_costs(limit=200, cursor=cursor, first_day=first_day, last_day=last_day)
        )

    def create_cost(self, body: r.NewCosts, *, idempotency_key: str | None = None) -> r.PutDocument:
        """Tell what days cost."""
        answer: r.PutDocument = self._json(
            "POST", "/costs", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def take_file_costs(self, body: r.NewCostFile, *, idempotency_key: str | None = None) -> r.CostFileDocument:
        """Take in a file of costs, or look at it."""
        answer: r.CostFileDocument = self._json(
            "POST", "/costs/files", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def list_feeds(self) -> r.FeedPage:
        """List what each feed of costs has told."""
        answer: r.FeedPage = self._json("GET", "/costs/feeds")
        return answer

    def forget_feed_costs(self, *, feed: str) -> None:
        """Forget what a feed of costs told."""
        return self._nothing("DELETE", "/costs/feeds", params={"feed": feed})

    def list_campaign_names(self) -> r.NamedCampaignPage:
        """List what visits call campaigns."""
        answer: r.NamedCampaignPage = self._json("GET", "/costs/campaign-names")
        return answer

    def set_campaign_name_costs(self, body: r.CampaignName) -> r.CampaignName:
        """Say what visits call a campaign."""
        answer: r.CampaignName = self._json("PUT", "/costs/campaign-names", body=body)
        return answer

    def list_rates(self, *, limit: int | None = None, cursor: str | None = None) -> r.ToldRatePage:
        """List what currencies were worth, the latest day first."""
        answer: r.ToldRatePage = self._json("GET", "/costs/rates", params={"limit": limit, "cursor": cursor})
        return answer

    def each_rates(self) -> Iterator[r.ToldRateDocument]:
        """List what currencies were worth, the latest day first: all, page by page."""
        return self._each(lambda cursor: self.list_rates(limit=200, cursor=cursor))

    def tell_rates_costs(self, body: r.NewRates, *, idempotency_key: str | None = None) -> r.KeptRates:
        """Tell what currencies were worth."""
        answer: r.KeptRates = self._json(
            "POST", "/costs/rates", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def ask_bank_costs(self, *, idempotency_key: str | None = None) -> r.KeptRates:
        """Ask the European Central Bank."""
        answer: r.KeptRates = self._json(
            "POST", "/costs/rates/bank", idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def list_ad_accounts(self) -> r.AdAccountPage:
        """List the ad accounts that are asked for costs."""
        answer: r.AdAccountPage = self._json("GET", "/costs/ad-accounts")
        return answer

    def create_ad_account(
        self, body: r.NewAdAccount, *, idempotency_key: str | None = None
    ) -> r.AdAccountDocument:
        """Ask an ad account for costs."""
        answer: r.AdAccountDocument = self._json(
            "POST", "/costs/ad-accounts", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def remove_ad_account(self, *, platform: Literal["google_ads", "microsoft", "meta"], account: str) -> None:
        """Ask an ad account no more."""
        return self._nothing("DELETE", "/costs/ad-accounts", params={"platform": platform, "account": account})

    def why_call_calls(self, call_id: str) -> r.ExplanationPage:
        """Why did this call convert, or not?."""
        answer: r.ExplanationPage = self._json("GET", f"/calls/{self._part(call_id)}/conversions")
        return answer

    def why_form_forms(self, form_id: str) -> r.ExplanationPage:
        """Why did this form convert, or not?."""
        answer: r.ExplanationPage = self._json("GET", f"/forms/{self._part(form_id)}/conversions")
        return answer

    def list_callers(self, *, limit: int | None = None, cursor: str | None = None) -> r.CallerWordPage:
        """List what was said of callers, newest first."""
        answer: r.CallerWordPage = self._json("GET", "/spam/callers", params={"limit": limit, "cursor": cursor})
        return answer

    def each_callers(self) -> Iterator[r.CallerWordDocument]:
        """List what was said of callers, newest first: all, page by page."""
        return self._each(lambda cursor: self.list_callers(limit=200, cursor=cursor))

    def create_caller(self, body: r.NewCallerWord, *, idempotency_key: str | None = None) -> r.CallerWordDocument:
        """Block or allow a caller."""
        answer: r.CallerWordDocument = self._json(
            "POST", "/spam/callers", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_caller(self, word_id: str) -> r.CallerWordDocument:
        """What was said of one caller."""
        answer: r.CallerWordDocument = self._json("GET", f"/spam/callers/{self._part(word_id)}")
        return answer

    def remove_caller(self, word_id: str) -> None:
        """Take it back."""
        return self._nothing("DELETE", f"/spam/callers/{self._part(word_id)}")

    def get_policy_spam(self) -> r.PolicyDocument:
        """What is done about spam."""
        answer: r.PolicyDocument = self._json("GET", "/spam/policy")
        return answer

    def change_policy_spam(self, body: r.PolicyChange) -> r.PolicyDocument:
        """Change what is done about spam."""
        answer: r.PolicyDocument = self._json("PATCH", "/spam/policy", body=body)
        return answer

    def list_traps_spam(self) -> r.HoneypotPage:
        """List the numbers that nobody is shown."""
        answer: r.HoneypotPage = self._json("GET", "/spam/honeypots")
        return answer

    def set_trap_spam(self, number_id: str) -> None:
        """Make a number a honeypot."""
        return self._nothing("PUT", f"/spam/honeypots/{self._part(number_id)}")

    def remove_trap_spam(self, number_id: str) -> None:
        """Make it an ordinary number again."""
        return self._nothing("DELETE", f"/spam/honeypots/{self._part(number_id)}")

    def overview_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.OverviewDocument:
        """How it goes: the figures of a period beside the one before."""
        answer: r.OverviewDocument = self._json(
            "GET",
            "/reports/overview",
            params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by},
        )
        return answer

    def breakdown_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
        by: list[r.Dimension] | None = None,
    ) -> r.BreakdownDocument:
        """The figures by one or two things that are known of a call."""
        answer: r.BreakdownDocument = self._json(
            "GET",
            "/reports/breakdown",
            params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by, "by": by},
        )
        return answer

    def missed_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.MissedDocument:
        """The calls that nobody answered, and whether the caller was spoken with after all."""
        answer: r.MissedDocument = self._json(
            "GET", "/reports/missed", params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by}
        )
        return answer

    def list_views(self, *, limit: int | None = None, cursor: str | None = None) -> r.ViewPage:
        """List the company's saved reports, oldest first."""
        answer: r.ViewPage = self._json("GET", "/reports/views", params={"limit": limit, "cursor": cursor})
        return answer

    def each_views(self) -> Iterator[r.ViewDocument]:
        """List the company's saved reports, oldest first: all, page by page."""
        return self._each(lambda cursor: self.list_views(limit=200, cursor=cursor))

    def create_view(self, body: r.NewView, *, idempotency_key: str | None = None) -> r.ViewDocument:
        """Save a report."""
        answer: r.ViewDocument = self._json(
            "POST", "/reports/views", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_view(self, view_id: str) -> r.ViewDocument:
        """One saved report."""
        answer: r.ViewDocument = self._json("GET", f"/reports/views/{self._part(view_id)}")
        return answer

    def change_view(self, view_id: str, body: r.ViewChange) -> r.ViewDocument:
        """Rename a saved report, or change what it shows."""
        answer: r.ViewDocument = self._json("PATCH", f"/reports/views/{self._part(view_id)}", body=body)
        return answer

    def remove_view(self, view_id: str) -> None:
        """Delete a saved report."""
        return self._nothing("DELETE", f"/reports/views/{self._part(view_id)}")

    def list_schedules(self, view_id: str) -> r.SchedulePage:
        """List when a saved report is e-mailed."""
        answer: r.SchedulePage = self._json("GET", f"/reports/views/{self._part(view_id)}/schedules")
        return answer

    def create_schedule(
        self, view_id: str, body: r.NewSchedule, *, idempotency_key: str | None = None
    ) -> r.ScheduleDocument:
        """E-mail a saved report regularly."""
        answer: r.ScheduleDocument = self._json(
            "POST",
            f"/reports/views/{self._part(view_id)}/schedules",
            body=body,
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def get_schedule(self, view_id: str, schedule_id: str) -> r.ScheduleDocument:
        """One regular e-mail."""
        answer: r.ScheduleDocument = self._json(
            "GET", f"/reports/views/{self._part(view_id)}/schedules/{self._part(schedule_id)}"
        )
        return answer

    def change_schedule(self, view_id: str, schedule_id: str, body: r.ScheduleChange) -> r.ScheduleDocument:
        """Change when a saved report is e-mailed, or to whom."""
        answer: r.ScheduleDocument = self._json(
            "PATCH", f"/reports/views/{self._part(view_id)}/schedules/{self._part(schedule_id)}", body=body
        )
        return answer

    def remove_schedule(self, view_id: str, schedule_id: str) -> None:
        """Send a saved report so no more."""
        return self._nothing("DELETE", f"/reports/views/{self._part(view_id)}/schedules/{self._part(schedule_id)}")

    def send_now_reports(
        self, view_id: str, body: r.Sending, *, idempotency_key: str | None = None
    ) -> r.SentDocument:
        """E-mail a saved report now."""
        answer: r.SentDocument = self._json(
            "POST",
            f"/reports/views/{self._part(view_id)}/send",
            body=body,
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def download_reports(self, view_id: str) -> bytes:
        """A saved report as PDF."""
        return self._bytes("GET", f"/reports/views/{self._part(view_id)}/pdf")

    def list_links(self, view_id: str) -> r.LinkPage:
        """List the links to a saved report, newest first."""
        answer: r.LinkPage = self._json("GET", f"/reports/views/{self._part(view_id)}/links")
        return answer

    def create_link(
        self, view_id: str, body: r.NewLink, *, idempotency_key: str | None = None
    ) -> r.MadeLinkDocument:
        """Make a link to a saved report."""
        answer: r.MadeLinkDocument = self._json(
            "POST",
            f"/reports/views/{self._part(view_id)}/links",
            body=body,
            idempotency_key=idempotency_key,
            is_kept=True,
        )
        return answer

    def get_link(self, view_id: str, link_id: str) -> r.LinkDocument:
        """One link to a saved report."""
        answer: r.LinkDocument = self._json(
            "GET", f"/reports/views/{self._part(view_id)}/links/{self._part(link_id)}"
        )
        return answer

    def remove_link(self, view_id: str, link_id: str) -> None:
        """Revoke a link to a saved report."""
        return self._nothing("DELETE", f"/reports/views/{self._part(view_id)}/links/{self._part(link_id)}")

    def list_annotations(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        first_day: str | None = None,
        last_day: str | None = None,
    ) -> r.AnnotationPage:
        """List the notes on days, the first made first."""
        answer: r.AnnotationPage = self._json(
            "GET",
            "/reports/annotations",
            params={"limit": limit, "cursor": cursor, "first_day": first_day, "last_day": last_day},
        )
        return answer

    def each_annotations(
        self, *, first_day: str | None = None, last_day: str | None = None
    ) -> Iterator[r.AnnotationDocument]:
        """List the notes on days, the first made first: all, page by page."""
        return self._each(
            lambda cursor: self.list_annotations(limit=200, cursor=cursor, first_day=first_day, last_day=last_day)
        )

    def create_annotation(
        self, body: r.NewAnnotation, *, idempotency_key: str | None = None
    ) -> r.AnnotationDocument:
        """Write a note on a day."""
        answer: r.AnnotationDocument = self._json(
            "POST", "/reports/annotations", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def get_annotation(self, annotation_id: str) -> r.AnnotationDocument:
        """One note."""
        answer: r.AnnotationDocument = self._json("GET", f"/reports/annotations/{self._part(annotation_id)}")
        return answer

    def change_annotation(self, annotation_id: str, body: r.AnnotationChange) -> r.AnnotationDocument:
        """Change a note."""
        answer: r.AnnotationDocument = self._json(
            "PATCH", f"/reports/annotations/{self._part(annotation_id)}", body=body
        )
        return answer

    def remove_annotation(self, annotation_id: str) -> None:
        """Delete a note."""
        return self._nothing("DELETE", f"/reports/annotations/{self._part(annotation_id)}")

    def calls_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
        of: r.Part | None = None,
        phone: str | None = None,
        signal: r.Signal | None = None,
        pool_id: str | None = None,
        paid_by: list[r.Dimension] | None = None,
        limit: int | None = None,
    ) -> r.CountedCallsDocument:
        """The calls behind a figure of a report, newest first."""
        answer: r.CountedCallsDocument = self._json(
            "GET",
            "/reports/calls",
            params={
                "from": from_,
                "to": to,
                "filter": filter,
                "counted_by": counted_by,
                "of": of,
                "phone": phone,
                "signal": signal,
                "pool_id": pool_id,
                "paid_by": paid_by,
                "limit": limit,
            },
        )
        return answer

    def models_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        by: r.Dimension | None = None,
        look_back_days: int | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.ModelsDocument:
        """What earned the leads, by every model side by side."""
        answer: r.ModelsDocument = self._json(
            "GET",
            "/reports/models",
            params={
                "from": from_,
                "to": to,
                "filter": filter,
                "by": by,
                "look_back_days": look_back_days,
                "counted_by": counted_by,
            },
        )
        return answer

    def paths_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        by: r.Dimension | None = None,
        look_back_days: int | None = None,
    ) -> r.PathsDocument:
        """The ways that people took before they got in touch."""
        answer: r.PathsDocument = self._json(
            "GET",
            "/reports/paths",
            params={"from": from_, "to": to, "filter": filter, "by": by, "look_back_days": look_back_days},
        )
        return answer

    def roi_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
        by: list[r.Dimension] | None = None,
    ) -> r.RoiDocument:
        """What was spent and what came of it, by one or two things."""
        answer: r.RoiDocument = self._json(
            "GET",
            "/reports/roi",
            params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by, "by": by},
        )
        return answer

    def suggestions_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.SuggestionsDocument:
        """Keywords that cost and bring nothing; campaigns and hours that go unanswered."""
        answer: r.SuggestionsDocument = self._json(
            "GET",
            "/reports/suggestions",
            params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by},
        )
        return answer

    def agents_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.AgentsDocument:
        """Who answered: for each phone, how often, how soon, and for how long."""
        answer: r.AgentsDocument = self._json(
            "GET", "/reports/agents", params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by}
        )
        return answer

    def spam_reports(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        filter: str | None = None,
        counted_by: r.CountedBy | None = None,
    ) -> r.SpamCallsDocument:
        """Calls that count in no other report, by the number they came in on."""
        answer: r.SpamCallsDocument = self._json(
            "GET", "/reports/spam", params={"from": from_, "to": to, "filter": filter, "counted_by": counted_by}
        )
        return answer

    def pools_reports(
        self, *, from_: str | None = None, to: str | None = None, filter: str | None = None
    ) -> r.PoolsHealthDocument:
        """Whether pools were large enough."""
        answer: r.PoolsHealthDocument = self._json(
            "GET", "/reports/pools", params={"from": from_, "to": to, "filter": filter}
        )
        return answer

    def deliveries_reports(
        self, *, from_: str | None = None, to: str | None = None, filter: str | None = None
    ) -> r.DeliveriesDocument:
        """What destinations were told, and what became of it."""
        answer: r.DeliveriesDocument = self._json(
            "GET", "/reports/deliveries", params={"from": from_, "to": to, "filter": filter}
        )
        return answer

    def calibration_reports(self) -> r.CalibrationDocument:
        """How often the confidence of calls proved right."""
        answer: r.CalibrationDocument = self._json("GET", "/reports/calibration")
        return answer

    def list_texts(self, *, limit: int | None = None, cursor: str | None = None) -> r.TextPage:
        """List text messages, newest first."""
        answer: r.TextPage = self._json("GET", "/texts", params={"limit": limit, "cursor": cursor})
        return answer

    def each_texts(self) -> Iterator[r.TextDocument]:
        """List text messages, newest first: all, page by page."""
        return self._each(lambda cursor: self.list_texts(limit=200, cursor=cursor))

    def list_replies_texts(self) -> r.ReplyPage:
        """What missed callers are written."""
        answer: r.ReplyPage = self._json("GET", "/texts/replies")
        return answer

    def change_reply_texts(self, number_id: str, body: r.ReplyChange) -> r.ReplyDocument:
        """Change what missed callers are written."""
        answer: r.ReplyDocument = self._json("PATCH", f"/texts/replies/{self._part(number_id)}", body=body)
        return answer

    def remove_reply_texts(self, number_id: str) -> None:
        """Take a number's own text away."""
        return self._nothing("DELETE", f"/texts/replies/{self._part(number_id)}")

    def stops_texts(self) -> r.StopPage:
        """Who wants no texts."""
        answer: r.StopPage = self._json("GET", "/texts/stops")
        return answer

    def stop_texts(self, body: r.Stop) -> r.Stop:
        """Say that somebody wants no texts."""
        answer: r.Stop = self._json("POST", "/texts/stops", body=body)
        return answer

    def get_settings_words(self) -> r.WordSettingsDocument:
        """Whether what is said is written down."""
        answer: r.WordSettingsDocument = self._json("GET", "/words/settings")
        return answer

    def change_settings_words(self, body: r.WordSettingsChange) -> r.WordSettingsDocument:
        """Let what is said be written down, or not."""
        answer: r.WordSettingsDocument = self._json("PATCH", "/words/settings", body=body)
        return answer

    def list_phrases_words(self) -> r.PhrasePage:
        """What is listened for."""
        answer: r.PhrasePage = self._json("GET", "/words/phrases")
        return answer

    def add_phrase_words(self, body: r.NewPhrase, *, idempotency_key: str | None = None) -> r.PhraseDocument:
        """Listen for something."""
        answer: r.PhraseDocument = self._json(
            "POST", "/words/phrases", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def remove_phrase_words(self, phrase_id: str) -> None:
        """Listen for it no more."""
        return self._nothing("DELETE", f"/words/phrases/{self._part(phrase_id)}")

    def list_lead_rules(self) -> r.LeadRulePage:
        """The rules for good leads."""
        answer: r.LeadRulePage = self._json("GET", "/lead-rules")
        return answer

    def create_lead_rule(self, body: r.NewLeadRule, *, idempotency_key: str | None = None) -> r.LeadRuleDocument:
        """Add a rule."""
        answer: r.LeadRuleDocument = self._json(
            "POST", "/lead-rules", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def order_lead_rules(self, body: r.LeadRuleOrder) -> r.LeadRulePage:
        """Put the rules in order."""
        answer: r.LeadRulePage = self._json("POST", "/lead-rules/order", body=body)
        return answer

    def get_lead_rule(self, lead_rule_id: str) -> r.LeadRuleDocument:
        """One rule."""
        answer: r.LeadRuleDocument = self._json("GET", f"/lead-rules/{self._part(lead_rule_id)}")
        return answer

    def change_lead_rule(self, lead_rule_id: str, body: r.LeadRuleChange) -> r.LeadRuleDocument:
        """Change a rule."""
        answer: r.LeadRuleDocument = self._json("PATCH", f"/lead-rules/{self._part(lead_rule_id)}", body=body)
        return answer

    def remove_lead_rule(self, lead_rule_id: str) -> None:
        """Delete a rule."""
        return self._nothing("DELETE", f"/lead-rules/{self._part(lead_rule_id)}")

    def now_live(self) -> r.LiveDocument:
        """Who is on the site, and what rings, at this moment."""
        answer: r.LiveDocument = self._json("GET", "/live")
        return answer

    def transcript_calls(self, call_id: str) -> r.TranscriptsDocument:
        """What was said in a call."""
        answer: r.TranscriptsDocument = self._json("GET", f"/calls/{self._part(call_id)}/transcript")
        return answer

    def list_invitations(self, *, limit: int | None = None, cursor: str | None = None) -> r.InvitationPage:
        """List open invitations."""
        answer: r.InvitationPage = self._json("GET", "/invitations", params={"limit": limit, "cursor": cursor})
        return answer

    def each_invitations(self) -> Iterator[r.InvitationDocument]:
        """List open invitations: all, page by page."""
        return self._each(lambda cursor: self.list_invitations(limit=200, cursor=cursor))

    def create_invitation(
        self, body: r.NewInvitation, *, idempotency_key: str | None = None
    ) -> r.NewInvitationDocument:
        """Invite somebody."""
        answer: r.NewInvitationDocument = self._json(
            "POST", "/invitations", body=body, idempotency_key=idempotency_key, is_kept=True
        )
        return answer

    def remove_invitation(self, invitation_id: str) -> None:
        """Withdraw an invitation."""
        return self._nothing("DELETE", f"/invitations/{self._part(invitation_id)}")

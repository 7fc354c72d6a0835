"""Every door: the collector, the carriers' webhooks, the API and the dashboard."""

"""The company's own address: each message as JSON, signed after Standard Webhooks."""

from swapboard.conversions.destinations.webhook.kind import WebhookKind

kind = WebhookKind()

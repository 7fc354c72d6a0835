"""Salesforce: leads, contacts and their tasks."""

from swapboard.conversions.destinations.salesforce.kind import SalesforceKind

kind = SalesforceKind()

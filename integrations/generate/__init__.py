"""Writes the Python client and the TypeScript types from the API's own OpenAPI document: `make clients`."""

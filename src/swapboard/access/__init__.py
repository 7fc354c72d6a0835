"""Leave to use an account at a platform, got by signing in there (OAuth 2)."""

"""What CallRail knows of a company: its API v3's trackers and calls, from files or from the API itself."""

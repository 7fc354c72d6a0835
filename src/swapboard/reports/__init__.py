"""What it was worth: numbers that are defined once, for pages, API and exports alike."""

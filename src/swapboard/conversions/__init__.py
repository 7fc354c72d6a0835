"""Telling the ad platforms, and whoever else wants to know, which calls and forms were worth it."""

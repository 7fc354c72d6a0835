"""Where the slices meet: one visit, one beat, one ring, each as a job for the batch writer.

Every door (HTTP, command line, demo) does these things the same way, by calling what is here. Which module works
when, the map in docs/architecture.md tells.
"""

"""Text messages: what callers whom nobody answered are written, and what they write back."""

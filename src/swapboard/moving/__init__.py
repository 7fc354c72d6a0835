"""Moving house: a company's set-up as a file, and what other call-tracking services know of it."""

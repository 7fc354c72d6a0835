"""What an assistant may ask a Swapboard server, by the Model Context Protocol: see docs/assistants.md."""

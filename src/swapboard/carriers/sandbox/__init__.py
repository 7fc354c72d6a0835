"""A carrier to try everything with: the numbers are invented, the calls are simulated, the webhooks are real."""

from swapboard.carriers.sandbox.adapter import SandboxKind

carrier = SandboxKind()

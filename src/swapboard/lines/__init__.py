"""Own lines: telephone calls without a carrier's service in between. The flow is the same, the sound is ours."""

"""The sound of a call: RTP, G.711, tones, speech, recordings."""

"""Measures Swapboard on the machine it runs on, as ratios against the least that could be done."""

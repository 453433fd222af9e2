"""Training of the language models by either derivation, or by both in lockstep: the commands `train` and `generate`.

text -> streams of ids -> engine (one per derivation) -> optimiser -> records -> terminal, plot, JSON, .npz
"""

"""Training of the language model by either derivation, or by both in lockstep: the command `train`.

text -> streams of ids -> engine (one per derivation) -> optimiser -> records -> terminal, plot, JSON, .npz
"""

"""Where a derivation went wrong: the learner's values, statement by statement, beside those on autograd's tape."""

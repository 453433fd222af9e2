"""`python -m compare` is `tiny-autograd-rnn compare`."""

import sys

from tiny_autograd_rnn_door import run

run(["compare", *sys.argv[1:]])

"""`python -m tiny_autograd_rnn` is the command `tiny-autograd-rnn`."""

from tiny_autograd_rnn_door import main

if __name__ == "__main__":
    main()

"""The command `bench`: how long a training step takes, beside other ways to take it, and how long comparing takes."""

"""What runs in the process of a stranger's code: depends on numpy and the standard library, for stand-ins on `manual`.

`server.main` locks the process up, runs the definitions and answers requests. What is used after the stranger's code
has run is taken by name when a module is loaded: a function that is replaced in numpy or json is not the one used here.
"""

"""Independent judges over what Paraph makes: `make conformance`.

`artefacts` makes one of each through our own code, `judges` asks programs written by others, `__main__` prints their
verdicts and fails when one disagrees.
"""

"""`python -m benchmarks`: every benchmark in turn."""

from benchmarks import batch, issuing, large, levels, sealing

for each in (sealing, levels, issuing, batch, large):
    each.main()

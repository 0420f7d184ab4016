"""`python -m benchmarks`: every benchmark in turn."""

from benchmarks import batch, issuing, levels, sealing

for each in (sealing, levels, issuing, batch):
    each.main()

"""`python -m benchmarks`: every benchmark in turn; of the large ones, a small edition."""

from benchmarks import api, batch, issuing, large, levels, sealing

for each in (sealing, levels, issuing, batch, large):
    each.main()
api.main("--workflows", "20000", "--users", "2000", "--seconds", "1")

"""`python -m benchmarks`: every benchmark in turn; there is one."""

from benchmarks.sealing import main

main()

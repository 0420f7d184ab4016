"""Sign, validate, issue, time-stamp, prove: the pure core of Paraph.

Bytes, certificates, policy and *the time* come in as arguments; bytes and facts go out. Only `fetch` opens
connections and only `keys` touches private keys.
"""

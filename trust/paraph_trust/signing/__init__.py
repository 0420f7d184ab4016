"""The signing unit: keys in people's names that live for one signature, and seal keys, behind the CSC API v2."""

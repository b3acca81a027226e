"""`make load N=…`: many packets on the deployed stack while things go wrong; each is decided exactly once."""

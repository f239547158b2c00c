"""The built package tried for real; far too slow for every run. `try_deb` is the program to start.

- `clean_root` is a Debian of its own, made by debootstrap: nothing of this machine helps the package there.
- `session` is an ordinary user in it: a bus, a keyring, a home, and what the history there holds.
- `transcript` prints what is done, and what came of it.
"""

"""What every test has: the loopback server, the guards, and a clean environment."""

import os

# Before any application code: a key of the person who runs the tests must not be used by them.
for _name in (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
):
    os.environ.pop(_name, None)
for _name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
    os.environ.pop(_name, None)
os.environ["LC_ALL"] = "C.UTF-8"

pytest_plugins = ["tests.helpers.fixtures_loopback", "tests.helpers.guards"]

"""What the operating system gives: folders, settings file, resources, keyring, environment, logs, clock.

How data flows through this room:

- `paths.DataFolder` says where everything lives and makes it private; `files` writes whole files or none.
- `settings_file` reads and writes `core.settings.Settings`; `resources` finds and reads what ships with the
  program.
- `environment.take_secrets` takes keys out of the environment before any child starts; `keys.KeyringKeys`
  asks the keyring through `keyring_thread`, the one thread that touches it, and `backends` picks a backend
  that really keeps keys.
- `logs` writes to a private file and hides every key it was told of.
- `clock` is the one place that asks the time; `instance` lets one window use a data folder.
"""

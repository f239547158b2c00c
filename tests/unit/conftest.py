"""Property tests on a shared, busy machine: an example may take its time, so nothing fails for being slow."""

from hypothesis import HealthCheck, settings

settings.register_profile("sightline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sightline")

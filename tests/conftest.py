"""How many examples Hypothesis tries, without a deadline that a busy machine would miss.

The quick run tries few; `--hypothesis-profile full` tries them all.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("full"), max_examples=20)
settings.load_profile("quick")

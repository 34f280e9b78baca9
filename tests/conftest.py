"""How many examples Hypothesis tries, and the engine of the databases.

The quick run tries few examples, without a deadline that a busy machine would miss;
`--hypothesis-profile full` tries them all. `--engine postgresql` runs the tests on a PostgreSQL server that
they start themselves.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.support import postgresql_server

settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("full"), max_examples=20)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the engine of the databases"
    )


@pytest.fixture(scope="session", autouse=True)
def engine(request: pytest.FixtureRequest) -> Generator[str, None, None]:
    """The engine of the databases."""
    chosen = str(request.config.getoption("--engine"))
    if chosen == "sqlite":
        yield chosen
        return
    with postgresql_server.started():
        yield chosen


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is about the files of SQLite where the tests run on PostgreSQL."""
    if config.getoption("--engine") == "postgresql":
        for item in items:
            if item.get_closest_marker("sqlite") is not None:
                item.add_marker(pytest.mark.skip(reason="it is about SQLite's own files; run it without --engine"))

"""Benchmarks that take long are run when benchmarks are asked for, and not with the tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("benchmark_disable") and not config.getoption("benchmark_enable"):
        skip = pytest.mark.skip(reason="a long benchmark: run it with --benchmark-enable")
        for item in items:
            if "benchmarks" in item.path.parts and "slow" in item.keywords:
                item.add_marker(skip)

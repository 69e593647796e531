"""How the tests are shared out among processes: by file, so that what a file sets up is set up once, and the longest first."""

from collections.abc import Sequence
from itertools import count

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

# each test of these takes long and sets up nothing that the next one could use
ONE_BY_ONE = (
    "tests/car/test_destinations_in_the_browser.py",
    "tests/car/test_in_the_browser.py",
    "tests/car/test_no_contradictions.py",
    "tests/car/test_phones_in_the_browser.py",
    "tests/launcher/test_up.py",
)


def shares(collected: Sequence[str]) -> dict[str, str]:
    """
    To which share each test belongs: tests of a file that follow upon each other are one share.

    A file with tests of several kinds (tests/conftest.py puts them into an order) has several shares, so that the order of
    the kinds holds in every process.
    """
    found: dict[str, str] = {}
    numbers, former = count(), ""
    for test in collected:
        file = test.partition("::")[0]
        if file in ONE_BY_ONE:
            found[test] = test
        else:
            if file != former:
                number = next(numbers)
            found[test] = f"{file} {number}"
        former = file
    return found


class ByFile(LoadScopeScheduling):
    """Whoever has nothing left takes the next share, in the order of the tests."""

    def schedule(self) -> None:
        if self.collection is None:
            self._shares = shares(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._shares[nodeid]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    config.option.loadscopereorder = False  # the order of the tests is one of its own: see tests/conftest.py
    return ByFile(config, log)

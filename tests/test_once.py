import threading

import pytest

from advisor.once import Once, in_background


def test_a_thing_is_made_once_however_many_threads_ask() -> None:
    made: list[int] = []
    begin = threading.Barrier(8)

    def make() -> int:
        made.append(1)
        return len(made)

    once = Once(make)
    given: list[int] = []

    def ask() -> None:
        begin.wait()
        given.append(once())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, given) == ([1], [1] * 8)


def test_after_an_error_it_is_tried_again() -> None:
    outcomes = iter([ValueError("not yet"), "made"])

    def make() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    once = Once(make)
    with pytest.raises(ValueError, match="not yet"):
        once()
    assert once() == once() == "made"


def test_what_fails_in_the_background_disturbs_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    done = threading.Event()

    def fail() -> None:
        raise ValueError("nobody needs to know")

    in_background(fail, done.set)
    assert done.wait(10)
    assert capfd.readouterr().err == ""

"""Time-outs that leave Ctrl-C alone."""

from __future__ import annotations

import asyncio

import pytest

from techtool.timeouts import timeout_at


async def test_what_was_cancelled_while_it_ran_is_not_timed_out() -> None:
    async def waits() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()  # as a signal does
        async with timeout_at(asyncio.get_running_loop().time() - 1):
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(waits())
    assert task.cancelled()


@pytest.mark.parametrize("left", [-1.0, 0.0, 0.01])
async def test_a_time_out_is_one(left: float) -> None:
    with pytest.raises(TimeoutError):
        async with timeout_at(asyncio.get_running_loop().time() + left):
            await asyncio.Event().wait()


async def test_what_is_there_in_time_is_had() -> None:
    async with timeout_at(None):
        assert await asyncio.sleep(0, "it") == "it"

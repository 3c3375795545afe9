"""Jobs: awaited, waited for, iterated, cancelled, from every side."""

from __future__ import annotations

import _thread
import asyncio
import threading
import time

import pytest

from reelframe import errors, jobs
from reelframe.jobs import BackgroundLoop, CancelToken, Job, Progress


async def count(report):
    for i in range(3):
        report(Progress("count", i / 2))
        await asyncio.sleep(0.01)
    return "done"


async def forever(report):
    report(Progress("wait"))
    await asyncio.sleep(3600)


async def fail(_report):
    raise errors.PlanError("No such clip.")


FRACTIONS = [0.0, 0.5, 1.0]


def test_result_waits_and_keeps_the_events():
    job = Job(count, name="count")
    assert job.result(5) == "done"
    assert [e.fraction for e in job.events] == FRACTIONS
    assert job.state == "done"
    assert job.progress.fraction == 1.0
    assert repr(job) == "<Job count: done 100%>"


def test_iterating_gives_every_event_in_order_also_afterwards():
    job = Job(count)
    assert [e.fraction for e in job] == FRACTIONS
    assert [e.fraction for e in job] == FRACTIONS


async def test_awaiting_and_iterating_on_another_loop():
    job = Job(count)
    assert [e.fraction async for e in job] == FRACTIONS
    assert await job == "done"
    assert await job == "done"


def test_an_error_of_the_work_is_raised_where_it_is_waited_for():
    job = Job(fail)
    with pytest.raises(errors.PlanError, match="No such clip"):
        job.result(5)
    with pytest.raises(errors.PlanError):
        list(job)
    assert job.state == "failed"
    assert isinstance(job.exception(), errors.PlanError)


def test_cancelling_ends_the_work_and_says_so():
    job = Job(forever)
    next(iter(job))
    assert job.cancel()
    with pytest.raises(errors.JobCancelledError):
        job.result(5)
    assert job.state == "cancelled"
    assert not job.cancel()


async def test_giving_up_an_await_leaves_the_work_alone():
    job = Job(forever)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await job
    assert job.state == "running"
    job.cancel()
    with pytest.raises(errors.JobCancelledError):
        await job


def test_a_timeout_of_the_wait_is_not_the_end_of_the_work():
    job = Job(forever)
    with pytest.raises(TimeoutError):
        job.result(0.05)
    assert not job.done()
    job.cancel()


def test_a_timeout_of_the_work_itself_is_its_result():
    async def late(_report):
        raise TimeoutError("the work's own")

    with pytest.raises(TimeoutError, match="the work's own"):
        Job(late).result(5)


def test_an_interrupt_cancels_the_work():
    job = Job(forever)
    next(iter(job))
    threading.Timer(0.2, _thread.interrupt_main).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        job.result()
    assert time.monotonic() - began < 2
    with pytest.raises(errors.JobCancelledError):
        job.result(5)


def test_subscribers_hear_the_past_the_future_and_the_end():
    job, heard = Job(count), []
    job.result(5)
    leave = job.subscribe(heard.append)
    assert [e and e.fraction for e in heard] == [*FRACTIONS, None]
    leave()


def test_the_background_loop_refuses_to_wait_for_itself():
    async def inner():
        return 1

    async def outer():
        return jobs.background().run(inner())

    with pytest.raises(RuntimeError, match="wait for itself"):
        jobs.background().run(outer())


def test_a_loop_of_ones_own_ends_with_its_tasks():
    loop = BackgroundLoop("own")
    future = loop.submit(asyncio.sleep(3600))
    loop.stop()
    assert future.cancelled()
    assert not loop.thread.is_alive()


def test_a_cancel_token_raises_once_it_is_raised():
    token = CancelToken()
    token.check()
    token.cancel()
    assert token.cancelled
    with pytest.raises(errors.JobCancelledError):
        token.check()


def test_run_waits_outside_a_loop():
    assert jobs.run(asyncio.sleep(0, "x")) == "x"


@pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")
def test_run_waits_inside_a_running_loop_for_what_belongs_to_it():
    # In a process of its own: nest_asyncio changes asyncio for good.
    import subprocess
    import sys

    code = """
import asyncio, reelframe as rf
async def cell():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.05, future.set_result, 7)
    return rf.run(future)
print(asyncio.run(cell()))
"""
    out = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "7"

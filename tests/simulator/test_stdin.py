import io

from techtool.simulator.stdin import typed_lines


async def test_lines_come_without_their_ends_until_the_end() -> None:
    assert [line async for line in typed_lines(io.StringIO("plug 1\r\n\nquit"))] == ["plug 1", "", "quit"]


async def test_a_closed_source_is_the_end() -> None:
    source = io.StringIO("x")
    source.close()
    assert [line async for line in typed_lines(source)] == []

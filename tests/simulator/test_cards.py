from techtool.simulator.cards import Cards, Standing

GOOD = Standing("Accepted")


def test_the_list_goes_before_the_cache_and_case_does_not_count() -> None:
    cards = Cards()
    cards.learn("AbC", GOOD)
    assert cards.known("aBc", True, True) == GOOD
    assert cards.known("abc", True, False) is None
    cards.update(1, True, [("ABC", Standing("Blocked"))], 10)
    assert cards.known("abc", True, True) == Standing("Blocked")
    assert cards.known("abc", False, True) == GOOD


def test_updates() -> None:
    cards = Cards()
    assert cards.update(3, True, [("A", GOOD), ("B", GOOD)], 2) == "Accepted"
    assert cards.update(3, False, [("C", GOOD)], 9) == "VersionMismatch"
    assert cards.update(4, False, [("C", GOOD)], 2) == "Failed"
    assert cards.update(4, False, [("A", None), ("C", GOOD)], 2) == "Accepted"
    assert sorted(cards.local) == ["b", "c"]
    assert cards.version == 4

from techtool.simulator.cards import Cards, Standing, with_crc

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


def test_the_crc_is_the_one_that_a_smartevse_sent() -> None:
    assert with_crc("04656B82EB2C80") == "04656B82EB2CDD"
    assert with_crc("04a1b2c3") == "04A1B2C30000" + with_crc("04A1B2C30000")[-2:], "short ones are filled up"
    assert with_crc("CARD-1") == "CARD-1"

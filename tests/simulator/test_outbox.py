from techtool.simulator.outbox import Message, Outbox


def message(action: str, kept: bool = False, early: bool = False, not_before: float = 0) -> Message:
    return Message(action, dict, kept=kept, early=early, not_before=not_before)


def order(outbox: Outbox, now: float = 0, accepted: bool = True) -> list[str]:
    found = []
    while (taken := outbox.take(now, accepted)) is not None:
        found.append(taken.action)
    return found


def test_first_in_first_out() -> None:
    outbox = Outbox()
    for action in "abc":
        outbox.add(message(action))
    assert outbox.has("b")
    assert order(outbox) == ["a", "b", "c"]
    assert len(outbox) == 0


def test_before_the_boot_only_what_is_early() -> None:
    outbox = Outbox()
    outbox.add(message("status"))
    outbox.add(message("boot", early=True))
    assert order(outbox, accepted=False) == ["boot"]
    assert order(outbox) == ["status"]


def test_kept_ones_do_not_overtake_each_other_but_others_do() -> None:
    outbox = Outbox()
    outbox.add(message("start", kept=True, not_before=60))
    outbox.add(message("status"))
    outbox.add(message("stop", kept=True))
    assert order(outbox, now=59) == ["status"]
    assert order(outbox, now=60) == ["start", "stop"]


def test_a_lost_link_leaves_the_kept_ones() -> None:
    outbox = Outbox()
    first = message("start", kept=True)
    for one in (first, message("status"), message("stop", kept=True)):
        outbox.add(one)
    assert [one.action for one in outbox.lose()] == ["status"]
    assert outbox.has_kept()
    taken = outbox.take(0, True)
    assert taken is first
    outbox.back(first)
    outbox.double()
    assert order(outbox) == ["start", "start", "stop", "stop"]


def test_doubled_with_the_same_id_or_with_each_its_own() -> None:
    outbox = Outbox()
    outbox.add(message("start", kept=True))
    outbox.double(iter("ab").__next__)
    assert [one.id for one in (outbox.take(0, True), outbox.take(0, True)) if one is not None] == ["a", "a"]
    outbox.add(message("stop", kept=True))
    outbox.double()
    assert [one.id for one in (outbox.take(0, True), outbox.take(0, True)) if one is not None] == [None, None]

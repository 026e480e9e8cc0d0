from __future__ import annotations

import pytest

from techtool.csms.listener import ListenError, Listening
from techtool.csms.policy import Policy
from techtool.interfaces import Holder
from techtool.screens.desk import Desk
from techtool.screens.link import Address, Retry
from techtool.screens.qr import QrCode, modules
from techtool.screens.widgets.dialogs import Dialog
from techtool.screens.widgets.sheet import Sheet
from techtool.session import Session
from techtool.station.records import Kind
from tests.screens.making import SEEN, Visit, over, pages, running, settled, shown
from tests.screens.openevse import at_openevse


async def test_empty_state_says_where_a_charger_must_call(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        text = shown(app)
        assert "no charger yet" in text
        assert "listening on 9000, 00:00:00" in text
        assert "It must call this laptop; this laptop never calls it." in text
        assert "ws://192.168.1.50:9000/   eth0    cable, same network as the charger?" in text
        assert "ws://169.254.7.3:9000/    eth1    no DHCP here: give the charger 169.254.x.x" in text
        assert "3 more" in text and "127.0.0.1" not in text
        assert "Not encrypted, no password." in text
        assert "Nothing has reached" not in text
        visit.clock.advance(125)
        pages(app).tick()
        await pilot.pause()
        assert "listening on 9000, 00:02:05" in shown(app)
        text = " ".join(shown(app).split())
        assert "Nothing has reached port 9000. Check cable, same subnet, and this laptop's firewall" in text
        assert "In a charger, localhost and 127.0.0.1 mean the charger itself." in text


LONG = "\n Most chargers add their own name at the end. If yours wants a full URL, add it:\n"
SHORT = "\n Most chargers add their own name. If yours wants a full URL, add it:\n"


@pytest.mark.parametrize(
    ("size", "knocks", "said"),
    [((80, 24), 0, LONG), ((80, 24), 3, SHORT), ((80, 60), 3, LONG), ((79, 24), 0, SHORT)],
)
async def test_what_chargers_add_to_the_url_is_told_in_one_line(
    visit: Visit, size: tuple[int, int], knocks: int, said: str
) -> None:
    for number in range(knocks):
        visit.knock(("tls-on-plain", "no-identity", "http")[number], connection=10 + number)
    app = visit.app()
    async with running(app, size):
        assert said in shown(app), "a scroll bar takes the column that the whole sentence needs"


async def test_folded_addresses_open_with_enter(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("down", "down", "down", "enter")
        await pilot.pause()
        assert "ws://127.0.0.1:9000/" in shown(app)
        assert "more" not in shown(app)


async def test_the_marked_url_is_copied_and_shown_as_qr_code(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        assert pages(app).query_one("#link-sheet", Sheet).key == Address("192.168.1.50")
        await pilot.press("down")
        assert pages(app).page.copied() == "ws://10.42.0.1:9000/"
        await pilot.press("Q")
        await pilot.pause()
        assert isinstance(app.screen, QrCode)
        assert "ws://10.42.0.1:9000/" in shown(app)
        await pilot.press("x")
        await pilot.pause()
        assert not isinstance(app.screen, QrCode)


def test_a_qr_code_fits_a_small_terminal() -> None:
    rows = modules("ws://192.168.100.100:65535/CHARGER-0001")
    assert len(rows) <= 40
    assert not any(rows[0]) and not any(row[0] for row in rows)


async def test_knocks_tell_reason_and_cure_and_open(visit: Visit) -> None:
    visit.knock()
    visit.clock.advance(12)
    visit.knock(connection=10)
    app = visit.app()
    async with running(app) as pilot:
        text = shown(app)
        assert "last one 00:00:00 ago" in text
        assert "192.168.1.77     spoke TLS on a plain port (TLS 1.2)  x2" in text
        assert "-> The charger says wss://. Set its URL to ws://" in text
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        assert "16 03 01 00 a5" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, Dialog)


async def test_chargers_behind_one_address_are_told_apart_and_each_opens(visit: Visit) -> None:
    for number, identity in enumerate(("BOX1", "BOX2", "BOX1"), start=11):
        visit.note(Kind.OPENED, {"wire": "ocpp", "peer": f"192.168.1.77:{number}"}, number)
        visit.note(Kind.LINKED, {"identity": identity, "protocol": "ocpp1.6"}, number)
        visit.note(Kind.CLOSED, {"code": 1000, "by": "charger"}, number)
    app = visit.app()
    async with running(app, size=(100, 40)) as pilot:
        text = shown(app)
        assert "hung up without a BootNotification (BOX1, after 0 s)  x2" in text
        assert "hung up without a BootNotification (BOX2, after 0 s)\n" in text.replace(" \n", "\n")
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog) and "(BOX2, after 0 s)" in shown(app)


async def test_a_port_in_use_names_its_holder_and_offers_the_next(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.session.listening = None
    ports: list[int] = []

    async def start() -> None:
        raise ListenError("Port 9000 is in use by another program.")

    async def listen(host: str, port: int) -> None:
        ports.append(port)

    monkeypatch.setattr("techtool.interfaces.holder", lambda port: Holder(4123, "minicom"))
    monkeypatch.setattr(visit.session, "listen", listen)
    app = visit.app(start=start)
    async with running(app) as pilot:
        text = shown(app)
        assert "!! Port 9000 is in use by another program." in text
        assert "It is held by minicom (pid 4123)." in text
        assert "!! not listening" in text
        sheet = pages(app).query_one("#link-sheet", Sheet)
        sheet.go(Retry(9001))
        await pilot.press("enter")
        await settled(pilot)
        assert ports == [9001]
        assert pages(app).desk.network.problem is None


async def test_a_port_is_taken_as_soon_as_it_is_free(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.session.listening = None
    held: list[Holder | None] = [Holder(4123, "minicom")]
    tries = 0

    async def start() -> None:
        nonlocal tries
        tries += 1
        if held:
            raise ListenError("Port 9000 is in use by another program.")
        visit.session.listening = Listening("0.0.0.0", 9000)

    monkeypatch.setattr("techtool.interfaces.holder", lambda port: held[0])
    app = visit.app(start=start)
    async with running(app) as pilot:
        network = pages(app).desk.network
        assert "It is held by minicom (pid 4123)." in shown(app)
        held[0] = Holder(4321, "socat")
        network.try_again()
        await settled(pilot)
        assert "It is held by socat (pid 4321)." in shown(app)
        drawn = network.changes
        network.try_again()
        await settled(pilot)
        assert network.changes == drawn and tries == 3
        held.clear()
        network.try_again()
        await settled(pilot)
        assert "listening on 9000" in shown(app) and "Waiting for a charger" in shown(app)
        assert "in use" not in shown(app) and "held by" not in shown(app)
        network.try_again()
        await settled(pilot)
        assert tries == 4, "it is open"


async def test_a_port_that_is_not_wanted_any_more_is_not_tried_again(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.session.listening = None
    tried: list[int] = []

    async def start() -> None:
        tried.append(9000)
        raise ListenError("Port 9000 is in use by another program.")

    async def listen(host: str, port: int) -> None:
        tried.append(port)
        raise ListenError(f"Port {port} is in use by another program.")

    monkeypatch.setattr("techtool.interfaces.holder", lambda port: None)
    monkeypatch.setattr(visit.session, "listen", listen)
    app = visit.app(start=start)
    async with running(app) as pilot:
        network = pages(app).desk.network
        network.try_again()
        network.listen_again(9001)
        await settled(pilot)
        network.try_again()
        await settled(pilot)
        assert tried == [9000, 9001, 9001]
        assert "Port 9001 is in use by another program." in shown(app)
        at_openevse(visit)
        network.try_again()
        await settled(pilot)
        assert len(tried) == 3, "a service port is used instead"


async def test_no_demo_charger_is_offered_while_nothing_listens(visit: Visit) -> None:
    visit.session.listening = None
    started: list[str] = []

    async def start() -> None:
        raise ListenError("Port 9000 is in use by another program.")

    async def demo() -> None:
        started.append("demo")

    app = visit.app(start=start, demo=demo)
    async with running(app) as pilot:
        assert "d demo charger" not in shown(app)
        await pilot.press("d")
        await settled(pilot)
        assert "Nothing listens: choose another port first" in shown(app)
        await pilot.press("6")
        await settled(pilot)
        assert "Nothing has passed yet. Press o to open a saved trace." in shown(app)
        await pilot.press("question_mark", *"demo")
        await pilot.pause()
        assert "not now: Nothing listens" in shown(app)
        await pilot.press("escape", "1")
        visit.session.listening = Listening("0.0.0.0", 9001)
        pages(app).desk.network.problem = None
        await settled(pilot)
        assert any(one.key == "d" for one in pages(app).page.hints)
        assert not started
        await pilot.press("d")
        await settled(pilot)
        assert started == ["demo"]


async def test_what_fails_beside_the_screen_is_told(visit: Visit) -> None:
    visit.session.listening = None

    async def start() -> None:
        raise RuntimeError("no such thing")

    app = visit.app(start=start)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        await pilot.pause()
        await pilot.pause()
        for _ in range(20):
            if "no such thing" in shown(app):
                break
            await pilot.pause(0.05)
        assert "no such thing" in shown(app)


async def test_without_a_network_it_says_so(visit: Visit) -> None:
    app = visit.app(look_for_interfaces=list)
    async with running(app) as pilot:
        assert "no network address now" in shown(app)
        await pilot.press("y")
        await settled(pilot)
        assert "Nothing is marked." in shown(app)


async def test_a_replay_says_that_nobody_can_call(visit: Visit) -> None:
    visit.charging()
    records = list(visit.session.tape.since(0))
    visit.clock.advance(86_400)
    session = Session(None)
    replay = Desk(session, lambda: session.replay(records), clock=visit.clock, look_for_interfaces=lambda: SEEN)
    app = over(replay)
    async with running(app) as pilot:
        assert "OK 00:10:20" in shown(app), "ages are those of the visit"
        assert "replay" in shown(app)
        assert pages(app).switcher.current == "trace"
        await pilot.press("1")
        await pilot.pause()
        assert "This is a visit from the journal: nobody can call it." in shown(app)


async def test_who_was_turned_away_can_be_let_in(visit: Visit) -> None:
    visit.session.set_policy(Policy(identity="CP1", password=b"geheim"))
    visit.knock("other-identity", "CP2")
    visit.knock("tls-on-plain", connection=10)
    app = visit.app()
    async with running(app) as pilot:
        assert "-> Start techtool without --id to let it in. Or press a here." in shown(app)
        await pilot.press("end", "up", "a")
        await settled(pilot)
        assert "Go to a knock that can be let in" in shown(app)
        await pilot.press("end", "a")
        await settled(pilot)
        assert visit.session.policy.identity is None
        assert visit.session.policy.password == b"geheim", "only what was asked for"
        assert "press a here" not in shown(app)


async def test_who_speaks_no_known_version_is_not_said_to_be_let_in(visit: Visit) -> None:
    visit.session.set_policy(Policy(protocols=("ocpp1.6",)))
    visit.knock("unknown-subprotocol", "offered ocpp1.2, ocpp1.5")
    app = visit.app()
    async with running(app) as pilot:
        assert "offered no OCPP version" in shown(app)
        assert "press a here" not in " ".join(shown(app).split())
        await pilot.press("end", "a")
        await settled(pilot)
        assert "Go to a knock that can be let in" in shown(app)
        visit.knock("unknown-subprotocol", "offered ocpp1.5, ocpp2.0.1", connection=10)
        pages(app).tick()
        await pilot.pause()
        assert "Or press a here." in " ".join(shown(app).split())
        await pilot.press("end", "a")
        await settled(pilot)
        assert "It is let in when it calls again" in shown(app)
        assert "ocpp2.0.1" in visit.session.policy.protocols


async def test_after_the_last_port_there_is_none(visit: Visit) -> None:
    visit.session.listening = None

    async def start() -> None:
        raise ListenError("Port 65535 is in use by another program.")

    app = visit.app(start=start, port=65_535)
    async with running(app):
        assert "Try port 65535 again" in shown(app)
        assert "65536" not in shown(app)


async def test_a_password_is_asked_for_and_taken_back(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        assert "Not encrypted, no password. To want a password press s." in shown(app)
        await pilot.press("s", *"0123456789abcdef")
        await pilot.pause()
        assert "0123" not in shown(app), "it is not shown"
        await pilot.press("enter")
        await settled(pilot)
        assert visit.session.policy.password == b"0123456789abcdef"
        assert "with a password (HTTP Basic). To change it press s." in shown(app)
        await pilot.press("s", "escape")
        await settled(pilot)
        assert visit.session.policy.password is not None
        await pilot.press("s", "enter")
        await settled(pilot)
        assert visit.session.policy.password is None


async def test_the_answer_to_boots_is_chosen_and_told(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        assert "BootNotifications" not in shown(app)
        await pilot.press("b", "down", "down", "enter")
        await settled(pilot)
        policy = visit.session.policy
        assert (policy.boot_status, policy.heartbeat_interval) == ("Pending", 60)
        assert "BootNotifications are answered Pending, interval 60 s. To change it press b." in shown(app)
        await pilot.press("b", "enter")
        await settled(pilot)
        assert visit.session.policy == policy, "the cursor stands on what holds"
        await pilot.press("b", "end", "enter")
        await settled(pilot)
        assert visit.session.policy.strict
        assert "What a 2.x charger sends before it is accepted is refused." in " ".join(shown(app).split())
        await pilot.press("b", "end", "up", "enter")
        await settled(pilot)
        await pilot.press("backspace", "backspace", "0", "enter")
        await settled(pilot)
        assert visit.session.policy.heartbeat_interval == 60
        await pilot.press("b", "end", "up", "enter")
        await settled(pilot)
        await pilot.press("backspace", "backspace", "2", "5", "enter")
        await settled(pilot)
        assert visit.session.policy.heartbeat_interval == 25
        await pilot.press("b", "escape")
        await settled(pilot)
        assert visit.session.policy.boot_status == "Pending"


async def test_space_stops_the_page_and_says_so(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "space")
        await pilot.pause()
        assert "PAUSED: space to go on" in shown(app)
        visit.status(2, "Preparing")
        pages(app).tick()
        await pilot.pause()
        assert "Preparing       " not in shown(app).split("Last events")[0]
        await pilot.press("space")
        await pilot.pause()
        assert "PAUSED" not in shown(app)
        assert "Preparing       " in shown(app).split("Last events")[0]

"""A charger is called the same in all of an export, in whatever order and spelling its identity comes."""

from __future__ import annotations

import base64
import json
import re
from itertools import permutations

import pytest

from techtool.journal.reading import VisitRow
from techtool.journal.redact import Redactor, redacted
from techtool.journal.redact_identities import identities_in
from techtool.station.records import Direction, Kind, Record, moment
from tests.journal.making import note, record

KEY = b"of the tests"
PASSWORD = "hunter2hunter2"


def request(path: str, user: str | None, *, number: int = 1, connection: int = 1, more: str = "") -> Record:
    credentials = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
    login = f"Authorization: Basic {credentials}\r\n" if user is not None else ""
    head = f"GET {path} HTTP/1.1\r\nHost: 10.0.0.1:9000\r\n{login}{more}\r\n"
    return record(number, head.encode(), Kind.REQUEST, connection=connection)


def linked(identity: str, path: str, user: str | None, *, number: int = 2, connection: int = 1) -> Record:
    data = {"identity": identity, "protocol": "ocpp1.6", "path": path, "user": user}
    return note(number, Kind.LINKED, json.dumps(data).encode(), connection)


def knock(reason: str, detail: str, *, number: int = 2, connection: int = 1) -> Record:
    return note(number, Kind.KNOCK, json.dumps({"reason": reason, "detail": detail}).encode(), connection)


def exported(records: list[Record], *, identities: bool = False) -> list[str]:
    result = redacted(lambda: records, Redactor(KEY, identities=identities))
    return [one.data.decode() for one in result]


def user_in(head: str) -> str:
    found = re.search(r"Basic (\S+)", head)
    assert found is not None
    return base64.b64decode(found[1]).decode().partition(":")[0]


def path_in(head: str) -> str:
    return head.split(" ")[1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_user_name_that_is_the_identity_stays_in_any_order(order: tuple[int, ...]) -> None:
    records = [
        request("/CHARGER7", "CHARGER7"),
        linked("CHARGER7", "/CHARGER7", "CHARGER7"),
        record(3, b'[2,"1","DataTransfer",{"data":"I am CHARGER7"}]'),
    ]
    lines = exported([records[index] for index in order])
    head, told, said = (lines[order.index(index)] for index in range(3))
    assert path_in(head) == "/CHARGER7"
    assert user_in(head) == "CHARGER7"
    assert PASSWORD not in base64.b64decode(head.partition("Basic ")[2].split()[0]).decode()
    assert told == records[1].data.decode()
    assert said == records[2].data.decode()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_on_demand_it_gets_one_name_in_any_order(order: tuple[int, ...]) -> None:
    records = [
        request("/CHARGER7", "CHARGER7"),
        linked("CHARGER7", "/CHARGER7", "CHARGER7"),
        record(3, b'[2,"1","BootNotification",{"chargeBoxSerialNumber":"CHARGER7"}]'),
    ]
    lines = exported([records[index] for index in order], identities=True)
    head, told, said = (lines[order.index(index)] for index in range(3))
    facts = json.loads(told)
    name = facts["identity"]
    assert name.startswith("identity-")
    assert facts["path"] == path_in(head) == f"/{name}"
    assert facts["user"] == user_in(head) == name
    assert json.loads(said)[3]["chargeBoxSerialNumber"] == name


SPELLINGS = [
    ("CHARGER7", "/ocpp/CHARGER7", "charger7"),
    ("charger7", "/ocpp/charger7", "CHARGER7"),
    ("CP 0001", "/CP%200001", "CP 0001"),
    ("CP 0001", "/CP%200001", "CP%200001"),
    ("CP 0001", "/CP%200001", "cp%200001"),
    ("CHARGER7", "/%43HARGER7", "CHARGER7"),
    ("DE*ABC:7", "/DE*ABC:7", "DE%2AABC%3A7"),
    ("Säule-12", "/S%C3%A4ule-12", "S%c3%a4ule-12"),
]


@pytest.mark.parametrize(("identity", "path", "user"), SPELLINGS)
def test_other_spellings_stay(identity: str, path: str, user: str) -> None:
    records = [request(path, user), linked(identity, path, user)]
    head, told = exported(records)
    assert (path_in(head), user_in(head)) == (path, user)
    assert json.loads(told) == json.loads(records[1].data)


@pytest.mark.parametrize(("identity", "path", "user"), SPELLINGS)
def test_other_spellings_get_the_same_name_on_demand(identity: str, path: str, user: str) -> None:
    head, told = exported([request(path, user), linked(identity, path, user)], identities=True)
    facts = json.loads(told)
    name = facts["identity"]
    assert name.startswith("identity-")
    assert user_in(head) == facts["user"] == name
    assert path_in(head).rpartition("/")[2] == facts["path"].rpartition("/")[2] == name


@pytest.mark.parametrize("identities", [False, True])
@pytest.mark.parametrize("user", ["eve.adams", "eve"])
def test_another_user_name_has_one_pseudonym(user: str, identities: bool) -> None:
    lines = exported(
        [
            request("/CP1", user),
            linked("CP1", "/CP1", user),
            knock("wrong-password", f"user {user}, 14 bytes of password", number=3),
            knock("x", f"The user name {user} is not the identity CP1: other back offices will refuse this."),
        ],
        identities=identities,
    )
    name = user_in(lines[0])
    assert name.startswith("user-")
    assert json.loads(lines[1])["user"] == name
    assert f"user {name}," in lines[2]
    assert f"name {name} is not" in lines[3]
    assert ("CP1" in lines[0] + lines[1] + lines[3]) is not identities


def test_a_user_name_that_is_part_of_the_identity_leaves_it_whole() -> None:
    lines = exported([request("/EVSE-0001", "EVSE"), linked("EVSE-0001", "/EVSE-0001", "EVSE")])
    assert path_in(lines[0]) == "/EVSE-0001"
    assert user_in(lines[0]) == json.loads(lines[1])["user"] != "EVSE"
    assert json.loads(lines[1])["identity"] == "EVSE-0001"


REFUSED = [
    [request("/ocpp/CHARGER7", "CHARGER7"), knock("wrong-password", "user CHARGER7, 14 bytes of password")],
    [request("/ocpp/CHARGER7?x=/y", "charger7"), knock("unknown-subprotocol", "offered none")],
    [request("/ocpp/CHARGER7", None), knock("no-password", "CHARGER7")],
    [knock("other-identity", "CHARGER7"), request("/", "CHARGER7")],
    [record(1, b"GET /CHARGER7 HTTP/1.1\r\nAuthorization: Basic Q0hBUkdFUjc6aHVudGVyMg==\r\nHo", Kind.NOISE)],
]


@pytest.mark.parametrize("records", REFUSED)
def test_a_refused_charger_is_called_by_its_path(records: list[Record]) -> None:
    text = record(9, b'[2,"1","DataTransfer",{"data":"CHARGER7 again"}]')
    lines = exported([*records, text])
    assert lines[-1] == text.data.decode()
    assert "user-" not in "".join(lines)
    for line in lines:
        if "Basic" in line:
            assert user_in(line).upper() == "CHARGER7"
    hidden = exported([*records, text], identities=True)
    names = {*re.findall(r"identity-\w+", "".join(hidden)), *(user_in(one) for one in hidden if "Basic" in one)}
    assert len(names) == 1
    assert "charger7" not in "".join(hidden).lower()


@pytest.mark.parametrize("identities", [False, True])
def test_several_chargers_in_one_visit(identities: bool) -> None:
    records = []
    for connection, name in enumerate(("CHARGER7", "CHARGER8", "EVSE-3"), 1):
        user = "CHARGER8" if name == "CHARGER7" else name
        records.append(request(f"/{name}", user, number=2 * connection - 1, connection=connection))
        records.append(linked(name, f"/{name}", user, number=2 * connection, connection=connection))
    lines = exported(records, identities=identities)
    facts = [json.loads(line) for line in lines[1::2]]
    names = [one["identity"] for one in facts]
    assert len(set(names)) == 3
    assert (names == ["CHARGER7", "CHARGER8", "EVSE-3"]) is not identities
    assert [path_in(line) for line in lines[::2]] == [f"/{name}" for name in names]
    assert [user_in(line) for line in lines[::2]] == [names[1], names[1], names[2]]


@pytest.mark.parametrize("identities", [False, True])
@pytest.mark.parametrize(
    "telling",
    [
        b'[3,"1",{"configurationKey":[{"key":"AuthorizationKey","value":"CHARGER7"}]}]',
        b'[2,"1","Authorize",{"idTag":"CHARGER7"}]',
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_an_identity_that_is_a_password_too_is_hidden(telling: bytes, late: bool, identities: bool) -> None:
    records = [request("/CHARGER7", "CHARGER7"), linked("CHARGER7", "/CHARGER7", "CHARGER7")]
    secret = record(3, telling)
    lines = exported([*records, secret] if late else [secret, *records], identities=identities)
    assert "CHARGER7" not in "".join(lines)
    head, told = lines[:2] if late else lines[1:]
    name = json.loads(told)["identity"]
    assert user_in(head) == name == path_in(head)[1:] == json.loads(told)["user"]


def test_the_visit_knows_what_its_records_told() -> None:
    records = [request("/CHARGER7", "CHARGER7"), linked("CHARGER7", "/CHARGER7", "CHARGER7")]
    row = VisitRow(1, moment(0), None, f"CHARGER7 with {PASSWORD}", "1", ("CHARGER7",), (), 2, 0, 0)
    for identities in (False, True):
        redactor = Redactor(KEY, identities=identities)
        lines = [one.data.decode() for one in redacted(lambda: records, redactor)]
        shown = redactor.visit(row)
        assert shown.identities == (json.loads(lines[1])["identity"],)
        assert shown.title.split(" ")[0] == shown.identities[0]
        assert PASSWORD not in shown.title
    redactor = Redactor(KEY, identities=True)
    without_first_pass = redacted(lambda: records, redactor)
    assert redactor.visit(row).identities[0].startswith("identity-"), "before the records are taken"
    assert len(list(without_first_pass)) == 2


def test_a_browser_names_no_charger() -> None:
    page = record(1, b"GET /info HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n", Kind.REQUEST)
    status = record(2, b'[2,"1","StatusNotification",{"info":"info"}]')
    assert exported([page, status], identities=True)[1] == status.data.decode()


@pytest.mark.parametrize(
    ("data", "kind", "identities"),
    [
        (b"GET /a/CP%201?x HTTP/1.1\r\n\r\n", Kind.REQUEST, ["CP 1", "CP%201"]),
        (b"GET //CP1// HTTP/1.1\r\n\r\n", Kind.REQUEST, ["CP1", "CP1"]),
        (b"GET /my charger\r\n\r\n", Kind.REQUEST, ["my charger", "my charger"]),
        (b"GET / HTTP/1.1\r\n\r\n", Kind.REQUEST, []),
        (b"", Kind.REQUEST, []),
        (b"GET /CP", Kind.NOISE, []),
        (b"GET /CP1 HTTP/1.1", Kind.NOISE, []),
        (b"\x16\x03\x01 /CP1 HTTP/1.1\r\n", Kind.NOISE, []),
        (b'{"identity":17,"path":["x"]}', Kind.LINKED, []),
        (b"not JSON", Kind.LINKED, []),
        (b'{"reason":["other-identity"],"detail":"CP1"}', Kind.KNOCK, []),
        (b'{"reason":"silent","detail":"CP1"}', Kind.KNOCK, []),
        (b"GET /CP1 HTTP/1.1\r\n", Kind.TEXT, []),
    ],
)
def test_which_records_name_one(data: bytes, kind: Kind, identities: list[str]) -> None:
    assert list(identities_in(Record(1, 1, 0, 0, Direction.CHARGER, kind, data))) == identities

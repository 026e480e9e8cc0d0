from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from techtool.journal import jsonl
from techtool.journal.reading import VisitRow
from techtool.journal.recordings import load, parse
from techtool.journal.redact import Redactor, redacted
from techtool.journal.redact_names import FIELDS, IDENTITIES, label_of, suspicious
from techtool.station.records import Direction, Kind, Record, moment
from tests.journal.making import note, record

FRAMES = sorted((Path(__file__).parents[1] / "frames").glob("*.jsonl"))
KEY = b"of the tests"


def shown(data: bytes | str | list[Any], kind: Kind = Kind.TEXT, *, identities: bool = False) -> str:
    if isinstance(data, list):
        data = json.dumps(data)
    given = data.encode() if isinstance(data, str) else data
    return Redactor(KEY, identities=identities).redact(record(1, given, kind)).data.decode("utf-8", "replace")


def values(message: list[Any]) -> Any:
    return json.loads(shown(message))


def exported(records: list[Record], *, identities: bool = False) -> list[str]:
    result = redacted(lambda: records, Redactor(KEY, identities=identities))
    return [r.data.decode("utf-8", "replace") for r in result]


@pytest.mark.parametrize(
    ("payload", "secret"),
    [
        ({"idTag": "04A1B2C3"}, "04A1B2C3"),
        ({"idTagInfo": {"status": "Accepted", "parentIdTag": "PARENT7"}}, "PARENT7"),
        ({"listVersion": 1, "localAuthorizationList": [{"idTag": "LISTED1"}]}, "LISTED1"),
        ({"idToken": {"idToken": "TOKEN9", "type": "ISO14443"}}, "TOKEN9"),
        ({"idToken": {"idToken": "", "additionalInfo": [{"additionalIdToken": "MORE55", "type": "x"}]}}, "MORE55"),
        ({"idTokenInfo": {"groupIdToken": {"idToken": "GROUP1", "type": "Central"}}}, "GROUP1"),
        ({"idTokenInfo": {"personalMessage": {"format": "UTF8", "content": "Hello Eve"}}}, "Hello Eve"),
        ({"idTokenInfo": {"personalMessageExtra": [{"format": "UTF8", "content": "Hello Eve"}]}}, "Hello Eve"),
        ({"prioritizedEMAIDs": {"emaid": ["DEABCC12345678"]}}, "DEABCC12345678"),
        ({"iccid": "8949000000012345678", "imsi": ""}, "8949000000012345678"),
        ({"modem": {"imsi": "262011234567890"}}, "262011234567890"),
        ({"key": "AuthorizationKey", "value": "hunter2hunter2"}, "hunter2hunter2"),
        ({"value": "hunter2hunter2", "key": "AuthorizationKey"}, "hunter2hunter2"),
        ({"configurationKey": [{"readonly": False, "value": "hunter2", "key": "WifiPassword"}]}, "hunter2"),
        ({"configurationKey": [{"key": "SimPin", "readonly": False, "value": "0815"}]}, "0815"),
        ({"key": "DefaultTokenID", "value": "predefinedTokenId"}, "predefinedTokenId"),
        (
            {
                "setVariableData": [
                    {
                        "attributeValue": "hunter2hunter2",
                        "component": {"name": "SecurityCtrlr"},
                        "variable": {"name": "BasicAuthPassword"},
                    }
                ]
            },
            "hunter2hunter2",
        ),
        (
            {
                "reportData": [
                    {
                        "component": {"name": "NetworkConfiguration"},
                        "variable": {"name": "VpnKey"},
                        "variableAttribute": [{"type": "Actual", "value": "hunter2hunter2"}],
                    }
                ]
            },
            "hunter2hunter2",
        ),
        (
            {
                "eventData": [
                    {"actualValue": "04A1B2C3", "variable": {"name": "Token"}, "component": {"name": "R"}}
                ]
            },
            "04A1B2C3",
        ),
        ({"connectionData": {"apn": {"apn": "internet", "apnPassword": "hunter2"}}}, "hunter2"),
        ({"connectionData": {"apn": {"apnUserName": "eve", "simPin": 4711}}}, "4711"),
        ({"connectionData": {"vpn": {"key": "psk-of-vpn", "type": "PPTP"}}}, "psk-of-vpn"),
        ({"connectionData": {"basicAuthPassword": "hunter2hunter2"}}, "hunter2hunter2"),
        ({"location": "ftp://eve:hunter2@10.0.0.1/up"}, "hunter2"),
        ({"location": "ftp://eve:p%40ss%2Fword@10.0.0.1/up"}, "p%40ss%2Fword"),
        ({"location": "https://h/up?x=1&upload_token=abcdef99"}, "abcdef99"),
        ({"certificate": "MIIcontract", "idToken": {"idToken": "DE1"}}, "MIIcontract"),
        ({"exiRequest": "gJgCexi", "action": "Install"}, "gJgCexi"),
        ({"customerIdentifier": "Eve 12"}, "Eve 12"),
        ({"data": '{"idTag":"INNER123","n":1}'}, "INNER123"),
        ({"data": '{"x":"{\\"pin\\":\\"98765432\\"}"}'}, "98765432"),
        ({"data": "user=eve;pin=98765432"}, "98765432"),
        ({"data": "key=AuthorizationKey;value=hunter2hunter2"}, "hunter2"),
        ({"data": "name: WiFi Password, val: hunter2"}, "hunter2"),
        ({"data": [["HeartbeatInterval", "60"], ["AuthorizationKey", "hunter2"]]}, "hunter2"),
        ({"data": '[["AuthorizationKey","hunter2"]]'}, "hunter2"),
        ({"data": {"name": "WiFi Password", "val": "hunter2"}}, "hunter2"),
        ({"messageId": "RFID", "data": "04A1B2C3"}, "04A1B2C3"),
        ({"location": "https://h/up?sv=2020&sig=abcDEF%2F12&se=2026"}, "abcDEF"),
        ({"certificate": "-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----\n"}, "MIIsecret"),
        ({"sampledValue": [{"value": 'OCMF|{"FV":"1.0","ID":"1F2D3A4F"}|{"SD":"88"}'}]}, "1F2D3A4F"),
        ({"vehicleId": "EV123456"}, "EV123456"),
        ({"evccId": "AA:BB:CC:DD:EE:FF", "vin": "WVWZZZ1JZXW000001"}, "AA:BB:CC:DD:EE:FF"),
        ({"id_tag": 12345678}, "12345678"),
        ({"i\u0064Tag": "04A1B2C3"}, "04A1B2C3"),
        ({"password": ["hunter2", {"deep": "hunter2"}]}, "hunter2"),
        ({"uid": "04A1B2C3"}, "04A1B2C3"),
        ({"TagList": "04A1B2C3"}, "04A1B2C3"),
        ({"data": "<x:idTag>04A1B2C3</x:idTag><n>1</n>"}, "04A1B2C3"),
        ({"data": "<login><password>hunter2</password></login>"}, "hunter2"),
        ({"info": "RFID card read: 04C0FFEE1234"}, "04C0FFEE1234"),
        ({"info": "ICCID 8949123412341234123 is in"}, "8949123412341234123"),
        *(
            ({"configurationKey": [{"key": key, "readonly": False, "value": "hunter2"}]}, "hunter2")
            for key in ("Cst_FreeVendIdTag", "AuthDisabledIdTag", "FreeModeRFID", "PlugAndChargeIdentifier",
                        "FreeChargeModeIdTag", "ModemICCID", "GsmIMSI", "AdminPw")
        ),
    ],
)  # fmt: skip
def test_every_field(payload: Any, secret: str) -> None:
    message = [2, "1", "Any", payload]
    assert secret in json.dumps(message).replace("\\\\", "\\")
    result = shown(message)
    assert secret not in result
    assert type(json.loads(result)[3]) is dict


@pytest.mark.parametrize(
    "payload",
    [
        {"key": ["AuthorizationKey", "MeterValueSampleInterval"]},
        {"data": [["AuthorizationKey"], ["HeartbeatInterval", "60"]]},
        {"messageId": "AuthInfo", "data": "hello"},
        {"data": "key=HeartbeatInterval;value=600"},
        {"data": "https://h/up?sv=2020&significant=yes"},
    ],
)
def test_what_only_looks_like_a_secret_stays(payload: Any) -> None:
    message = json.dumps([2, "1", "Any", payload])
    assert shown(message) == message


def test_a_customers_data_is_private() -> None:
    message = [2, "1", "NotifyCustomerInformation", {"data": "Eve, 12 Main Street", "seqNo": 0}]
    assert "Main Street" not in shown(message)
    assert "Main Street" in shown([2, "1", "DataTransfer", {"data": "Eve, 12 Main Street"}])


@pytest.mark.parametrize(
    "message",
    [
        [2, "1", "BootNotification", {"chargePointSerialNumber": "S001", "iccid": "", "imsi": None}],
        [3, "1", {"configurationKey": [{"key": "GetConfigurationMaxKeys", "readonly": True, "value": "99"}]}],
        [3, "1", {"configurationKey": [{"key": "WebSocketPingInterval", "value": "60"}]}],
        [3, "1", {"configurationKey": [{"key": "UseAuthorizationKeyWithoutDecoding", "value": "true"}]}],
        [3, "1", {"configurationKey": [{"key": "RfidEndianness", "value": "big-endian"}]}],
        [2, "1", "SetNetworkProfile", {"connectionData": {"ocppInterface": "Wired0"}}],
        [2, "1", "StatusNotification", {"connectorId": 1, "info": "card reader firmware 20240101"}],
        [3, "1", {"configurationKey": [{"key": "MeterPublicKeys", "value": "3059301306"}]}],
        [2, "1", "GetConfiguration", {"key": ["AuthorizationKey", "HeartbeatInterval"]}],
        [3, "1", {"configurationKey": [], "unknownKey": ["NoSuchKey"]}],
        [2, "1", "MeterValues", {"meterValue": [{"sampledValue": [{"value": "1234.5", "unit": "Wh"}]}]}],
        [2, "1", "InstallCertificate", {"certificateType": "CSMSRootCertificate", "certificate": "MIIpublic"}],
        [2, "1", "UpdateFirmware", {"location": "http://10.0.0.1:8000/firmware.bin?version=2"}],
        [3, "1", {"issuerKeyHash": "ab12", "serialNumber": "77", "hashAlgorithm": "SHA256"}],
    ],
)
def test_what_support_needs_stays(message: list[Any]) -> None:
    assert shown(message) == json.dumps(message)


def test_the_kind_of_a_token_stays() -> None:
    result = values([2, "1", "Authorize", {"idToken": {"idToken": "TOKEN9", "type": "ISO14443"}}])
    token = result[3]["idToken"]
    assert token["type"] == "ISO14443"
    assert token["idToken"].startswith("idTag-")
    number = values([2, "1", "Authorize", {"idTag": 12345678}])[3]["idTag"]
    assert type(number) is int
    assert number != 12345678


def test_a_number_has_the_same_name_as_text_and_as_a_number() -> None:
    number = values([2, "1", "Authorize", {"idTag": 12345678}])[3]["idTag"]
    text = values([2, "1", "Authorize", {"idTag": "12345678"}])[3]["idTag"]
    assert text == f"idTag-{number}"


@pytest.mark.parametrize("payload", ["04A1B2C3", 12345678, ["04A1B2C3"]])
def test_a_card_where_the_payload_belongs(payload: Any) -> None:
    result = json.dumps(values([2, "1", "Authorize", payload]))
    assert "04A1B2C3" not in result and "12345678" not in result


def test_the_same_value_gets_the_same_name_everywhere() -> None:
    lines = exported(
        [
            record(1, b'noise 04A1B2C3 noise "04a1b2c3'),
            record(2, b'[2,"1","Authorize",{"idTag":"04A1B2C3"}]'),
            record(3, b'[2,"2","Authorize",{"idToken":{"idToken":"04A1B2C3","type":"ISO14443"}}]'),
            record(4, b'[2,"3","StartTransaction",{"idTag":"04A1B2C3","conn'),
            note(5, Kind.CARRIED, b'{"transactions":[{"id_tag":"04A1B2C3"}]}'),
            record(6, b"\xff\x00 04A1B2C3", Kind.NOISE),
            record(7, b'[2,"4","DataTransfer",{"04A1B2C3":["x 04A1B2C3 y",4]}]'),
        ]
    )
    name = json.loads(lines[1])[3]["idTag"]
    assert all(name in line for line in lines)
    assert "04a1b2c3" not in "".join(lines).lower()
    assert lines[3] == f'[2,"3","StartTransaction",{{"idTag":"{name}","conn'
    assert exported([record(1, b'[2,"1","Authorize",{"idTag":"04A1B2C3"}]')])[0] == lines[1]
    other = Redactor().redact(record(1, b'{"idTag":"04A1B2C3"}')).data.decode()
    assert name not in other, "another key gives other names"


def test_short_or_common_values_do_not_spoil_the_rest() -> None:
    lines = exported(
        [
            record(1, b'{"idTag":"A"}'),
            record(2, b'{"idTag":"Accepted"}'),
            record(3, b'{"idTag":"12345"}'),
            record(4, b'{"unit":"A","status":"Accepted","value":"1234567","meter":12345}'),
        ]
    )
    assert lines[3] == '{"unit":"A","status":"Accepted","value":"1234567","meter":12345}'
    assert '"A"' not in lines[0]
    assert "Accepted" not in lines[1]


def test_one_secret_within_another() -> None:
    lines = exported([record(1, b'{"idTag":"CARD12345"}'), record(2, b'{"password":"CARD12345-more"}')])
    assert "CARD" not in "".join(lines)
    texts = exported(
        [record(1, b'{"idTag":"CARD12345"}'), record(2, b'{"pin":"CARD12345-x"}'), record(3, b"CARD12345-x")]
    )
    assert texts[2] == json.loads(texts[1])["pin"]


HEAD = (
    'GET /ocpp/CP1?token=tok-55667788 HTTP/1.1\r\nHost: 10.0.0.1:9000\r\nUser-Agent: "mongoose"\r\n'
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Api-Key: key-99887766\r\n"
    "authorization: {}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)


def test_the_head_of_a_request() -> None:
    basic = base64.b64encode(b"CP1:hunter2hunter2").decode()
    linked = json.dumps(
        {"identity": "CP1", "protocol": "ocpp1.6", "path": "/ocpp/CP1?token=tok-55667788", "user": "CP1"}
    )
    lines = exported(
        [
            record(1, HEAD.format(f"Basic {basic}").encode(), Kind.REQUEST),
            note(2, Kind.LINKED, linked.encode()),
            record(3, b'{"key":"AuthorizationKey","value":"hunter2hunter2"}'),
        ]
    )
    everything = "".join(lines)
    for secret in (basic, "tok-55667788", "key-99887766", "hunter2hunter2"):
        assert secret not in everything
    for kept in ("GET /ocpp/CP1", "dGhlIHNhbXBsZSBub25jZQ==", '"mongoose"', "Sec-WebSocket-Protocol: ocpp1.6"):
        assert kept in lines[0]
    coded = lines[0].partition("authorization: Basic ")[2].partition("\r\n")[0]
    assert base64.b64decode(coded).decode() == "CP1:" + json.loads(lines[2])["value"]
    assert json.loads(lines[1])["user"] == "CP1"


@pytest.mark.parametrize(
    "value", ["Basic !!!no-base64", "Bearer abc.def.ghi", 'Digest username="eve", response="ab99ff"', "oddity"]
)
def test_other_ways_to_log_in(value: str) -> None:
    result = shown(HEAD.format(value), Kind.REQUEST)
    for word in ("no-base64", "abc.def", "ab99ff", "eve", "oddity"):
        assert word not in result
    assert "Sec-WebSocket-Protocol: ocpp1.6" in result


@pytest.mark.parametrize(
    "challenge",
    [
        'WWW-Authenticate: Basic realm="techtool", charset="UTF-8"',
        'www-authenticate: Digest realm="techtool", nonce="dcd98b7102dd"',
        'Proxy-Authenticate: Bearer realm="techtool", error="invalid_token"',
    ],
)
def test_the_question_for_a_password_is_no_secret(challenge: str) -> None:
    head = f"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n{challenge}\r\n\r\nNo.\n"
    assert shown(head, Kind.RESPONSE) == head


@pytest.mark.parametrize(
    "line",
    [
        "WWW-Authenticate: Basic Q1AxOmh1bnRlcjI=",
        'Authorization: Basic realm="hunter2"',
        'WWW-Authenticate: Basic realm="x"\r\nAuthorization: Basic realm=hunter2',
    ],
)
def test_an_answer_to_it_is_one(line: str) -> None:
    result = shown(f"GET / HTTP/1.1\r\n{line}\r\n\r\n", Kind.REQUEST)
    assert "hunter2" not in result
    assert "Q1AxOmh1bnRlcjI=" not in result


def test_a_password_of_bytes() -> None:
    coded = base64.b64encode(b"CP1:\x01#Eg\x89\xab").decode()
    result = shown(f"Authorization: Basic {coded}", Kind.REQUEST)
    assert coded not in result
    assert b"#Eg" not in base64.b64decode(result.rpartition(" ")[2])


def test_signed_meter_data() -> None:
    signed = base64.b64encode(b'OCMF|{"ID":"1F2D3A4F"}|{}').decode()
    plain = base64.b64encode(b"nothing").decode()
    result = values([2, "1", "MeterValues", {"a": {"signedMeterData": signed}, "b": {"signedMeterData": plain}}])[
        3
    ]
    assert b"1F2D3A4F" not in base64.b64decode(result["a"]["signedMeterData"])
    assert result["b"]["signedMeterData"] == plain
    assert values([2, "1", "MeterValues", {"signedMeterData": "!"}])[3] == {"signedMeterData": "!"}


def test_identities_on_demand() -> None:
    records = [
        record(1, b"GET /ocpp/CP%201 HTTP/1.1\r\nHost: x\r\n\r\n", Kind.REQUEST),
        note(2, Kind.LINKED, b'{"identity":"CP 1","path":"/ocpp/CP%201","user":null}'),
        record(3, b'[2,"1","BootNotification",{"chargePointSerialNumber":"SERIAL77"}]'),
        record(4, b"noise of SERIAL77 and CP 1"),
    ]
    assert exported(records) == [r.data.decode() for r in records]
    result = "".join(exported(records, identities=True))
    for identity in ("CP%201", "CP 1", "SERIAL77"):
        assert identity not in result
    redactor = Redactor(KEY, identities=True)
    for r in records:
        redactor.learn(r)
    row = VisitRow(1, moment(0), None, "at CP 1", "1", ("CP 1",), (), 4, 0, 0)
    hidden = redactor.visit(row)
    assert hidden.identities[0].startswith("identity-")
    assert "CP 1" not in hidden.title
    assert Redactor(KEY).visit(row) == row


def test_a_users_name_that_is_not_the_identity() -> None:
    lines = exported(
        [note(1, Kind.LINKED, b'{"identity":"CP1","user":"eve.adams"}'), record(2, b"eve.adams was here")]
    )
    assert "eve" not in "".join(lines)
    assert "CP1" in lines[0]


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_recordings_stay_readable(path: Path) -> None:
    records = load(path).records
    result = list(redacted(lambda: records, Redactor(KEY)))
    assert [r._replace(data=b"") for r in result] == [r._replace(data=b"") for r in records]
    for before, after in zip(records, result, strict=True):
        if before.kind is Kind.TEXT:
            assert _shape(json.loads(after.data)) == _shape(json.loads(before.data))
    assert parse("".join(jsonl.lines(result, redacted=True)).encode()).records == result
    assert b"CARD" not in b"".join(r.data for r in result)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(child) for key, child in value.items()}
    return [_shape(child) for child in value] if isinstance(value, list) else type(value)


def test_what_has_no_secret_is_the_same_record() -> None:
    for data in (b'[2, "1",\t"Heartbeat" , {}]', b"\xff\xfe", b"", b"[" * 50, b'{"value":1.50,"value":2e400}'):
        one = Record(1, 1, 0, 0, Direction.LAPTOP, Kind.TEXT, data)
        assert Redactor(KEY).redact(one) == one


@pytest.mark.parametrize(
    "name",
    [*FIELDS, *IDENTITIES, "password", "pwd", "secret", "psk", "simPin", "wifiKey", "tag_id", "charge_point_id"],
)
def test_every_name_is_looked_at(name: str) -> None:
    assert suspicious(json.dumps({name: 1}))
    assert label_of(name, True)


@pytest.mark.parametrize(("before", "after"), [("\ufeff", ""), ("", "\0"), ("\0\0", "\0\r\n"), ("\ufeff ", " ")])
def test_what_a_charger_puts_around_its_messages_stays_in_an_export(before: str, after: str) -> None:
    """A byte order mark, NULs: support must see just that."""
    boot = '[2,"m1","BootNotification",{"chargePointVendor":"A","iccid":"8949000000012345678"}]'
    status = '[2,"m2","StatusNotification",{"connectorId":2,"errorCode":"GroundFailure","status":"Faulted"}]'
    given = [record(n, f"{before}{one}{after}".encode()) for n, one in enumerate((boot, status), 1)]
    first, second = exported(given)
    assert second == f"{before}{status}{after}"
    assert first.startswith(f'{before}[2,"m1"') and first.endswith(f"}}]{after}")
    assert "8949000000012345678" not in first and '"chargePointVendor":"A"' in first


def test_nuls_within_a_message_hide_nothing() -> None:
    message = '[2,"1"\0,"Authorize",{"idTag"\0:"04A1B2C3"\0}]'
    assert shown(message) == message.replace("04A1B2C3", "idTag-b968e168")

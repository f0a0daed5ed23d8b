"""How a file is written is found out: encodings, separators, quotes, marks, nested values."""

import gzip
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_disk import small_disk

from deploy.feeding.tables import Record, open_table
from deploy.given import WrongFileError
from shared.mapping.language import FileShape
from shared.mapping.objects import value_at

WANTED = ("id", "città")


def records(
    folder: Path,
    content: bytes,
    shape: dict[str, Any] | None = None,
    zone: str = "Europe/Rome",
    name: str = "rows.csv",
    wanted: tuple[str, ...] = WANTED,
) -> tuple[str, list[Record]]:
    (folder / name).write_bytes(content)
    table = open_table(folder / name, FileShape(**(shape or {})), zone, wanted)
    return table.described(), list(table.records(wanted))


def cells(found: list[Record]) -> list[tuple[str, ...]]:
    assert not any(record.wrong for record in found)
    return [tuple(record.cells[name] for name in WANTED) for record in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_encoding_separator_and_packing_are_found(
    encoding: str, separator: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    text = "id,x,città\n1,a;b,Forlì\n2,,Città di Castello\n".replace(",", separator)
    if separator == ";":
        text = text.replace("a;b", '"a;b"')
    _, found = records(tmp_path, pack(text.encode(encoding)))
    assert cells(found) == [("1", "Forlì"), ("2", "Città di Castello")]


@pytest.mark.parametrize(
    ("encoding", "zone", "text"),
    [
        ("cp1250", "Europe/Warsaw", "Śródmieście, ścieżka rowerowa, że aż źle"),
        ("cp1251", "Europe/Moscow", "Яма на дороге, улица Тверская"),
        ("cp1253", "Europe/Athens", "Λακκούβα στον δρόμο, πλατεία Συντάγματος"),
        ("cp1255", "Asia/Jerusalem", "בור בכביש, רחוב יפו"),
        ("cp1256", "Africa/Cairo", "حفرة في الطريق، شارع التحرير"),
        ("cp932", "Asia/Tokyo", "道路に穴があります、新宿区"),
        ("gb18030", "Asia/Shanghai", "朝阳区路灯不亮、垃圾未清运"),
        ("iso8859_2", "Europe/Warsaw", "Śródmieście, ścieżka rowerowa, że aż źle"),
        ("iso8859_2", "Europe/Prague", "Špatná cesta, Žižkov"),
        ("cp1250", "Europe/Prague", "«Špatná cesta», Žižkov"),
        ("iso8859_7", "Europe/Athens", "Λακκούβα στον δρόμο, Άγιος Νικόλαος"),
        ("cp1252", "Europe/Berlin", "Kante 1½ cm zu hoch, « große »"),
        ("latin-1", "Europe/Paris", "Dépôt sauvage à côté de l'hôtel de ville, très gênant"),
    ],
)
def test_what_is_no_utf_8_is_read_as_is_usual_in_its_country(
    encoding: str, zone: str, text: str, tmp_path: Path
) -> None:
    content = f"id;città\n1;{text}\n".encode().replace("città".encode(), b"citta")
    content = content.decode().encode(encoding)
    _, found = records(tmp_path, content, zone=zone, wanted=("id", "citta"))
    assert found[0].cells["citta"] == text


@pytest.mark.parametrize(
    ("encoding", "zone", "text"),
    [
        ("cp932", "Asia/Tokyo", "東京都千代田区の道路に穴があいている"),
        ("gb18030", "Asia/Shanghai", "北京市朝阳区的道路上有一个洞"),
    ],
)
@pytest.mark.parametrize("shifted", range(4))
def test_of_a_large_file_no_sign_is_cut_in_two(
    encoding: str, zone: str, text: str, shifted: int, tmp_path: Path
) -> None:
    content = f"id,citta\n1,{'x' * shifted}\n" + f"1,{text}\n" * 3_000
    _, found = records(tmp_path, content.encode(encoding), zone=zone, wanted=("id", "citta"))
    assert found[-1].cells["citta"] == text


def test_a_cell_may_be_as_large_as_a_shape_on_a_map(tmp_path: Path) -> None:
    content = b'id,shape,citt\xc3\xa0\n1,"' + b"12.5 41.9, " * 20_000 + b'",Roma\n'
    _, found = records(tmp_path, content)
    assert cells(found) == [("1", "Roma")]


def test_a_late_sign_that_is_no_ascii_is_seen(tmp_path: Path) -> None:
    """Behind all that anybody would take for a sample."""
    content = b"id,citt\xe0\n" + b"1,Roma\n" * 50_000 + b"2,Forl\xec\n"
    described, found = records(tmp_path, content)
    assert described.startswith("CSV in cp1252")
    assert found[-1].cells["città"] == "Forlì"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("sep=;\nid;città\n1;Roma\n", {}),
        ("'id','città'\n'1','Roma'\n", {}),
        ("a title, and no header\n\nid,città\n1,Roma\n", {"skip_lines": 2}),
        ("1,Roma\n", {"columns": ["id", "città"]}),
        ('id,città\n1,"Ro\\"ma"\n', {"escape": "\\"}),
        ('id,città\n1,Ro"ma\n', {"quote": ""}),
        ("id;città;;\n1;Roma;;\n;;;\n\n", {}),
        (" id , città \n 1 , Roma \n", {}),
        ("id^città\n1^Roma\n", {"separator": "^"}),
        ("id,città\n1,Roma\n2,N/A\n", {"empty": ["N/A"]}),
    ],
)
def test_what_can_t_be_found_out_can_be_told(
    text: str, shape: dict[str, Any], tmp_path: Path
) -> None:
    _, found = records(tmp_path, text.encode(), shape)
    assert cells(found)[0] == ("1", cells(found)[0][1])
    assert cells(found)[0][1].replace('"', "") == "Roma"
    assert cells(found)[1:] in ([], [("2", "")])


def test_a_row_has_the_line_where_it_begins(tmp_path: Path) -> None:
    text = 'x\nid,città\n\n1,"Ro\nma"\n2,x\n\n3,y\n'
    _, found = records(tmp_path, text.encode(), {"skip_lines": 1})
    assert [record.line for record in found] == [4, 6, 8]


def test_a_value_is_found_by_its_way() -> None:
    found = {"a": {"b": [{"c": 1}]}, "x.y": 2, "d": {"e.f": 3}, "g": None}
    assert value_at(found, "a.b.0.c") == 1
    assert value_at(found, "x.y") == 2
    assert value_at(found, "d.e.f") == 3
    assert [value_at(found, way) for way in ("g.h", "a.b.7.c", "a.c", "q", "a.b.c")] == [None] * 5


def test_numbers_of_json_stay_as_they_are_written(tmp_path: Path) -> None:
    line = '{"id": 12345678901234567890.50, "città": [true, "a", null, {"b": 1}]}\n'
    _, found = records(tmp_path, b"\n" + line.encode(), name="rows.json")
    assert cells(found) == [("12345678901234567890.50", 'true, a, {"b": "1"}')]
    assert found[0].line == 2


def test_what_is_no_number_is_empty(tmp_path: Path) -> None:
    """Else all rows without a number have one and the same key."""
    _, found = records(tmp_path, b'{"id": NaN, "x": 1}\n', name="rows.jsonl", wanted=("id", "x"))
    assert [found[0].cells[name] for name in ("id", "x")] == ["", "1"]


@pytest.mark.parametrize("half", [b"Forl\xec", rb"Forl\ud800"])
def test_halves_of_signs_in_json_are_told_by_row_and_column(half: bytes, tmp_path: Path) -> None:
    """Else they are left out of a code, and the report stands at another place."""
    good = '{"id": 2, "città": "Forlì"}\n'.encode() * 2
    content = '{"id": 1, "città": "@"}\n'.encode().replace(b"@", half) + good
    _, found = records(tmp_path, content, name="rows.jsonl")
    assert [record.wrong and record.wrong.column for record in found] == ["città", None, None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_json_that_is_left_out_has_the_same_key_as_before(encoding: str, tmp_path: Path) -> None:
    """Numbers too, which another writer would write otherwise; and in the encoding that is told."""
    shape = {"encoding": encoding, "format": "jsonl"}
    numbers = ("1.10", "1e400", "1E2", "9" * 5_000, "-0.0")
    text = "".join(f'{{"id": {number}, "città": "Forlì" }} \n' for number in numbers)
    _, found = records(tmp_path, text.encode(encoding), shape)
    for name in ("once.jsonl", "twice.jsonl"):
        table = open_table(tmp_path / "rows.csv", FileShape(**shape), "UTC", WANTED)
        with table.rejects(tmp_path / name) as rejects:
            for record in found:
                rejects.add(record, "città: …" if encoding != "cp1252" else "città")
        left = open_table(tmp_path / name, FileShape(**shape), "UTC", WANTED)
        found = list(left.records(WANTED))
        assert cells(found) == [(number, "Forlì") for number in numbers]
        assert [record.cells["#row"] for record in found] == ["1", "2", "3", "4", "5"]


def test_parquet_holds_what_can_t_be_a_value_here(tmp_path: Path) -> None:
    """Nanoseconds, days beyond our calendar, bytes, numbers that are none, maps, lists: told by
    row, and rejected as they are."""
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = pa.table(
        {
            "ns": pa.array([1_925_000_000_000_000_001] * 2, pa.timestamp("ns", "UTC")),
            "far": pa.array([1_925_000_000_000_000, 10**18], pa.timestamp("us")),
            "raw": pa.array(["Forlì".encode(), b"Forl\xec"]),
            "nan": pa.array([float("nan"), 1.5]),
            "exact": pa.array([Decimal(0), Decimal("1e-8")], pa.decimal128(20, 8)),
            "tags": pa.array([[{"a": "x"}], []]),
            "of": pa.array([[("k", "v")], []], pa.map_(pa.string(), pa.string())),
            "in": pa.array([{"at": datetime(2031, 7, 1)}] * 2),
        }
    )
    parquet.write_table(rows, tmp_path / "rows.parquet")
    wanted = (*("ns", "far", "raw", "nan", "exact", "tags.0.a", "of.k", "in", "in.at"),)
    table = open_table(tmp_path / "rows.parquet", wanted=wanted)
    assert set(wanted) <= set(table.columns or ())
    assert "tags.list.element.a" not in (table.columns or ())
    good, wrong = table.records(wanted)
    assert [good.cells[name] for name in wanted] == [
        *("2031-01-01T02:13:20+00:00", "2031-01-01T02:13:20", "Forlì", "", "0.00000000"),
        *("x", "v", '{"at": "2031-07-01T00:00:00"}', "2031-07-01T00:00:00"),
    ]
    assert good.wrong is None
    assert wrong.wrong
    assert wrong.wrong.column == "raw"
    with table.rejects(tmp_path / "rejects.parquet") as rejects:
        rejects.add(wrong, "because")
    left = parquet.read_table(tmp_path / "rejects.parquet")
    assert left.drop_columns(["rejected_because", "rejected_from"]) == rows.slice(1)


def test_parquet_is_read_with_its_nested_values_and_rejected_as_it_is(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    moment = datetime(2031, 7, 1, 10, tzinfo=UTC)
    rows = [
        {"id": n, "città": {"nome": f"Roma {n}"}, "at": moment, "day": date(2031, 7, n + 1)}
        for n in range(3)
    ]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "rows.parquet")
    wanted = ("id", "città.nome", "at", "day", "#row")
    table = open_table(tmp_path / "rows.parquet", wanted=wanted)
    assert table.columns is not None
    assert "città.nome" in table.columns
    found = list(table.records(wanted[:-1]))
    assert [found[1].cells[name] for name in wanted] == [
        "1",
        "Roma 1",
        "2031-07-01T10:00:00+00:00",
        "2031-07-02",
        "2",
    ]
    with table.rejects(tmp_path / "rejects.parquet") as rejects:
        rejects.add(found[1], "because")
    (again,) = open_table(tmp_path / "rejects.parquet").records(wanted[:-1])
    assert again.cells == found[1].cells | {"#file": "rows.parquet"}
    left = parquet.read_table(tmp_path / "rejects.parquet").to_pylist()
    assert left == [rows[1] | {"rejected_because": "because", "rejected_from": "rows.parquet#2"}]


def test_json_rejects_are_objects_with_the_reason(tmp_path: Path) -> None:
    content = b'{"id": 1.50, "n": {"a": null}}\n{"id": \n'
    (tmp_path / "rows.jsonl").write_bytes(content)
    table = open_table(tmp_path / "rows.jsonl")
    with table.rejects(tmp_path / "rejects.jsonl") as rejects:
        for record in table.records(("id",)):
            rejects.add(record, "because")
    lines = (tmp_path / "rejects.jsonl").read_text().splitlines()
    assert lines[0].startswith('{"id": 1.50, "n"')  # it may be a key
    left = [json.loads(line) for line in lines]
    assert left == [
        {
            "id": 1.5,
            "n": {"a": None},
            "rejected_because": "because",
            "rejected_from": "rows.jsonl#1",
        },
        {
            "rejected_line": '{"id": ',
            "rejected_because": "because",
            "rejected_from": "rows.jsonl#2",
        },
    ]


def test_rejects_write_over_no_file_and_leave_none_when_nothing_or_half_is_done(
    tmp_path: Path,
) -> None:
    (tmp_path / "rows.csv").write_text("id\n1\n")
    table = open_table(tmp_path / "rows.csv")

    def reject(name: str, because: str = "because") -> None:
        with table.rejects(tmp_path / name) as rejects:
            rejects.add(next(table.records(())), because)

    with pytest.raises(WrongFileError, match="there is no folder"):
        reject("no/x.csv")
    with table.rejects(tmp_path / "none.csv"):
        pass
    with pytest.raises(KeyboardInterrupt), table.rejects(tmp_path / "half.csv") as rejects:
        rejects.add(next(table.records(())), "because")
        raise KeyboardInterrupt
    for name in ("twice.csv", "twice.csv.gz"):
        reject(name)
        reject(name)
        with pytest.raises(WrongFileError, match="is there already and holds something else"):
            reject(name, "otherwise")
    assert (
        gzip.decompress((tmp_path / "twice.csv.gz").read_bytes())
        == (tmp_path / "twice.csv").read_bytes()
    )
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["rows.csv", "twice.csv", "twice.csv.gz"]


def test_a_stray_quote_takes_no_other_row_along_unseen(tmp_path: Path) -> None:
    """Both are told together, are rejected as they stand, and what comes behind them is read."""
    text = 'id,città\n1,"Roma\n2,"Forlì",x\n3,Pisa\n'
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    table = open_table(tmp_path / "rows.csv", FileShape(), "UTC", WANTED)
    with table.rejects(tmp_path / "rejects.csv") as rejects:
        wrong, good = table.records(WANTED)
        rejects.add(wrong, "a quote")
    assert (wrong.line, good.line, good.cells["città"]) == (2, 4, "Pisa")
    assert wrong.wrong
    assert "a quote that ends" in wrong.wrong.words
    left = (tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert left[1:] == ['a quote,rows.csv#1,1,"Roma', '2,"Forlì",x']


@pytest.mark.parametrize("name", ["left.csv", "left.csv.gz", "left.jsonl"])
@pytest.mark.parametrize("size", [10, 200_000])
def test_a_full_disk_is_told_by_the_file_of_rejects_and_holds_no_half_of_it(
    tmp_path: Path, name: str, size: int
) -> None:
    """Whether it is noticed with the last row that is written, or long before."""
    source = tmp_path / f"rows{'.jsonl' if name.endswith('jsonl') else '.csv'}"
    noise = random.Random(1).randbytes(size // 2).hex()
    source.write_text(f'{{"id": "{noise}"}}\n' if source.suffix == ".jsonl" else f"id\n{noise}\n")
    table = open_table(source)
    (record,) = table.records(["id"])
    with small_disk(tmp_path / "small", "1m") as disk:
        disk.fill()
        with (
            pytest.raises(WrongFileError, match=f"{name} can't be written: No space left"),
            table.rejects(disk.folder / name) as rejects,
        ):
            rejects.add(record, "because")
        assert [file.name for file in disk.folder.iterdir()] == ["ballast"]


@pytest.mark.parametrize("change", ["longer", "another"])
def test_a_file_that_changes_while_it_is_read_is_not_taken_for_the_one_before(
    tmp_path: Path, change: str
) -> None:
    """An export that is written anew may have its columns in another order."""
    file = tmp_path / "rows.csv"
    file.write_text("id,place\n1,north\n")
    table = open_table(file)
    if change == "longer":
        with file.open("a") as more:
            more.write("2,south\n")
    else:
        (tmp_path / "new.csv").write_text("place,id\nnorth,1\n")
        (tmp_path / "new.csv").replace(file)
    with pytest.raises(WrongFileError, match="has changed while it was read, and nothing was sent"):
        list(table.records(["id"]))


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.csv.gz"])
def test_a_file_that_is_still_being_written_is_told_and_its_half_row_is_none(
    tmp_path: Path, name: str
) -> None:
    """Half of the last cell may be a good key, of another row."""
    line = '{"id": %d, "città": "x"}\n' if "jsonl" in name else "%d,x\n"
    text = "id,città\n" * ("csv" in name) + "".join(line % number for number in range(9_000))
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    found = open_table(path, wanted=WANTED).records(WANTED)
    assert next(found).cells["id"] == "0"
    with path.open("ab") as file:
        file.write(gzip.compress(b"9000,x") if name.endswith("gz") else (line % 9_000).encode())
    with pytest.raises(WrongFileError, match="has changed while it was read, and nothing was sent"):
        list(found)


def test_rejects_write_over_nothing_that_has_a_name_like_theirs(tmp_path: Path) -> None:
    """The file itself may be called so, as where a browser had not ended."""
    path = tmp_path / "rows.csv.part"
    path.write_text("id\n1\n2\n")
    table = open_table(path)
    with table.rejects(tmp_path / "rows.csv") as rejects:
        for record in table.records(()):
            rejects.add(record, "because")
    assert path.read_text() == "id\n1\n2\n"
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 3

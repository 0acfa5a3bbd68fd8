"""Reading old registers: encodings, delimiters, columns, dates, and files made to hurt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.patients.legacy import reading
from clinic_desktop.clinic.patients.legacy.columns import Column, map_columns
from clinic_desktop.clinic.patients.legacy.dates import Birth, DateOrder, date_order, parse_birth
from clinic_desktop.clinic.patients.legacy.drafts import Draft, Refusal, drafts, split_name
from clinic_desktop.clinic.patients.legacy.reading import read_table
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from clinic_desktop.kernel.errors import InvalidInput

TODAY = date(2026, 3, 2)
DAY_FIRST, MONTH_FIRST = DateOrder(day_first=True, mixed=False), DateOrder(day_first=False, mixed=False)
HEADER = "Reg No,Patient Name,Sex,DOB / Age,Mobile,Address,Blood Grp,Remarks\n"


def _checked(tmp_path: Path, text: str | bytes) -> tuple[list[Draft], list[Refusal]]:
    file = tmp_path / "register.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return drafts(read_table(file), today=TODAY, region="IN")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [["Reg No", "Name", "Sex", "Age"], ["1", "José Müller", "M", "40"]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    accepted, refused = _checked(tmp_path, text.encode(encoding))
    assert [one.full_name for one in accepted] == ["José Müller"]
    assert refused == []


def test_a_cell_of_several_lines_counts_as_one_row(tmp_path: Path) -> None:
    text = HEADER + 'A/1,Asha Rao,F,40,,,,"one\ntwo\n\nfour"\n\nA/2,,F,40,,,,\n'
    accepted, refused = _checked(tmp_path, text)
    assert [(one.row, one.remarks) for one in accepted] == [(2, "one\ntwo\n\nfour")]
    assert refused == [Refusal(4, "name", "required")]  # row 3 of the spreadsheet is empty: not a patient, and counted


def test_each_row_is_refused_with_all_its_reasons(tmp_path: Path) -> None:
    rows = [
        "1,,F,1990-01-01,9876543210,,,",
        "2,Ravi Kumar,M,31/02/1980,,,,",
        "3,Mina Shah,F,12/05/2031,,,,",
        "4,Old Man,M,187,,,,",
        "5,Sam Lee,X?,44,abc,,Z,",
        "6,Good One,F,20,,,,",
        "6,Same Number,F,20,,,,",
        "7,Short row",
        "8,Long row,F,20,,,,,more",
        "9,No Sex,,20,,,,",
        "10,Bad Date,F,soon,,,,",
        "11,Old Date,F,01/01/1890,,,,",
    ]
    accepted, refused = _checked(tmp_path, HEADER + "\n".join(rows))
    assert [one.number for one in accepted] == ["6"]
    assert [(one.row, one.field, one.reason) for one in refused] == [
        (2, "name", "required"),
        (3, "date_of_birth", "impossible_date"),
        (4, "date_of_birth", "in_the_future"),
        (5, "date_of_birth", "out_of_range"),
        (6, "gender", "not_a_gender"),
        (8, "registration_number", "number_used_twice"),
        (9, "row", "short_row"),
        (10, "row", "long_row"),
        (11, "gender", "required"),
        (12, "date_of_birth", "not_a_date"),
        (13, "date_of_birth", "too_old"),
    ]
    assert [(one.field, one.reason) for one in refused[4].also] == [("phone", "not_a_phone"), ("blood_group", "not_a_blood_group")]


def test_control_characters_are_cleaned_and_formulas_stay_text(tmp_path: Path) -> None:
    text = HEADER + '1,"N\x00ul \u202eRLO\x07",M,33,"98765 43210",,b +ve,"=HYPERLINK(""http://x"")"\n'
    (draft,), refused = _checked(tmp_path, text)
    assert refused == []
    assert (draft.first_name, draft.last_name, draft.remarks) == ("Nul", "RLO", '=HYPERLINK("http://x")')
    assert (draft.gender, draft.blood_group) == (Gender.MALE, BloodGroup.B_POSITIVE)
    assert draft.phone is not None
    assert (draft.phone.e164, draft.phone.typed) == ("+919876543210", "98765 43210")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            "UHID;Full Name;Gender;D.O.B.;Contact No.",
            {Column.NUMBER: 0, Column.NAME: 1, Column.GENDER: 2, Column.BIRTH: 3, Column.PHONE: 4},
        ),
        (
            "First Name;Surname;SEX;Age (yrs);Pin Code",
            {Column.FIRST_NAME: 0, Column.LAST_NAME: 1, Column.GENDER: 2, Column.AGE: 3, Column.POSTAL_CODE: 4},
        ),
        ("Patient's Name;Sex;Name;Shoe size", {Column.NAME: 0, Column.GENDER: 1}),
    ],
)
def test_columns_are_known_by_many_words(header: str, columns: dict[Column, int]) -> None:
    assert map_columns(header.split(";")) == columns


@pytest.mark.parametrize(("header", "reason"), [("Sex,Age", "no_name_column"), ("Name,Age", "no_gender_column")])
def test_a_file_without_names_or_sex_is_refused(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _checked(tmp_path, header + "\na,b\n")
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1980-01-31", date(1980, 1, 31)),
        ("31/01/1980", date(1980, 1, 31)),
        ("31.01.80", date(1980, 1, 31)),
        ("05.01.26", date(2026, 1, 5)),
        ("05.01.27", date(1927, 1, 5)),
        ("31-Jan-1980", date(1980, 1, 31)),
        ("Jan 31, 1980", date(1980, 1, 31)),
        ("1st February 1980", date(1980, 2, 1)),
        ("1980-01-31 00:00:00", date(1980, 1, 31)),
        ("٣١/٠١/١٩٨٠", date(1980, 1, 31)),
        ("03/04/1980", date(1980, 4, 3)),
    ],
)
def test_dates_of_a_day_first_file(text: str, day: date) -> None:
    assert parse_birth(text, DAY_FIRST, TODAY) == Birth(day, is_estimated=False)


def test_the_file_decides_what_comes_first() -> None:
    assert date_order(["03/04/1980", "31/01/1980", "1980-12-31"]) == DAY_FIRST
    assert date_order(["03/04/1980", "01/31/1980"]) == MONTH_FIRST
    assert date_order(["03/04/1980"]) == DAY_FIRST
    assert date_order(["31/01/1980"] * 60 + ["01/31/1980"]) == DAY_FIRST
    assert date_order(["31/01/1980"] * 60 + ["01/31/1980"] * 20) == DateOrder(day_first=True, mixed=True)
    assert parse_birth("03/04/1980", MONTH_FIRST, TODAY).day == date(1980, 3, 4)
    assert parse_birth("01/31/1980", DateOrder(day_first=True, mixed=True), TODAY).day == date(1980, 1, 31)
    with pytest.raises(InvalidInput):
        parse_birth("01/31/1980", DAY_FIRST, TODAY)


def test_ages_are_estimates() -> None:
    assert parse_birth("40", DAY_FIRST, TODAY) == Birth(date(1985, 9, 1), is_estimated=True)
    assert parse_birth("40 yrs", DAY_FIRST, TODAY) == parse_birth("40", DAY_FIRST, TODAY)
    assert parse_birth("8 months", DAY_FIRST, TODAY).is_estimated


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ravi Kumar", ("Ravi", None, "Kumar")),
        ("Kumar, Ravi", ("Ravi", None, "Kumar")),
        ("José Manuél Herrera", ("José", "Manuél", "Herrera")),
        ("Herrera, José Manuél", ("José", "Manuél", "Herrera")),
        ("Madhubala", ("Madhubala", None, None)),
        ("Kumar,", ("Kumar", None, None)),
    ],
)
def test_names_are_split(name: str, parts: tuple[str, str | None, str | None]) -> None:
    assert split_name(name) == parts


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 200_000)
    monkeypatch.setattr(reading, "MOST_ROWS", 50)
    cases = {
        "file_too_large": HEADER + "x" * 200_001,
        "too_many_rows": HEADER + "1,A B,M,20,,,,\n" * 60,
        "too_many_columns": HEADER + "," * 500,
        "broken_csv": HEADER + '1,"' + "never closed\n" * 9_000,
        "no_rows": HEADER,
    }
    for reason, text in cases.items():
        with pytest.raises(InvalidInput) as refusal:
            _checked(tmp_path, text)
        assert refusal.value.reason == reason
    with pytest.raises(InvalidInput) as refusal:
        read_table(tmp_path / "missing.csv")
    assert refusal.value.reason == "unreadable"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(HEADER.encode() + data)
    try:
        accepted, refused = drafts(read_table(file), today=TODAY, region="IN")
    except InvalidInput:
        return
    assert len({one.row for one in [*accepted, *refused]}) == len(accepted) + len(refused)

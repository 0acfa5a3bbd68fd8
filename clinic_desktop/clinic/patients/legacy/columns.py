"""Which column of an old register holds what, by the words that its header uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import search_form


class Column(StrEnum):
    """What an import understands; the value names the field in reports."""

    NUMBER = "registration_number"
    NAME = "name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    LAST_NAME = "last_name"
    GENDER = "gender"
    BIRTH = "date_of_birth"
    AGE = "age"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    CITY = "city"
    REGION = "region"
    POSTAL_CODE = "postal_code"
    BLOOD_GROUP = "blood_group"
    NATIONAL_ID = "national_id"
    ALLERGIES = "allergies"
    HISTORY = "medical_history"
    REMARKS = "remarks"


_SYNONYMS = {
    Column.NUMBER: "reg no|reg number|registration no|registration number|registration|patient id|patient no|patient number|mr no|mrn|uhid"
    "|opd no|op no|file no|card no|hospital no|id|no|number|code",
    Column.NAME: "patient name|name|full name|name of patient|patient|patients name",
    Column.FIRST_NAME: "first name|given name|forename|firstname",
    Column.MIDDLE_NAME: "middle name|middlename|fathers name|father name",
    Column.LAST_NAME: "last name|surname|family name|lastname",
    Column.GENDER: "sex|gender|sex m f|m f",
    Column.BIRTH: "dob|date of birth|birth date|birthdate|born|dob age|date of birth age|d o b|age dob",
    Column.AGE: "age|age years|age yrs|age in years",
    Column.PHONE: "mobile|mobile no|mobile number|phone|phone no|phone number|telephone|tel|contact|contact no"
    "|contact number|cell|whatsapp",
    Column.EMAIL: "email|e mail|mail|email id|email address",
    Column.ADDRESS: "address|residence|full address|postal address|street",
    Column.CITY: "city|town|village|place",
    Column.REGION: "state|district|province|region|county",
    Column.POSTAL_CODE: "pin|pin code|pincode|postal code|postcode|zip|zip code",
    Column.BLOOD_GROUP: "blood grp|blood group|bloodgroup|blood|bg|blood type",
    Column.NATIONAL_ID: "national id|aadhaar|aadhar|aadhaar no|nid|cnic|passport|id card no|ssn",
    Column.ALLERGIES: "allergies|allergy|drug allergy",
    Column.HISTORY: "medical history|history|past history|diagnosis|comorbidities",
    Column.REMARKS: "remarks|remark|notes|note|comments|comment|observations",
}
_BY_WORDS = {words: column for column, all_words in _SYNONYMS.items() for words in all_words.split("|")}


def map_columns(header: Sequence[str]) -> dict[Column, int]:
    """The position of each known column, the first where two claim it; refuses a file without names or sex."""
    found: dict[Column, int] = {}
    for position, title in enumerate(header):
        words = " ".join(re.sub(r"[^\w]+", " ", search_form(title).replace("'", "")).split())
        column = _BY_WORDS.get(words)
        if column is not None:
            found.setdefault(column, position)
    if Column.NAME not in found and Column.FIRST_NAME not in found:
        raise InvalidInput("file", "no_name_column", header=", ".join(header)[:200])
    if Column.GENDER not in found:
        raise InvalidInput("file", "no_gender_column", header=", ".join(header)[:200])
    return found

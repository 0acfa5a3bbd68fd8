"""Made-up old registers with known truth: who was written down twice, and who only looks alike."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations

_INDIAN = {
    "given": "Aarav=आरव Vivaan=विवान Aditya=आदित्य Rohan=रोहन Karan=करण Suresh=सुरेश Ramesh=रमेश Mahesh=महेश Deepak=दीपक Sunil=सुनील Anil=अनिल"
    " Priya=प्रिया Neha=नेहा Pooja=पूजा Kavita=कविता Sunita=सुनीता Anita=अनीता Lakshmi=लक्ष्मी Radha=राधा Meera=मीरा Geeta=गीता Shanti=शांति"
    " Mohammed=मोहम्मद Abdul=अब्दुल Fatima=फ़ातिमा Ayesha=आयशा Vijay=विजय Sanjay=संजय Manoj=मनोज Rajesh=राजेश Harish=हरीश Naveen=नवीन",
    "family": "Sharma=शर्मा Verma=वर्मा Gupta=गुप्ता Patel=पटेल Reddy=रेड्डी Nair=नायर Iyer=अय्यर Mehta=मेहता Joshi=जोशी Kulkarni=कुलकर्णी"
    " Deshmukh=देशमुख Chauhan=चौहान Yadav=यादव Singh=सिंह Kumar=कुमार Das=दास Banerjee=बनर्जी Mukherjee=मुखर्जी Khan=खान Ansari=अंसारी",
}
_OTHERS = {
    "given": "Hannah Lukas Sofia Mateo Camila Diego Valentina Olivia Noah Amelia Grace Baraka Zuri Amani Juma Neema Chloe Ethan"
    " Yusuf Layla Omar Nadia Khalid Mariam Hassan Salma Tomas Ingrid Petra Oscar Beatriz Miguel Teresa Rafael",
    "family": "Schneider Fischer Weber Herrera Castillo Mendoza Okafor Mwangi Otieno Wanjiru Thompson Walker Bennett Coleman Haddad Mansour"
    " Farouk Nasser Novak Lindgren Costa Ferreira Delgado Vargas Whitaker Donovan",
}
_STREETS = [
    "Lake",
    "Hill",
    "Station",
    "Temple",
    "Market",
    "Garden",
    "River",
    "Mill",
    "Church",
    "Fort",
    "College",
    "Canal",
    "Palm",
    "Banyan",
    "Rose",
]
_TOWNS = ["Nashik", "Aurangabad", "Solapur", "Kolhapur", "Sangli", "Satara", "Latur", "Dhule", "Akola", "Jalgaon", "Nanded", "Wardha"]
_BLOOD = ("", "", "A+", "B +ve", "O positive", "AB-", "o neg", "B-")


@dataclass(slots=True)
class Entry:
    """One line of a register."""

    person: int
    given: str
    family: str
    sex: str
    born: date
    phone: str
    address: str
    blood: str
    middle: str = ""
    native: str = ""
    number: str = ""
    shows_age: bool = False
    order: str = "given_first"


@dataclass(slots=True)
class Register:
    """A file and its truth: the pairs of registration numbers that are one person."""

    text: str
    pairs: set[frozenset[str]] = field(default_factory=set)


class _Maker:
    def __init__(self, seed: int, today: date) -> None:
        self.random = random.Random(seed)
        self.today = today
        self.people = 0

    def entry(self) -> Entry:
        pick = self.random.choice
        native = ""
        if self.random.random() < 0.6:
            given, family = (pick(_INDIAN[part].split()).split("=") for part in ("given", "family"))
            names, native = (given[0], family[0]), f"{given[1]} {family[1]}"
        else:
            names = (pick(_OTHERS["given"].split()), pick(_OTHERS["family"].split()))
        middle = pick(_OTHERS["given"].split()) if self.random.random() < 0.15 else ""
        born = self.today - timedelta(days=self.random.randrange(200, 90 * 365))
        self.people += 1
        return Entry(self.people, *names, pick("MF"), born, self.phone(), self.address(), pick(_BLOOD), middle, "" if middle else native)

    def phone(self) -> str:
        return str(self.random.randrange(6_000_000_000, 9_999_999_999))

    def address(self) -> str:
        pick = self.random.choice
        return f"{self.random.randrange(1, 900)}, {pick(_STREETS)} Road, {pick(_TOWNS)} {self.random.randrange(410_000, 449_999)}"

    # what happens to one person written down again

    def typo(self, entry: Entry) -> Entry:
        part = self.random.choice(("given", "family"))
        return replace(entry, **{part: self._slip(getattr(entry, part))}, native="")

    def _slip(self, word: str) -> str:
        if len(word) < 4:
            return word
        at = self.random.randrange(1, len(word) - 1)
        kind = self.random.choice(("lost", "doubled", "exchanged", "wrong"))
        if kind == "lost":
            return word[:at] + word[at + 1 :]
        if kind == "doubled":
            return word[:at] + word[at] + word[at:]
        if kind == "exchanged":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + self.random.choice("aeiorstnlk") + word[at + 1 :]

    def other_script(self, entry: Entry) -> Entry:
        if not entry.native:
            return self.swapped_order(entry)
        given, family = entry.native.split()
        return replace(entry, given=given, family=family, native="")

    def swapped_order(self, entry: Entry) -> Entry:
        return replace(entry, order=self.random.choice(("family_first", "comma", "shouting")))

    def new_phone(self, entry: Entry) -> Entry:
        return replace(entry, phone=self.phone())

    def phone_slip(self, entry: Entry) -> Entry:
        if not entry.phone:
            return entry
        at = self.random.randrange(1, 10)
        return replace(entry, phone=entry.phone[:at] + str((int(entry.phone[at]) + 3) % 10) + entry.phone[at + 1 :])

    def no_phone(self, entry: Entry) -> Entry:
        return replace(entry, phone="")

    def moved(self, entry: Entry) -> Entry:
        return replace(entry, address=self.random.choice(("", self.address())))

    def age_only(self, entry: Entry) -> Entry:
        return replace(entry, shows_age=True)

    def date_exchanged(self, entry: Entry) -> Entry:
        born = entry.born
        return replace(entry, born=born.replace(day=born.month, month=born.day)) if born.day <= 12 else entry

    def no_middle(self, entry: Entry) -> Entry:
        return replace(entry, middle="")

    def no_blood(self, entry: Entry) -> Entry:
        return replace(entry, blood="")

    # who only looks alike

    def relative(self, entry: Entry) -> Entry:
        other = self.entry()
        return replace(other, family=entry.family, phone=entry.phone, address=entry.address, native="")

    def twin(self, entry: Entry) -> Entry:
        return replace(self.relative(entry), born=entry.born)

    def namesake(self, entry: Entry) -> Entry:
        other = self.entry()
        return replace(other, given=entry.given, family=entry.family, native=entry.native, middle="", sex=entry.sex)

    def son_of_same_name(self, entry: Entry) -> Entry:
        born = min(entry.born + timedelta(days=self.random.randrange(20 * 365, 35 * 365)), self.today - timedelta(days=40))
        self.people += 1
        return replace(entry, person=self.people, born=born, blood=self.random.choice(_BLOOD))

    def colleague_born_the_same_day(self, entry: Entry) -> Entry:
        return replace(self.entry(), born=entry.born)


def make_register(seed: int, today: date, *, people: int = 1200) -> Register:
    """A register of about ``people`` persons, a tenth of them written down twice, some thrice."""
    maker = _Maker(seed, today)
    changes: list[Callable[[Entry], Entry]] = [
        *(maker.typo, maker.other_script, maker.swapped_order, maker.new_phone, maker.phone_slip, maker.no_phone),
        *(maker.moved, maker.age_only, maker.date_exchanged, maker.no_middle, maker.no_blood),
    ]
    strangers = (maker.relative, maker.relative, maker.twin, maker.namesake, maker.namesake, maker.colleague_born_the_same_day)
    entries: list[Entry] = []
    for _ in range(people):
        entry = maker.entry()
        entries.append(entry)
        if maker.random.random() < 0.12:
            for _again in range(maker.random.choice((1, 1, 1, 2))):
                changed = entry
                for change in maker.random.sample(changes, maker.random.choice((1, 2, 2))):
                    changed = change(changed)
                entries.append(changed)
        if maker.random.random() < 0.25:
            entries.append(maker.random.choice(strangers)(entry))
        if maker.random.random() < 0.01 and entry.born.year < today.year - 40:
            entries.append(maker.son_of_same_name(entry))
    maker.random.shuffle(entries)
    return _written(entries, maker)


def _written(entries: list[Entry], maker: _Maker) -> Register:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["MR No.", "Name of Patient", "Gender", "DOB", "Contact No", "Full Address", "Blood Group", "Notes"])
    by_person: dict[int, list[str]] = {}
    for position, entry in enumerate(entries, start=1):
        entry.number = f"K-{position:05d}"
        by_person.setdefault(entry.person, []).append(entry.number)
        writer.writerow(
            [entry.number, _name(entry), _sex(entry, maker), _born(entry, maker), _phone(entry, maker), entry.address, entry.blood, ""]
        )
    pairs = {frozenset(pair) for numbers in by_person.values() for pair in combinations(numbers, 2)}
    return Register(out.getvalue(), pairs)


def _name(entry: Entry) -> str:
    given = f"{entry.given} {entry.middle}".strip()
    if entry.order == "comma":
        return f"{entry.family}, {given}"
    if entry.order == "family_first":
        return f"{entry.family} {given}"
    return f"{given.upper()}  {entry.family.lower()}" if entry.order == "shouting" else f"{given} {entry.family}"


def _sex(entry: Entry, maker: _Maker) -> str:
    return maker.random.choice({"M": ("M", "male", "Male"), "F": ("F", "FEMALE", "f")}[entry.sex])


def _born(entry: Entry, maker: _Maker) -> str:
    if entry.shows_age:
        return str((maker.today - entry.born).days * 100 // 36525)
    return entry.born.strftime(maker.random.choice(("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d.%m.%Y")))


def _phone(entry: Entry, maker: _Maker) -> str:
    if not entry.phone:
        return ""
    p = entry.phone
    return maker.random.choice((p, f"+91 {p[:5]} {p[5:]}", f"0{p}", f"{p[:3]}-{p[3:6]}-{p[6:]}"))

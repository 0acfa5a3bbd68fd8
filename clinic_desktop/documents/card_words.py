"""What each field of a card says, in the languages of its layout."""

from __future__ import annotations

from collections.abc import Callable

from clinic_desktop.clinic.patients.card_design import CardLayout, Element, Item
from clinic_desktop.documents.data import IdCard, Person
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import N_, Language

CAPTIONS = {
    Item.NUMBER: N_("Patient no."),
    Item.CARD_NUMBER: N_("Card no."),
    Item.SEX: N_("Sex"),
    Item.BORN: N_("Born"),
    Item.AGE: N_("Age"),
    Item.BLOOD_GROUP: N_("Blood"),
    Item.ALLERGIES: N_("Allergies"),
    Item.PHONE: N_("Phone"),
    Item.ADDRESS: N_("Address"),
    Item.EMERGENCY_CONTACT: N_("In an emergency call"),
    Item.VALID_UNTIL: N_("Valid until"),
}
_SENTENCES = {
    Item.TITLE: N_("Patient card"),
    Item.NOTICE: N_("Please bring this card to every visit. If you find it, kindly return it to the clinic."),
}
_OF_CARD: dict[Item, Callable[[IdCard, Language], str]] = {
    Item.CLINIC: lambda card, _language: card.letterhead.clinic_name,
    Item.HOSPITAL: lambda card, _language: card.letterhead.hospital_name,
    Item.ADDRESS_OF_CLINIC: lambda card, _language: card.letterhead.address,
    Item.PHONE_OF_CLINIC: lambda card, _language: card.letterhead.phone,
    Item.NAME: lambda card, _language: card.patient.full_name,
    Item.NUMBER: lambda card, _language: card.patient.number,
    Item.CARD_NUMBER: lambda card, _language: card.barcode,
    Item.SEX: lambda card, _language: card.patient.sex,
    Item.BORN: lambda card, language: born_text(card.patient, language),
    Item.AGE: lambda card, _language: card.patient.age,
    Item.BLOOD_GROUP: lambda card, _language: card.blood_group,
    Item.ALLERGIES: lambda card, _language: ", ".join(card.patient.allergies or ()),
    Item.PHONE: lambda card, _language: card.patient.phone,
    Item.ADDRESS: lambda card, _language: card.address,
    Item.EMERGENCY_CONTACT: lambda card, _language: card.emergency_contact,
    Item.VALID_UNTIL: lambda card, language: date_text(card.valid_until, language) if card.valid_until else "",
}


def words_of(one: Element, card: IdCard, layout: CardLayout, language: Language) -> str:
    """What an element says; nothing where the record has nothing."""
    if one.item is Item.TEXT:
        return one.text
    if one.item in _SENTENCES:
        return _in_each(_SENTENCES[one.item], layout, language)
    return _OF_CARD[one.item](card, language)


def caption_of(item: Item, layout: CardLayout, language: Language) -> str:
    """What stands before a field."""
    return _in_each(CAPTIONS.get(item, ""), layout, language)


def _in_each(words: str, layout: CardLayout, language: Language) -> str:
    if not words:
        return ""
    others = (Language(code) for code in layout.languages if code != language.code)
    said = [language.gettext(words), *(other.gettext(words) for other in others)]
    return " / ".join(dict.fromkeys(said))


def born_text(person: Person, language: Language) -> str:
    """Birth date with the age, or whichever is known; an estimated date is left out."""
    if person.birth_date is None or person.birth_date_is_estimated:
        return person.age
    day = date_text(person.birth_date, language)
    return f"{day} · {person.age}" if person.age else day

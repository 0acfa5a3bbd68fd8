from __future__ import annotations
import os, datetime
from datetime import date
import pytest
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.frontdesk import commands as fd
from clinic_desktop.clinic.clinical import commands as cl
from clinic_desktop.clinic.billing import commands as bl
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.screens.pharmacy import SCREEN as P, SEARCH as PS
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.drafts import Drafts
from tests.clinic.clinical.room import line
from tests.clinic.stock.shelf import Shelf, paise
from tests.ui.screens.frontdesk import FrontDesk

PEOPLE = [
    ("Asha", "Kulkarni", Gender.FEMALE, date(1990, 3, 5), "98200 11001", "Penicillin, peanuts"),
    ("محمد", "عبد الله", Gender.MALE, date(1971, 6, 1), "98200 11002", None),
    ("सुनीता", "देशपांडे", Gender.FEMALE, date(1955, 1, 9), "98200 11003", None),
    ("Venkatanarasimharajuvaripeta", "Subrahmanyam Iyer", Gender.MALE, date(1949, 2, 3), "98200 11005", "Sulfa drugs"),
    ("Farah", "Ansari", Gender.FEMALE, date(1988, 8, 8), "98200 11006", None),
    ("Asha", "Kulkarni", Gender.FEMALE, date(1962, 3, 5), "98200 11009", None),
]

def lived_in(world, clock):
    front, shelf = FrontDesk(world), Shelf.open(world)
    Shelf.open(world, "Ward store")
    drugs = {}
    for name, price, stock in (("Paracetamol 500 mg", 250, [(4, "SOON-1", date(2026, 5, 31)), (200, "PCM-22", date(2027, 6, 30))]),
        ("Amoxicillin + Clavulanic acid 625 mg", 2250, [(60, "AMX-9", date(2026, 12, 31)), (30, "AMX-10", date(2027, 3, 31))]),
        ("Cetirizine 10 mg", 180, [(3, "CTZ-1", date(2026, 9, 30))]), ("Salbutamol inhaler 100 mcg", 15500, []), ("ORS sachet", 2200, [(80, "ORS-7", date(2027, 1, 31))])):
        m, item = shelf.medicine(name, price=paise(price), ingredients=name.split(" ")[0] if "+" not in name else "Amoxicillin, Clavulanic acid", tax_configuration_id=world.taxes["GST 5 %"])
        for n, b, e in stock:
            shelf.receive(item, n, number=b, expiry=e)
        drugs[name] = m
    d = list(drugs.values())
    people = [front.patient(f, l, gender=g, date_of_birth=b, phone=t, allergies=a) for f, l, g, b, t, a in PEOPLE]
    doctor = world.actor("doctor")
    rx = []
    for n, p in enumerate(people):
        v = front.walk_in(p).visit_id
        world.db.run(doctor, fd.call, visit_id=v, room="1")
        world.db.run(doctor, fd.start_consultation, visit_id=v)
        items = [[line(d[0], instructions="After food"), line(d[1]), line(d[2], duration_days=3), line(d[3], duration_days=1)], [line(d[0])], [line(d[3], duration_days=2)], [line(d[0]), line(d[4])], [line(d[1])], [line(d[0], duration_days=2), line(d[2], duration_days=1)]][n]
        rx.append(world.db.run(doctor, cl.write_prescription, key=new_id(), visit_id=v, items=tuple(items), diagnosis="Acute bronchitis", override_reason="Doctor confirmed, tolerated before"))
        world.db.run(doctor, cl.save_consultation, visit_id=v, complaint="Fever for two days")
        world.db.run(doctor, cl.sign_consultation, visit_id=v)
        clock.advance(minutes=7)
    return front, people, rx


@pytest.mark.parametrize("look", ["light", "dark", "ar"])
def test_pics_pharmacy(look, world, desk_as, preferences, show, settle, qapp, clock, picture):
    front, people, rx = lived_in(world, clock)
    lang = "ar" if look == "ar" else "en"
    activate(lang)
    apply_theme(qapp, "dark" if look == "dark" else "light", right_to_left=lang == "ar")
    shell = Shell(desk_as("pharmacist"), preferences, Drafts(), [P], [PS])
    show(shell)
    shell.open_home()
    settle()
    picture(shell, f"pharmacy-{look}-0")
    s = shell.current
    s.table.select(rx[0].prescription_id)
    settle()
    picture(shell, f"pharmacy-{look}-1")
    s.counter.warnings.reason.setText("Doctor was asked")
    s.counter.lines.lines[0].quantity.setValue(6)
    s.counter.dispense.click()
    settle()
    picture(shell, f"pharmacy-{look}-2")
    s.table.select(rx[3].prescription_id)
    settle()
    s.counter.lines.lines[0].other.click()
    settle()
    dlg = qapp.activeModalWidget()
    picture(dlg, f"pharmacy-{look}-3")
    dlg.reject()
    s.counter.dispense.click(); settle()
    s.counter.warnings.reason.setText("x"); s.counter.dispense.click(); settle()
    picture(shell, f"pharmacy-{look}-4")


from clinic_desktop.ui.screens.cashier import SCREEN as C, SEARCH as CS
from clinic_desktop.clinic.pharmacy import commands as ph
from clinic_desktop.clinic.stock.queries import locations
from clinic_desktop.clinic.billing.rules import Tender, PaymentMethod
from tests.clinic.world import money


@pytest.mark.parametrize("look", ["light", "dark", "ar"])
def test_pics_cashier(look, world, desk_as, preferences, show, settle, qapp, clock, picture):
    front, people, rx = lived_in(world, clock)
    with world.db.read() as session:
        place = next(p.id for p in locations(session, clinic_id=world.clinic_id) if p.name == "Pharmacy")
    for r in (rx[0], rx[1], rx[3]):
        from clinic_desktop.clinic.pharmacy.queries import pick_plan
        from clinic_desktop.clinic.pharmacy.rules import DispenseLine
        with world.db.read() as session:
            plan = pick_plan(session, r.prescription_id, place, now=world.db.clock())
        world.db.run(world.actor("pharmacist"), ph.dispense, key=new_id(), prescription_id=r.prescription_id, location_id=place, lines=tuple(DispenseLine(l.prescription_item_id, l.owed - l.missing) for l in plan if l.owed - l.missing), override_reason="asked")
    front.walk_in(front.patient("Lakshmi", "Rao"))
    lang = "ar" if look == "ar" else "en"
    activate(lang)
    apply_theme(qapp, "dark" if look == "dark" else "light", right_to_left=lang == "ar")
    shell = Shell(desk_as("cashier"), preferences, Drafts(), [C], [CS])
    show(shell)
    shell.open_home()
    settle()
    picture(shell, f"cashier-{look}-0")
    s = shell.current
    s.opening.amount.setText("1000")
    s.opening.button.click()
    settle()
    picture(shell, f"cashier-{look}-1")
    s.table.select_first()
    settle()
    picture(shell, f"cashier-{look}-2")
    s.bill.start_payment()
    dlg = qapp.activeModalWidget()
    dlg._split()
    dlg.rows[0].amount.setText("500"); dlg.rows[1].amount.setText("355.17"); dlg.rows[0].tendered.setText("600")
    picture(dlg, f"cashier-{look}-3")
    dlg.take.click()
    settle()
    import time
    from PySide6.QtTest import QTest
    for _ in range(100):
        if qapp.activeModalWidget() is not None and qapp.activeModalWidget() is not dlg: break
        QTest.qWait(50)
    picture(qapp.activeModalWidget(), f"cashier-{look}-4")
    qapp.activeModalWidget().reject()
    settle()
    picture(shell, f"cashier-{look}-5")
    s.bill._ask_refund()
    dlg = qapp.activeModalWidget()
    dlg.method.set_value(PaymentMethod.UPI)
    dlg.form["reason"].setText("Not seen"); dlg.post.click(); settle()
    picture(dlg, f"cashier-{look}-6")
    dlg.reject()
    s.close_till.click()
    dlg = qapp.activeModalWidget()
    list(dlg.counts.values())[0].setValue(3)
    dlg.close_till.click()
    picture(dlg, f"cashier-{look}-7")
    dlg.reject()
    settle()


from datetime import timedelta
from clinic_desktop.ui.screens.settlement import SCREEN as SE
from clinic_desktop.clinic.billing.queries import cashier_worklist
from clinic_desktop.clinic.billing.rules import Pieces
from clinic_desktop.kernel.money import Money


@pytest.mark.parametrize("look", ["light", "dark", "ar"])
def test_pics_settle(look, world, desk_as, preferences, show, settle, qapp, clock, picture, qtbot):
    front = FrontDesk(world)
    for day in range(3):
        with world.db.read() as session:
            today = date(2026, 3, 2) + timedelta(days=day)
        for role in ("cashier", "admin"):
            front.run(role, bl.open_till, clinic_id=world.clinic_id, opening_float=money(500))
        for n in range(5):
            front.walk_in(front.patient(f"P{day}{n}", "Rao"))
        with world.db.read() as session:
            rows = cashier_worklist(session, world.clinic_id, today)
        for n, r in enumerate(rows[:4]):
            front.run("cashier" if n % 2 else "admin", bl.issue_and_take, invoice_id=r.id, tenders=(Tender(list(PaymentMethod)[n % 3], r.balance, f"T{day}{n}" if n % 3 else None),))
        if day < 2:
            for role in ("cashier", "admin"):
                with world.db.read() as session:
                    from clinic_desktop.clinic.billing.queries import till
                    t = till(session, world.users[role])
                front.run(role, bl.close_till, clinic_id=world.clinic_id, counted=(Pieces(Money(100, "INR"), t.expected.minor // 100 - (5 if role == "cashier" else 0)),), note="5 short" )
            if day == 0:
                front.run("cashier", bl.settle_day, clinic_id=world.clinic_id, day=today, note="Five rupees of small change are missing")
            clock.advance(days=1)
    lang = "ar" if look == "ar" else "en"
    activate(lang)
    apply_theme(qapp, "dark" if look == "dark" else "light", right_to_left=lang == "ar")
    shell = Shell(desk_as("admin"), preferences, Drafts(), [P, C, SE], [])
    show(shell)
    shell.open("settlement")
    settle()
    picture(shell, f"settle-{look}-0")
    s = shell.current
    s.view.count.click(); settle()
    picture(qapp.activeModalWidget(), f"settle-{look}-1")
    qapp.activeModalWidget().reject()
    s.table.select(date(2026, 3, 3)); settle()
    picture(shell, f"settle-{look}-2")
    s.settle.click()
    d = qapp.activeModalWidget()
    d.settle.click()
    picture(d, f"settle-{look}-3")
    d.note.setPlainText("Five missing"); d.settle.click(); settle()
    qtbot.waitUntil(lambda: qapp.activeModalWidget() is not None and qapp.activeModalWidget() is not d)
    picture(qapp.activeModalWidget(), f"settle-{look}-4")
    qapp.activeModalWidget().reject(); settle()
    picture(shell, f"settle-{look}-5")

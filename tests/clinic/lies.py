"""One lie for each check: what is written behind the program's back, and the number that must be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lie:
    """``row`` is SQL for the number of the row that will lie; ``also`` names checks that may see the same lie."""

    check: str
    row: str
    sql: tuple[str, ...]
    also: tuple[str, ...] = ()


PAID = "SELECT min(number) FROM invoices WHERE status = 'PAID' AND credited = 0"
PATIENT = "SELECT min(patient_number) FROM patients WHERE phone IS NOT NULL"
SIGNED = "SELECT min(p.patient_number) FROM patients p JOIN consultations c ON c.patient_id = p.id"
DISPENSED = "SELECT min(number) FROM prescriptions WHERE status = 'DISPENSED'"
GIVEN = "SELECT min(b.batch_number) FROM medicine_batches b JOIN stock_movements m ON m.batch_id = b.id WHERE m.type = 'DISPENSE'"
BOOKED = "SELECT min(booking_id) FROM appointments WHERE status = 'COMPLETED'"
CAME = "SELECT min(p.patient_number) FROM patients p JOIN visits v ON v.patient_id = p.id WHERE v.status = 'COMPLETED'"
WALKED_IN = (
    "SELECT min(p.patient_number) FROM patients p JOIN visits v ON v.patient_id = p.id"
    " WHERE v.status = 'COMPLETED' AND v.appointment_id IS NULL AND p.id NOT IN (SELECT patient_id FROM appointments)"
)
OF_PATIENT = "(SELECT id FROM patients WHERE patient_number = '{0}')"
VISIT_OF = f"(SELECT id FROM visits WHERE status = 'COMPLETED' AND patient_id = {OF_PATIENT})"
OF_INVOICE = "(SELECT id FROM invoices WHERE number = '{0}')"
LINE_OF = f"(SELECT min(CAST(id AS TEXT)) FROM invoice_items WHERE removed_at IS NULL AND invoice_id = {OF_INVOICE})"
OF_BATCH = "(SELECT id FROM medicine_batches WHERE batch_number = '{0}')"
ITEM_OF = (
    "(SELECT min(CAST(i.id AS TEXT)) FROM prescription_items i JOIN prescriptions p ON p.id = i.prescription_id WHERE p.number = '{0}')"
)
CLOSED_TILL = "SELECT min(business_date) FROM till_sessions"
HANDED = "(SELECT min(CAST(id AS TEXT)) FROM pharmacy_dispensing_items WHERE quantity_returned = 0 AND total > 0)"
HANDED_NAME = (
    f"SELECT name FROM inventory_items WHERE id = (SELECT item_id FROM pharmacy_dispensing_items WHERE CAST(id AS TEXT) = {HANDED})"
)

LIES = (
    Lie("B1 backups", "SELECT min(file) FROM backups", ("UPDATE backups SET seq = 1000000 WHERE file = '{0}'",)),
    Lie(
        "B2 stored files",
        f"SELECT '{'ab' * 32}'",
        ("INSERT INTO document_blobs (sha256, content, put_at) VALUES ('{0}', '', '2020-01-01 00:00:00+00:00')",),
    ),
    Lie("A1 administrator", "SELECT 'no active user'", ("UPDATE users SET status = 'DISABLED'",)),
    Lie("A2 password hashes", "SELECT 'cashier'", ("UPDATE users SET password_hash = 'secret' WHERE username = 'cashier'",)),
    Lie(
        "C1 prescription status",
        DISPENSED,
        ("UPDATE prescriptions SET status = 'ACTIVE' WHERE number = '{0}'",),
        also=("C1 prescription ledger",),
    ),
    Lie(
        "C1 prescription ledger",
        DISPENSED,
        (f"UPDATE prescription_items SET duration_days = duration_days + 1 WHERE CAST(id AS TEXT) = {ITEM_OF}",),
        also=("C1 prescription versions",),
    ),
    Lie("C1 signed diagnoses", "SELECT 'Nothing at all'", ("UPDATE consultation_diagnoses SET text = 'Nothing at all'",)),
    Lie("C1 prescription versions", DISPENSED, ("UPDATE prescriptions SET notes = 'All at once' WHERE number = '{0}'",)),
    Lie(
        "C1 signatures and visits",
        SIGNED,
        (f"UPDATE consultations SET signed_at = NULL WHERE patient_id = {OF_PATIENT}",),
        also=("C1 signed consultations",),
    ),
    Lie("C1 signed consultations", SIGNED, (f"UPDATE consultations SET diagnosis = 'Healthy' WHERE patient_id = {OF_PATIENT}",)),
    Lie(
        "C3 merged patients",
        PATIENT,
        ("UPDATE patients SET status = 'MERGED', merged_into_id ="
         f" (SELECT min(CAST(id AS TEXT)){{uuid}} FROM patients WHERE id <> {OF_PATIENT})"
         " WHERE patient_number = '{0}'",),
        also=("P1 patient search columns",),  # the record that it is said to lead to is not found by its words
    ),
    Lie("Q1 doctors' ratings", "SELECT '3 reviews'", ("UPDATE doctor_ratings SET total_reviews = 3, rating_sum = 9",)),
    Lie(
        "Q2 reviews and visits",
        "SELECT '4 stars'",
        ("UPDATE reviews SET patient_id = (SELECT min(CAST(id AS TEXT)){uuid} FROM patients WHERE id <> reviews.patient_id)"
         " WHERE rating = 4",),
    ),
    Lie(
        "F1 status steps",
        CAME,
        (f"UPDATE appointment_status_log SET from_status = 'COMPLETED' WHERE to_status = 'CALLED' AND visit_id = {VISIT_OF}",),
        also=("F2 statuses against their log",),
    ),
    Lie(
        "F2 statuses against their log",
        CAME,
        (f"DELETE FROM appointment_status_log WHERE to_status = 'CALLED' AND visit_id = {VISIT_OF}",),
    ),
    Lie(
        "F3 appointments agree with visits",
        BOOKED,
        ("UPDATE appointments SET status = 'CONFIRMED' WHERE booking_id = '{0}'",),
        also=("F2 statuses against their log",),
    ),
    Lie("F4 visit times", CAME, (f"UPDATE visits SET check_in_time = NULL WHERE id = {VISIT_OF}",)),
    Lie("F5 bookings whole", WALKED_IN, (f"UPDATE visits SET visit_type = 'SCHEDULED' WHERE id = {VISIT_OF}",)),
    Lie(
        "F6 visits waiting to pay",
        WALKED_IN,
        (f"UPDATE visits SET status = 'PENDING_PAYMENT' WHERE id = {VISIT_OF}",),
        also=("F2 statuses against their log",),
    ),
    Lie(
        "J2 foreign keys", "SELECT 'appointments.service_id'", ("DELETE FROM services WHERE code = 'CONS'",)
    ),
    Lie("J3 command keys", "SELECT 'has no answer'", ("UPDATE command_keys SET result = NULL WHERE command = 'billing.settle_day'",)),
    Lie(
        "M1 dispensing totals",
        "SELECT min(p.patient_number) FROM patients p JOIN pharmacy_dispensing d ON d.patient_id = p.id",
        (f"UPDATE pharmacy_dispensing SET total = total + 100 WHERE patient_id = {OF_PATIENT}",),
    ),
    Lie(
        "M1 invoice lines",
        PAID,
        (f"UPDATE invoice_items SET tax = tax + 1, total = total + 1 WHERE CAST(id AS TEXT) = {LINE_OF}",),
        also=("M1 invoice totals", "M3 issued lines"),
    ),
    Lie(
        "M1 invoice payments",
        PAID,
        ("UPDATE invoices SET paid = paid - 100, balance = balance + 100 WHERE number = '{0}'",),
        also=("M1 invoice status",),
    ),
    Lie("M1 invoice status", PAID, ("UPDATE invoices SET status = 'PENDING' WHERE number = '{0}'",)),
    Lie(
        "M1 invoice totals",
        PAID,
        ("UPDATE invoices SET subtotal = subtotal + 100, total = total + 100, balance = balance + 100 WHERE number = '{0}'",),
        also=("M1 invoice status", "M3 issued invoices"),
    ),
    Lie(
        "M1 payment allocations",
        "SELECT min(receipt_number) FROM payments WHERE method <> 'CASH'",
        ("UPDATE payments SET amount = amount + 100, tendered = tendered + 100 WHERE method <> 'CASH' AND receipt_number = '{0}'",),
        also=("M3 money ledgers", "M7 settlements"),
    ),
    Lie(
        "M2 dispensed units charged",
        HANDED_NAME,
        (f"UPDATE invoice_items SET source_type = 'nothing' WHERE CAST(source_id AS TEXT) = {HANDED}",),
        also=("M3 issued lines",),
    ),
    Lie("M3 issued invoices", PAID, ("UPDATE invoices SET business_date = '2026-03-01' WHERE number = '{0}'",)),
    Lie("M3 issued lines", "SELECT 'Free gift'", ("UPDATE invoice_items SET description = 'Free gift' WHERE kind = 'CONSULTATION'",)),
    Lie(
        "M3 money ledgers",
        "SELECT min(number) FROM credit_notes",
        ("UPDATE credit_notes SET business_date = '2026-03-01' WHERE number = '{0}'",),
        also=("M7 settlements", "M9 doctor settlements"),
    ),
    Lie(
        "M4 credit notes",
        "SELECT min(number) FROM credit_notes",
        ("UPDATE credit_note_items SET amount = amount + 100, tax = tax + 100",),
        also=("M3 money ledgers",),
    ),
    Lie(
        "M4 refunds",
        "SELECT min(p.receipt_number) FROM payments p JOIN refunds r ON r.payment_id = p.id",
        ("UPDATE refunds SET amount = amount * 100000",),
        also=("M1 invoice payments", "M3 money ledgers", "M7 settlements", "M7 tills", "M9 doctor settlements"),
    ),
    Lie(
        "M5 wallets",
        "SELECT p.patient_number FROM patients p JOIN wallet_transactions w ON w.patient_id = p.id WHERE w.sequence = 1",
        ("UPDATE wallet_transactions SET balance_after = balance_after + 100 WHERE sequence = 2",),
    ),
    Lie(
        "M7 settlements",
        "SELECT min(business_date) FROM daily_settlements",
        ("UPDATE daily_settlements SET payments_total = payments_total + 100, net_total = net_total + 100 WHERE business_date = '{0}'",),
    ),
    Lie(
        "M7 till entries",
        "SELECT min(receipt_number) FROM payments",
        ("UPDATE payments SET received_by = (SELECT id FROM users WHERE username = 'nurse') WHERE receipt_number = '{0}'",),
        also=("M3 money ledgers", "M7 settlements"),
    ),
    Lie(
        "M7 tills",
        CLOSED_TILL,
        ("UPDATE till_sessions SET expected = expected + 100, difference = difference - 100 WHERE business_date = '{0}'",),
        also=("M7 settlements",),
    ),
    Lie(
        "M8 settled days",
        "SELECT min(receipt_number) FROM payments",
        ("UPDATE daily_settlements SET settled_at = '2026-03-01 00:00:00.000000'",),
    ),
    Lie(
        "M9 doctor settlements",
        "SELECT min(period_to) FROM doctor_settlements",
        ("UPDATE doctor_settlements SET earned = earned + 100, paid = paid + 100",),
    ),
    Lie(
        "M9 shares",
        "SELECT min(i.number) FROM invoices i JOIN invoice_items l ON l.invoice_id = i.id WHERE l.center_share > 100",
        ("UPDATE invoice_items SET doctor_share = doctor_share + 7, center_share = center_share - 7"
         f" WHERE kind = 'CONSULTATION' AND invoice_id = {OF_INVOICE}",),
        also=("M3 issued lines", "M9 doctor settlements"),
    ),
    Lie(
        "N1 booking numbers", BOOKED, ("UPDATE appointments SET booking_id = 'APT-2026-77777' WHERE booking_id = '{0}'",)
    ),
    Lie("N1 card numbers", "SELECT min(card_number) FROM id_cards",
        ("UPDATE id_cards SET card_number = 'CRD-7' WHERE card_number = '{0}'",)),
    Lie(
        "N1 credit note numbers",
        "SELECT min(number) FROM credit_notes",
        ("UPDATE credit_notes SET number = 'CRN-2026-77777' WHERE number = '{0}'",),
        also=("M3 money ledgers",),
    ),
    Lie(
        "N1 invoice numbers", PAID, ("UPDATE invoices SET number = 'INV-2026-77777' WHERE number = '{0}'",), also=("M3 issued invoices",)
    ),
    Lie("N1 number series", "SELECT 'nonsense'", ("UPDATE id_sequences SET kind = 'nonsense' WHERE kind = 'id_card'",),
        also=("N1 card numbers",)),
    Lie(
        "N1 one main clinic",
        "SELECT 'none'",
        ("UPDATE clinics SET is_main = (1 = 0)",),
        also=tuple(
            f"N1 {what} numbers"
            for what in ("booking", "card", "credit note", "invoice", "patient", "prescription", "privacy request", "receipt", "refund")
        ),
    ),
    Lie(
        "N1 patient numbers",
        PATIENT,
        ("UPDATE patients SET patient_number = 'PAT-2026-77777' WHERE patient_number = '{0}'",),
        also=("P1 patient search columns",),
    ),
    Lie(
        "N1 prescription numbers",
        DISPENSED,
        ("UPDATE prescriptions SET number = 'RX-2026-77777' WHERE number = '{0}'",),
        also=("C1 prescription ledger", "C1 prescription status"),
    ),
    Lie(
        "N1 queue numbers", "SELECT 999", ("UPDATE appointment_queue SET queue_number = 999 WHERE queue_number = 1",)
    ),
    Lie(
        "N1 receipt numbers",
        "SELECT min(receipt_number) FROM payments",
        ("UPDATE payments SET receipt_number = 'RCT-2026-77777' WHERE receipt_number = '{0}'",),
        also=("M3 money ledgers",),
    ),
    Lie(
        "N1 refund numbers",
        "SELECT min(number) FROM refunds",
        ("UPDATE refunds SET number = 'REF-2026-77777' WHERE number = '{0}'",),
        also=("M3 money ledgers",),
    ),
    Lie("N2 settings", "SELECT 'queue.skip_behind'", ("UPDATE hospital_settings SET value = '\"four\"'",)),
    Lie("P1 patient search columns", PATIENT, ("UPDATE patients SET full_name = 'Nobody Else' WHERE patient_number = '{0}'",)),
    Lie("P1 words of names", "SELECT min(word) FROM name_words", ("DELETE FROM name_words WHERE word = '{0}'",)),
    Lie("P3 card designs", "SELECT min(card_number) FROM id_cards",
        ("UPDATE id_cards SET template = 'nobody' WHERE card_number = '{0}'",)),
    Lie(
        "P2 shared phones",
        "SELECT patient_number FROM patients WHERE phone_owner_id IS NOT NULL",
        ("UPDATE patients SET phone_owner_id = (SELECT min(CAST(id AS TEXT)){uuid} FROM patients WHERE first_name <> 'Ila')"
         " WHERE patient_number = '{0}'",),
    ),
    Lie("S1 stock history", GIVEN,
        (f"UPDATE stock_movements SET moved_at = '2026-01-01 00:00:00.000000' WHERE entry_number = 2 AND batch_id = {OF_BATCH}",),
        also=("S1 stock ledger", "S1 stock on hand")),
    Lie("S1 stock ledger", GIVEN, (f"UPDATE stock_movements SET type = 'DAMAGED' WHERE entry_number = 2 AND batch_id = {OF_BATCH}",)),
    Lie("S1 stock on hand", GIVEN, ("UPDATE medicine_batches SET quantity_on_hand = quantity_on_hand + 1 WHERE batch_number = '{0}'",)),
    Lie("S3 expired stock", GIVEN, ("UPDATE medicine_batches SET expiry = '2026-03-01' WHERE batch_number = '{0}'",)),
    Lie(
        "S3 withdrawn stock",
        "SELECT batch_number FROM medicine_batches WHERE status = 'RECALLED'",
        (f"UPDATE stock_movements SET entry_number = 900, batch_id = {OF_BATCH}"
         " WHERE CAST(id AS TEXT) = (SELECT min(CAST(id AS TEXT)) FROM stock_movements WHERE type = 'DISPENSE')",),
        also=("S1 stock history", "S1 stock ledger", "S1 stock on hand", "S6 dispensing and stock"),
    ),
    Lie(
        "S4 dispensed quantities",
        DISPENSED,
        (f"UPDATE prescription_items SET quantity_dispensed = quantity_dispensed - 1 WHERE CAST(id AS TEXT) = {ITEM_OF}",),
        also=("C1 prescription ledger", "C1 prescription status"),
    ),
    Lie(
        "S4 returned quantities",
        HANDED_NAME,
        (f"UPDATE pharmacy_dispensing_items SET quantity_returned = 1 WHERE CAST(id AS TEXT) = {HANDED}",),
    ),
    Lie(
        "S6 adjustments",
        "SELECT reason FROM stock_adjustments",
        ("UPDATE stock_adjustment_lines SET quantity = quantity - 1",),
    ),
    Lie(
        "S6 dispensing and stock",
        HANDED_NAME,
        (f"UPDATE pharmacy_dispensing_items SET quantity = quantity + 1 WHERE CAST(id AS TEXT) = {HANDED}",),
        also=("M1 dispensing totals", "M2 dispensed units charged", "S4 dispensed quantities"),
    ),
    Lie("N1 privacy request numbers", "SELECT 'PRV-2026-00001'", ("UPDATE privacy_requests SET number = 'PRV-2026-00007'",)),
    Lie(
        "O1 sent messages",
        "SELECT min(recipient) FROM notification_queue WHERE status = 'SENT'",
        ("UPDATE notification_queue SET payload = 'still here' WHERE recipient = '{0}'",),
    ),
    Lie(
        "R1 archives",
        "SELECT file_name FROM archives",
        ("UPDATE archives SET contents = '{\"tables\":{},\"until\":{},\"documents\":{\"x\":1}}'",),
    ),
    Lie(
        "R2 erased patients",
        "SELECT patient_number FROM patients WHERE erased_at IS NOT NULL",
        ("UPDATE patients SET address = '12 Hill Road' WHERE erased_at IS NOT NULL",),
    ),
    Lie("F7 services of appointments", BOOKED, ("UPDATE appointments SET fee = fee + 1 WHERE booking_id = '{0}'",)),
    Lie("T1 added slots", "SELECT '2026-04-06'",
        ("UPDATE time_slots SET end_time = '20:45:00.000000' WHERE start_time = '20:00:00.000000'",)),
    Lie("T1 appointments and visits", BOOKED, (
        "UPDATE visits SET planned_at = '2026-03-02 00:00:00.000000'"
        " WHERE appointment_id = (SELECT id FROM appointments WHERE booking_id = '{0}')",
    )),
    Lie(
        "T1 doctor overlaps",
        "SELECT b.booking_id FROM appointments a JOIN appointments b ON b.doctor_id = a.doctor_id AND b.start_time > a.start_time"
        " AND b.business_date = a.business_date AND a.status = 'COMPLETED' AND b.status = 'COMPLETED' ORDER BY b.start_time LIMIT 1",
        ("UPDATE appointments SET end_time = '2026-03-02 13:30:00.000000' WHERE booking_id <> '{0}' AND status = 'COMPLETED'"
         " AND doctor_id = (SELECT doctor_id FROM appointments WHERE booking_id = '{0}')"
         " AND start_time < (SELECT start_time FROM appointments WHERE booking_id = '{0}')",),
    ),
    Lie("T1 leaves", "SELECT '2026-05-11'", ("UPDATE doctor_leaves SET last_day = '2026-05-11' WHERE first_day = '2026-05-04'",)),
    Lie(
        "T1 patient overlaps",
        "SELECT max(booking_id) FROM appointments WHERE status = 'COMPLETED'",
        ("UPDATE appointments SET patient_id = (SELECT patient_id FROM appointments WHERE booking_id = '{0}'),"
         " end_time = '2026-03-02 13:30:00.000000' WHERE status = 'COMPLETED'",),
        also=("T1 appointments and visits", "T1 doctor overlaps"),
    ),
    Lie("T1 lengths", BOOKED, ("UPDATE appointments SET length_minutes = 1440 WHERE booking_id = '{0}'",)),
    Lie(
        "T1 room overlaps",
        "SELECT max(b.booking_id) FROM appointments a JOIN appointments b ON b.doctor_id <> a.doctor_id AND b.start_time >= a.start_time"
        " AND b.start_time < a.end_time AND a.status = 'PENDING' AND b.status = 'PENDING'",
        ("UPDATE appointments SET room = '9'",),
    ),
    Lie(
        "P3 consents",
        "SELECT min(p.patient_number) FROM patients p JOIN patient_consents c ON c.patient_id = p.id",
        ("UPDATE patient_consents SET template_version = 'en 9'",),
    ),
    Lie("T1 slot capacity", BOOKED, ("UPDATE appointments SET slot_place = 2 WHERE booking_id = '{0}'",)),
    Lie("T1 weekly hours", "SELECT 'room in two places'", ("UPDATE doctor_schedules SET room = '1'",)),
    Lie(
        "T2 cancelled places",
        "SELECT min(p.patient_number) FROM patients p JOIN invoices i ON i.patient_id = p.id"
        " WHERE i.status = 'CANCELLED' AND i.number IS NULL",
        (f"UPDATE invoices SET status = 'DRAFT' WHERE status = 'CANCELLED' AND number IS NULL AND patient_id = {OF_PATIENT}",),
    ),
    Lie(
        "T3 open queue entries",
        "SELECT p.patient_number FROM patients p JOIN appointment_queue q ON q.patient_id = p.id"
        " WHERE q.queue_number = 1 AND q.business_date = '2026-03-02'",
        ("DROP INDEX uq_appointment_queue_open",
         f"UPDATE appointment_queue SET state = 'OPEN', patient_id = {OF_PATIENT},"
         " doctor_id = (SELECT min(CAST(id AS TEXT)){uuid} FROM doctors) WHERE queue_number < 5 AND business_date = '2026-03-02'"),
        also=("T3 queue entries and visits", "T2 cancelled places"),
    ),
    Lie(
        "T3 queue entries and visits",
        "SELECT min(queue_number) FROM appointment_queue WHERE state = 'CLOSED'",
        ("UPDATE appointment_queue SET state = 'RESERVED' WHERE queue_number = {0} AND business_date = '2026-03-02'",),
    ),
    Lie("Y1 decided conflicts", "SELECT kind FROM sync_conflicts", ("UPDATE sync_conflicts SET decision = 'OTHER' WHERE kind = '{0}'",)),
)  # fmt: skip

"""What the tables' records are called by people."""

from clinic_desktop.kernel.i18n import N_

ENTITIES = {
    "appointment_queue": N_("queue number"),
    "appointments": N_("appointment"),
    "clinics": N_("clinic"),
    "consultations": N_("consultation"),
    "doctors": N_("doctor"),
    "holidays": N_("holiday"),
    "hospitals": N_("hospital"),
    "id_cards": N_("ID card"),
    "inventory_items": N_("item"),
    "invoice": N_("invoice"),
    "invoice_item": N_("invoice line"),
    "invoices": N_("invoice"),
    "medicine_batches": N_("batch"),
    "patients": N_("patient"),
    "payment": N_("payment"),
    "payments": N_("payment"),
    "prescriptions": N_("prescription"),
    "record": N_("record"),
    "roles": N_("role"),
    "services": N_("service"),
    "stock_adjustments": N_("stock adjustment"),
    "stock_locations": N_("stock location"),
    "tax_configurations": N_("tax"),
    "till_session": N_("till"),
    "users": N_("user"),
    "visit_invoice": N_("invoice of the visit"),
    "visits": N_("visit"),
}

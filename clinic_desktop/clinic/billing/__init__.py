"""Invoices, payments, refunds, credit notes, tills, daily and doctors' settlements."""

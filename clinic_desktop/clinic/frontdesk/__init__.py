"""The front desk: appointments, visits and the queue."""

"""Stock: items, medicines, batches, and the ledger of every movement."""

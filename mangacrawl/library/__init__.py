"""What a series has: its ledger, what is wanted of it and missing, what earlier runs left."""

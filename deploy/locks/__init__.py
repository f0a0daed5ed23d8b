"""Who may do what at NATS: keys, accounts, users, and what each kind of them needs."""

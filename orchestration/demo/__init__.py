"""The demo salons: a seeded generator of raw files, and the answers a warehouse must give for them."""

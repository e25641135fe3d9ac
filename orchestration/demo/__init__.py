"""Demo salons: a seeded generator of raw files, and the answers that they must give."""

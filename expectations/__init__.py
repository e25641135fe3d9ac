"""Great Expectations: suites that guard the seams, one file per table, and what runs them."""

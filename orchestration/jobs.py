"""The names of the jobs, for whoever starts them without importing Dagster.

Put here names. Do not put here the jobs (automation.py).
"""

REFRESH_JOB = "refresh"
NIGHTLY_JOB = "nightly_verification"
VERIFICATION_JOB = "verification"
EXPORT_JOB = "export"

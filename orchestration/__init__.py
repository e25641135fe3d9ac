"""Chairside: loading, refreshing, checking and exporting, wired together by Dagster."""

"""The `chairside` command line: one module a command, loaded only when that command runs.

Put here how a person asks for something and how the answer is shown. Do not put here the work
itself, which lives in the topic packages and runs without a terminal.
"""

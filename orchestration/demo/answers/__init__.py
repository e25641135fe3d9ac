"""The answers that a warehouse must give for a demo, worked out from the generator's own books."""

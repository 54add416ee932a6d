"""``make load``: many clients at once against the whole system, while heavy jobs run."""

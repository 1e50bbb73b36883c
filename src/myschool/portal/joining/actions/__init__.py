"""What can be done with a request: submit (the family), decide (the school), remind (the clock)."""

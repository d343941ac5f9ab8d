"""Every write of WHEN: clocks, editions of the calendar, time rules, the sweep."""

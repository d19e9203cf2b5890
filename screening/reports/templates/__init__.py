"""Templates and style sheets of the reports, as data."""

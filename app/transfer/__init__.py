"""Import of what another system knew, and export of everything, as jobs that outlive any process."""

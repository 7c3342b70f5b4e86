"""A whole competition from a data file, through the services: the demo, the rehearsal, the load generator."""

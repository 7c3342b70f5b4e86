class Halted(Exception):
    """A backup, a restore or a drill cannot go on; the message says why and what to do."""

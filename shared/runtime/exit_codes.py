"""How a service's process ends, for whoever started it."""

STOPPED = 0
REFUSES = 3  # the log, or what stands on it, can't be trusted
CLOSED = 5  # the connection to NATS was closed for good, and a new process has to be started
NO_PORT = 1  # somebody else listens where the HTTP side is to
UNREADABLE = 6  # the database's file is corrupt

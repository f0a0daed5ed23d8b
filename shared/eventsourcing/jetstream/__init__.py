"""The event log on NATS JetStream; the only place in the kernel that speaks nats-py."""

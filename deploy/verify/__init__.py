"""Proves the suite right: logs, receipts, reactions, what is public and every row, from the log."""

from deploy.verify.findings import Verdict
from deploy.verify.prove import verify

__all__ = ["Verdict", "verify"]

"""Files of rows: CSV, JSON Lines and Parquet, each row with the line where it stands."""

from deploy.feeding.tables.opening import open_table, read_rows
from deploy.feeding.tables.record import Record, Rejects, Table

__all__ = ["Record", "Rejects", "Table", "open_table", "read_rows"]

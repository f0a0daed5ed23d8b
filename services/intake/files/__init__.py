"""Files that go with reports: cleaned in a process of their own, sealed, and kept."""

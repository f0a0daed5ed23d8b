"""What comes into the suite from outside: mappings, published files, the demonstration's replay."""

"""What people report on the site, and what becomes of it under a code that only they have."""

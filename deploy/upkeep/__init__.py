"""What declares the suite's streams and mends them: pruning, redoing, beginning anew."""

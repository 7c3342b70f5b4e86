"""Problem in, result out: pure mathematics of a competition."""

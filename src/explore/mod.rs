//! Layer 5: generated scenarios: expand, shrink, write.

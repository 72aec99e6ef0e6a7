//! Layer 3: generated values and sessions, pure and sync.

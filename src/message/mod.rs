//! Layer 1: messages: their parts, and whether a delivered one is the one that was sent.

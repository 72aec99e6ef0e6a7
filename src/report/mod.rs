//! Layer 6: what a run found, as data and in the forms people and machines read.

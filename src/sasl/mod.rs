//! Layer 1: the client side of SASL mechanisms, pure.

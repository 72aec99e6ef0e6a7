//! Layer 3: the server under test: endpoints, accounts, facts, known deviations; and how it is started.

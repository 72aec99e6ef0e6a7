//! Side branch: the embedded reference server. It imports `base` only and shares no parser and no model with the judge.

//! The stage as a whole; see also the golden documents.

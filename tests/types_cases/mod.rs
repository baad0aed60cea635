//! The parts of the tests of the types: the document, the types, values made of the document.

pub(crate) mod canonical;
pub(crate) mod document;
pub(crate) mod places;
pub(crate) mod types;
pub(crate) mod values;

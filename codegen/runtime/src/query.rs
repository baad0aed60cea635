//! Values of path and query parameters.

use super::number::special;

/// A value that can stand in a URL. The text is the value itself; escaping comes later.
pub trait QueryValue {
    /// The text of the value.
    fn into_text(self) -> String;
}

impl QueryValue for String {
    fn into_text(self) -> String {
        self
    }
}

macro_rules! by_display {
    ($($value:ty),*) => {$(
        impl QueryValue for $value {
            fn into_text(self) -> String {
                self.to_string()
            }
        }
    )*};
}

by_display!(&str, bool, i32, u32, i64, u64);

impl QueryValue for f64 {
    fn into_text(self) -> String {
        special(self).map_or_else(|| self.to_string(), str::to_owned)
    }
}

impl QueryValue for f32 {
    fn into_text(self) -> String {
        special(f64::from(self)).map_or_else(|| self.to_string(), str::to_owned)
    }
}

/// Bytes in a URL have the same form as in JSON: URL-safe base64 with padding.
impl QueryValue for bytes::Bytes {
    fn into_text(self) -> String {
        super::binary::to_base64(&self)
    }
}

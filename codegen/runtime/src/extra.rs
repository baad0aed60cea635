//! What a struct keeps beside its known fields.

use serde_json::Value;

/// A JSON object whose fields have no type.
pub type JsonMap = serde_json::Map<String, Value>;

/// Fields of a JSON object that the struct does not know, and explicit nulls of those it knows.
///
/// Decoding fills it, encoding sends it back, so that nothing an API says is lost on the way. It
/// is also the way to send what a struct cannot say: a field newer than this crate, or an explicit
/// `null`, which is not the same as an absent field:
///
/// - a value under a key that the struct does not know is sent as it is;
/// - a `null` under a key that the struct knows is sent while that field is `None`; a field that
///   is set wins;
/// - any other value under a key that the struct knows is an error when the struct is encoded.
///
/// An empty `Extra` allocates nothing and takes the room of one pointer.
#[derive(Clone, Default, PartialEq)]
pub struct Extra {
    // Boxed because nearly every struct has none; kept `None` when empty so that equality holds.
    entries: Option<Box<JsonMap>>,
}

impl Extra {
    /// No extra fields.
    pub const fn new() -> Self {
        Self { entries: None }
    }

    /// Whether there is no extra field.
    pub fn is_empty(&self) -> bool {
        self.entries.is_none()
    }

    /// The number of extra fields, nulls included.
    pub fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, |entries| entries.len())
    }

    /// The value kept under a wire name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.as_ref()?.get(key)
    }

    /// Whether an explicit `null` is kept under a wire name.
    pub fn is_null(&self, key: &str) -> bool {
        self.get(key).is_some_and(Value::is_null)
    }

    /// Keeps a value under a wire name and gives back the one that stood there.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.entries.get_or_insert_default().insert(key.into(), value.into())
    }

    /// Keeps an explicit `null` under a wire name.
    pub fn insert_null(&mut self, key: impl Into<String>) {
        self.insert(key, Value::Null);
    }

    /// Removes what is kept under a wire name and gives it back.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let entries = self.entries.as_mut()?;
        let value = entries.remove(key);
        if entries.is_empty() {
            self.entries = None;
        }
        value
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.entries = None;
    }

    /// All extra fields with their wire names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().flat_map(|entries| entries.iter()).map(|(key, value)| (&**key, value))
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut extra = Self::new();
        extra.extend(entries);
        extra
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Extra {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl From<JsonMap> for Extra {
    fn from(entries: JsonMap) -> Self {
        Self { entries: (!entries.is_empty()).then(|| Box::new(entries)) }
    }
}

impl From<Extra> for JsonMap {
    fn from(extra: Extra) -> Self {
        extra.entries.map(|entries| *entries).unwrap_or_default()
    }
}

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

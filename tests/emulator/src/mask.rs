//! Field masks: which paths exist, and how wrong ones are refused.

use crate::error::ApiError;

/// Every path a read takes, with the number it has inside an etag.
const READ: [(&str, u8); 29] = [
    ("addresses", 2),
    ("ageRanges", 3),
    ("biographies", 4),
    ("birthdays", 5),
    ("calendarUrls", 6),
    ("clientData", 7),
    ("coverPhotos", 8),
    ("emailAddresses", 9),
    ("events", 11),
    ("externalIds", 12),
    ("genders", 14),
    ("imClients", 15),
    ("interests", 16),
    ("locales", 17),
    ("locations", 18),
    ("memberships", 19),
    ("metadata", 20),
    ("miscKeywords", 21),
    ("names", 22),
    ("nicknames", 23),
    ("occupations", 24),
    ("organizations", 25),
    ("phoneNumbers", 26),
    ("photos", 27),
    ("relations", 28),
    ("sipAddresses", 31),
    ("skills", 32),
    ("urls", 34),
    ("userDefined", 35),
];

/// Paths that can be read but not written.
const READ_ONLY: [&str; 5] = ["ageRanges", "coverPhotos", "metadata", "photos", "skills"];

/// The fields of which a contact has one value at most.
pub(crate) const SINGLETONS: [&str; 4] = ["biographies", "birthdays", "genders", "names"];

/// A mask: its paths in the order of the table above, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mask(Vec<&'static str>);

impl Mask {
    /// Every path a read takes.
    pub(crate) fn everything() -> Self {
        Self(READ.iter().map(|(path, _)| *path).collect())
    }

    /// This mask and these paths.
    pub(crate) fn with(&self, more: &[&str]) -> Self {
        let paths = READ.iter().map(|(path, _)| *path);
        Self(paths.filter(|path| self.has(path) || more.contains(path)).collect())
    }

    /// Every path an update takes.
    pub(crate) fn writable() -> Self {
        let paths = READ.iter().map(|(path, _)| *path);
        Self(paths.filter(|path| !READ_ONLY.contains(path)).collect())
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.contains(&path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().copied()
    }

    /// The numbers that stand for the paths inside an etag.
    pub(crate) fn numbers(&self) -> Vec<u8> {
        READ.iter().filter(|(path, _)| self.has(path)).map(|(_, number)| *number).collect()
    }

    pub(crate) fn text(&self) -> String {
        self.0.join(",")
    }
}

/// A place where a mask can stand: the name the API calls it by, and the page it points to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    name: &'static str,
    page: &'static str,
}

pub(crate) const GET: Place = Place::new("personFields", "people/get");
pub(crate) const LIST: Place = Place::new("personFields", "people.connections/list");
pub(crate) const UPDATE: Place = Place::new("updatePersonFields", "people/updateContact");
pub(crate) const BATCH_UPDATE: Place = Place::new("updateMask", "people/batchUpdateContacts");
pub(crate) const BATCH_UPDATE_READ: Place = Place::new("readMask", "people/batchUpdateContacts");
pub(crate) const BATCH_CREATE_READ: Place = Place::new("readMask", "people/batchCreateContacts");

impl Place {
    /// A mask called `name`, whose paths stand on this page of the reference.
    pub(crate) const fn new(name: &'static str, page: &'static str) -> Self {
        Self { name, page }
    }

    /// Reads a mask of a person that may have these paths only; `None` where it is absent or
    /// empty.
    pub(crate) fn limited_mask(
        self,
        text: &str,
        allowed: &[&str],
    ) -> Result<Option<Mask>, ApiError> {
        self.parse(text, |path| allowed.contains(&path))
    }

    /// Reads a mask of something else than a person: those of `allowed` that it names.
    pub(crate) fn words(
        self,
        text: &str,
        allowed: &[&'static str],
    ) -> Result<Vec<&'static str>, ApiError> {
        let asked = paths_of(text);
        match asked.iter().find(|path| !allowed.contains(path)) {
            Some(bad) => Err(self.invalid_path(bad)),
            None => Ok(allowed.iter().copied().filter(|path| asked.contains(path)).collect()),
        }
    }

    /// Reads the mask of a read; `None` where it is absent or empty.
    pub(crate) fn read_mask(self, text: &str) -> Result<Option<Mask>, ApiError> {
        self.parse(text, |_| true)
    }

    /// Reads the mask of an update, which must name something that can be written.
    pub(crate) fn update_mask(self, text: &str) -> Result<Mask, ApiError> {
        self.parse(text, |path| !READ_ONLY.contains(&path))?.ok_or_else(|| self.required())
    }

    /// The refusal of an absent or empty mask.
    pub(crate) fn required(self) -> ApiError {
        ApiError::invalid(format!(
            "{} mask is required. Please specify one or more valid paths. Valid paths are \
             documented at https://developers.google.com/people/api/rest/v1/{}.",
            self.name, self.page
        ))
    }

    fn parse(self, text: &str, allowed: impl Fn(&str) -> bool) -> Result<Option<Mask>, ApiError> {
        let asked = paths_of(text);
        if let Some(bad) =
            asked.iter().find(|path| !READ.iter().any(|(p, _)| p == *path) || !allowed(path))
        {
            return Err(self.invalid_path(bad));
        }
        let paths = READ.iter().map(|(path, _)| *path).filter(|path| asked.contains(path));
        let mask = Mask(paths.collect());
        Ok(if mask.0.is_empty() { None } else { Some(mask) })
    }

    fn invalid_path(self, path: &str) -> ApiError {
        ApiError::invalid(format!(
            "Invalid {} mask path: \"{path}\". Valid paths are documented at \
             https://developers.google.com/people/api/rest/v1/{}.",
            self.name, self.page
        ))
    }
}

fn paths_of(text: &str) -> Vec<&str> {
    text.split(',').filter(|path| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{BATCH_UPDATE, GET, Mask, READ, READ_ONLY, UPDATE};

    #[test]
    fn the_tables_have_the_documented_sizes() {
        assert_eq!(READ.len(), 29);
        assert_eq!(READ.len() - READ_ONLY.len(), 24);
        assert_eq!(Mask::everything().numbers().len(), 29);
    }

    #[test]
    fn refusals() {
        assert_eq!(
            GET.read_mask("names,x").unwrap_err().message,
            "Invalid personFields mask path: \"x\". Valid paths are documented at \
             https://developers.google.com/people/api/rest/v1/people/get."
        );
        assert!(UPDATE.update_mask("photos").unwrap_err().message.contains("\"photos\""));
        assert!(BATCH_UPDATE.update_mask("").unwrap_err().message.starts_with("updateMask mask"));
        for path in ["etag", "email_addresses", "names.givenName", " names", "*"] {
            assert!(GET.read_mask(path).is_err(), "{path}");
        }
        assert_eq!(GET.read_mask("").unwrap(), None);
        assert_eq!(GET.read_mask("urls,names,urls").unwrap().unwrap().text(), "names,urls");
    }
}

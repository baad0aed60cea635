//! Which of the scopes of a method is asked for unless the caller says otherwise.

/// The narrowest scope with which the method does all that it can do, of those listed.
///
/// A document does not say what a scope covers, so this goes by Google's habits: scopes of the whole
/// cloud are passed over where others exist; a method that reads takes the reading variant of the
/// first scope, or the first reading one; a method that writes takes the first scope, but
/// `read_write` instead of `full_control`.
pub(super) fn default(http_method: &str, scopes: &[String]) -> Option<String> {
    let of_the_api: Vec<&String> =
        scopes.iter().filter(|scope| !scope.contains("/auth/cloud-platform")).collect();
    let candidates = if of_the_api.is_empty() { scopes.iter().collect() } else { of_the_api };
    let first = candidates.first()?.as_str();
    if matches!(http_method, "GET" | "HEAD") {
        let own = READING.iter().find_map(|ending| {
            candidates.iter().find(|scope| scope.strip_prefix(first) == Some(ending))
        });
        let any =
            candidates.iter().find(|scope| READING.iter().any(|ending| scope.ends_with(ending)));
        return Some(own.or(any).map_or_else(|| first.to_owned(), |scope| (*scope).clone()));
    }
    let narrower = candidates.iter().find(|scope| scope.ends_with("read_write"));
    let scope = narrower.filter(|_| first.ends_with("full_control"));
    Some(scope.map_or_else(|| first.to_owned(), |scope| (*scope).clone()))
}

const READING: &[&str] = &[".readonly", ".read-only", ".read_only"];

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(http_method: &str, scopes: &[&str]) -> Option<String> {
        let scopes: Vec<String> =
            scopes.iter().map(|name| format!("https://www.googleapis.com/auth/{name}")).collect();
        let scope = default(http_method, &scopes)?;
        scope.rsplit('/').next().map(str::to_owned)
    }

    #[test]
    fn reading_takes_the_reading_scope() {
        let people = ["contacts", "contacts.readonly", "directory.readonly", "user.birthday.read"];
        assert_eq!(chosen("GET", &people).unwrap(), "contacts.readonly");
        assert_eq!(
            chosen("GET", &["drive", "drive.file", "drive.metadata.readonly", "drive.readonly"])
                .unwrap(),
            "drive.readonly"
        );
        let storage = [
            "cloud-platform",
            "cloud-platform.read-only",
            "devstorage.full_control",
            "devstorage.read_only",
            "devstorage.read_write",
        ];
        assert_eq!(chosen("GET", &storage).unwrap(), "devstorage.read_only");
        assert_eq!(chosen("POST", &storage).unwrap(), "devstorage.read_write");
    }

    #[test]
    fn writing_takes_the_first() {
        assert_eq!(chosen("POST", &["contacts"]).unwrap(), "contacts");
        assert_eq!(chosen("POST", &["cloud-platform"]).unwrap(), "cloud-platform");
        assert_eq!(chosen("GET", &["contacts"]).unwrap(), "contacts");
        assert_eq!(chosen("GET", &[]), None);
    }
}

//! Bringing a change together with what someone else did meanwhile; only where the caller asked for
//! it.

use people_v1::schemas::Person;

use crate::Change;
use crate::change::with_etag_of;
use crate::field::Field;

/// The change on top of the contact as it is now, with its new etag. The fields of the change are
/// what they were when it was made.
pub(crate) fn rebase(change: &mut Change, now: Person) {
    let etag = with_etag_of(&now);
    change.person.etag = etag.etag;
    change.person.metadata = etag.metadata;
    change.base = Some(Box::new(now));
}

/// The change merged into what the contact is now, value by value: what the change added is added,
/// what it removed is removed, what someone else did stays. `false`, and nothing done, where both
/// changed the one value of a field, or nothing is known of what the contact was.
pub(crate) fn merge(change: &mut Change, now: Person) -> bool {
    let Some(base) = change.base.clone() else { return false };
    let touched: Vec<Field> =
        change.mask().iter().filter(|field| !field.holds(&now, &base)).collect();
    if touched.iter().any(|field| field.is_singleton()) {
        return false;
    }
    for field in touched {
        field.merge(&base, &now, &mut change.person);
        if field.count(&change.person) == 0 {
            field.remove(&mut change.person);
            change.set.remove(field);
            change.cleared.insert(field);
        } else {
            change.cleared.remove(field);
            change.set.insert(field);
        }
    }
    rebase(change, now);
    true
}

#[cfg(test)]
mod tests {
    use people_v1::schemas::{Name, Url};

    use super::*;

    fn person(etag: &str, urls: &[&str], name: &str) -> Person {
        Person::default()
            .set_resource_name("people/c1")
            .set_etag(etag)
            .set_urls(urls.iter().map(|url| Url::default().set_value(*url)))
            .set_names([Name::default().set_given_name(name)])
    }

    fn urls(change: &Change) -> Vec<&str> {
        change.person.urls.iter().flatten().filter_map(|url| url.value.as_deref()).collect()
    }

    #[test]
    fn both_sides_keep_what_they_did() {
        let base = person("%1", &["a", "b", "c"], "Ann");
        let mut change = Change::between(base, &person("%1", &["a", "c", "mine"], "Ann"));
        assert!(merge(&mut change, person("%2", &["b", "c", "theirs"], "Ann")));
        assert_eq!(urls(&change), ["c", "theirs", "mine"]);
        assert_eq!(change.person.etag.as_deref(), Some("%2"));
    }

    #[test]
    fn one_value_cannot_be_two() {
        let base = person("%1", &[], "Ann");
        let mut change = Change::between(base, &person("%1", &[], "Anna"));
        assert!(!merge(&mut change, person("%2", &[], "Annie")));
        assert_eq!(change.person.etag.as_deref(), Some("%1"));
        assert!(merge(&mut change, person("%2", &["theirs"], "Ann")), "another field was changed");
    }

    #[test]
    fn clearing_what_someone_added_to_leaves_the_addition() {
        let base = person("%1", &["a"], "Ann");
        let mut change = Change::between(base, &person("%1", &[], "Ann"));
        assert!(merge(&mut change, person("%2", &["a", "theirs"], "Ann")));
        assert_eq!(urls(&change), ["theirs"]);
        assert!(change.set.contains(Field::Urls) && change.cleared.is_empty());
    }
}

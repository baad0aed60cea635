//! Renames: something gone and something new of the same parent and the same shape.

use std::collections::{BTreeMap, BTreeSet};

use super::shape;
use crate::discovery::{Document, Schema};

/// How alike two names must be where nothing but the shape speaks for a rename.
const LIKE: f64 = 0.85;

/// One item of a map, as renames see it.
pub(super) struct Item<'a> {
    /// Its key.
    pub(super) name: &'a str,
    /// Equal for items that could be one another.
    pub(super) shape: String,
    /// Its description.
    pub(super) description: &'a str,
    /// Whether the shape alone tells it from others.
    pub(super) is_telling: bool,
}

/// Old name -> new name of items that were renamed: `old` are those that are gone, `new` those
/// that came.
pub(super) fn pairs<'a>(old: &[Item<'a>], new: &[Item<'a>]) -> BTreeMap<&'a str, &'a str> {
    let mut by_shape: BTreeMap<&str, Vec<&Item<'a>>> = BTreeMap::new();
    for item in new {
        by_shape.entry(&item.shape).or_default().push(item);
    }
    let mut candidates: Vec<(f64, &str, &str)> = Vec::new();
    for own in old {
        for other in by_shape.get(own.shape.as_str()).into_iter().flatten() {
            let has_same_words =
                !own.description.is_empty() && own.description == other.description;
            let likeness = strsim::jaro_winkler(
                &own.name.to_ascii_lowercase(),
                &other.name.to_ascii_lowercase(),
            );
            if own.is_telling || has_same_words || likeness >= LIKE {
                let likeness = if has_same_words { likeness + 1.0 } else { likeness };
                candidates.push((likeness, own.name, other.name));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairs = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, own, other) in candidates {
        if !pairs.contains_key(own) && taken.insert(other) {
            pairs.insert(own, other);
        }
    }
    pairs
}

/// The entries of the first map that the second one lacks.
pub(super) fn only<'a, T>(
    own: &'a BTreeMap<String, T>,
    other: &BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, &'a T)> {
    let only: Vec<_> = own.iter().filter(|(key, _)| !other.contains_key(*key)).collect();
    only.into_iter().map(|(key, value)| (key.as_str(), value))
}

/// Old id -> new id of the schemas that were renamed.
pub(super) fn schemas<'a>(old: &'a Document, new: &'a Document) -> BTreeMap<&'a str, &'a str> {
    // A reference to a schema that is itself gone or new says nothing.
    let seen = |id: &str| {
        let is_kept = old.schemas.contains_key(id) && new.schemas.contains_key(id);
        if is_kept { id.to_owned() } else { "?".to_owned() }
    };
    let item = |(name, schema): (&'a str, &'a Schema)| Item {
        name,
        shape: shape::schema(schema, &seen),
        description: &schema.description,
        is_telling: schema.properties.len() >= 3,
    };
    let gone: Vec<Item> = only(&old.schemas, &new.schemas).map(item).collect();
    let came: Vec<Item> = only(&new.schemas, &old.schemas).map(item).collect();
    pairs(&gone, &came)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item<'a>(name: &'a str, shape: &str, description: &'a str) -> Item<'a> {
        Item { name, shape: shape.to_owned(), description, is_telling: false }
    }

    #[test]
    fn shape_alone_is_no_rename() {
        assert!(pairs(&[item("color", "string", "")], &[item("width", "string", "")]).is_empty());
        assert!(pairs(&[item("color", "string", "")], &[item("colour", "int", "")]).is_empty());
        let renamed = pairs(&[item("color", "string", "")], &[item("colour", "string", "")]);
        assert_eq!(renamed, [("color", "colour")].into());
        let told = pairs(&[item("hue", "string", "The hue.")], &[item("x", "string", "The hue.")]);
        assert_eq!(told, [("hue", "x")].into());
    }

    #[test]
    fn the_most_alike_are_paired_once_each() {
        let gone = [item("startDate", "date", ""), item("startDates", "date", "")];
        let came = [item("startDates2", "date", ""), item("startDate2", "date", "")];
        let renamed = pairs(&gone, &came);
        assert_eq!(renamed, [("startDate", "startDate2"), ("startDates", "startDates2")].into());
    }
}

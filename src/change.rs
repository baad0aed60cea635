//! What is to become of one contact.

use people_v1::schemas::{Person, PersonMetadata, Source, SourceType};

use crate::field::{Field, FieldSet};

/// A change of one contact: its name, the etag it was read with, the fields to set and the fields to
/// clear.
///
/// A field that was neither set nor cleared stays as it is: the update mask is made of the others,
/// so nothing can be cleared by leaving it out.
///
/// ```
/// use people_contacts::{Change, Field};
/// use people_v1::schemas::Name;
///
/// let name = Name::default().set_given_name("Ann").set_family_name("Lee");
/// let change = Change::new("people/c42", "%EgUBAj0DCw==").set_names([name]).clear(Field::Nicknames);
/// assert_eq!(change.fields().collect::<Vec<_>>(), [Field::Names, Field::Nicknames]);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a change does nothing until it is given to `Contacts::update`"]
pub struct Change {
    pub(crate) name: String,
    /// The name that the person itself had.
    pub(crate) inner_name: Option<String>,
    /// The person to send: the etag and the values of the fields that are set.
    pub(crate) person: Person,
    pub(crate) set: FieldSet,
    pub(crate) cleared: FieldSet,
    /// What the change was made from: tells someone else's change from none.
    pub(crate) base: Option<Box<Person>>,
}

impl Change {
    /// A change of the contact `name` (as `people/c42`), which was read with this etag.
    ///
    /// The etag is that of the person (`Person::etag`) or of its contact source
    /// (`Person::metadata.sources`); the API refuses an update without one.
    pub fn new(name: impl Into<String>, etag: impl Into<String>) -> Self {
        let etag: String = etag.into();
        let mut person = Person::default();
        // The two kinds of etag go to different places: that of a person begins with a percent sign.
        if etag.starts_with('#') {
            person.metadata = Some(contact_source(Source::default().set_etag(etag)));
        } else if !etag.is_empty() {
            person.etag = Some(etag);
        }
        Self {
            name: name.into(),
            inner_name: None,
            person,
            set: FieldSet::default(),
            cleared: FieldSet::default(),
            base: None,
        }
    }

    /// The change that makes `edited` of `base`, a person that was read.
    ///
    /// Fields with the same values on both sides are not touched. Values of a profile or a domain,
    /// which a read person may show too, are neither compared nor sent. Whatever this version of the
    /// SDK does not know inside a value is sent back as it was read.
    pub fn between(base: Person, edited: &Person) -> Self {
        let mut change = Self {
            name: base.resource_name.clone().unwrap_or_default(),
            inner_name: edited.resource_name.clone(),
            person: with_etag_of(&base),
            set: FieldSet::default(),
            cleared: FieldSet::default(),
            base: None,
        };
        for &field in Field::ALL {
            if field.is_same(&base, edited) {
                continue;
            }
            if field.count(edited) == 0 {
                change.cleared.insert(field);
            } else {
                field.copy(edited, &mut change.person);
                change.set.insert(field);
            }
        }
        change.base = Some(Box::new(base));
        change
    }

    /// The change that `edit` makes to a person that was read: [`Change::between`] before and after.
    ///
    /// ```
    /// # use people_v1::schemas::{Nickname, Person};
    /// # let person = Person::default().set_resource_name("people/c1").set_etag("%a");
    /// use people_contacts::Change;
    ///
    /// let change = Change::edit(person, |person| {
    ///     person.nicknames.get_or_insert_default().push(Nickname::default().set_value("Annie"));
    /// });
    /// ```
    pub fn edit(person: Person, edit: impl FnOnce(&mut Person)) -> Self {
        let mut edited = person.clone();
        edit(&mut edited);
        Self::between(person, &edited)
    }

    /// Clears a field: the contact has no value there afterwards.
    pub fn clear(mut self, field: Field) -> Self {
        field.remove(&mut self.person);
        self.set.remove(field);
        self.cleared.insert(field);
        self
    }

    /// The resource name of the contact.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fields that the change touches, set or cleared, in alphabetical order.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.mask().iter()
    }

    /// The fields that are cleared.
    pub fn cleared(&self) -> impl Iterator<Item = Field> {
        self.cleared.iter()
    }

    pub(crate) fn mask(&self) -> FieldSet {
        self.set.union(self.cleared)
    }

    pub(crate) fn put(mut self, field: Field, put: impl FnOnce(&mut Person)) -> Self {
        put(&mut self.person);
        self.cleared.remove(field);
        self.set.insert(field);
        self
    }
}

/// A person that has nothing but the etag of another: its own, or that of its contact source.
pub(crate) fn with_etag_of(base: &Person) -> Person {
    let mut person = Person::default();
    if let Some(etag) = base.etag.as_ref().filter(|etag| !etag.is_empty()) {
        person.etag = Some(etag.clone());
        return person;
    }
    if let Some(source) = own_source(base) {
        let mut only = Source::default();
        only.id.clone_from(&source.id);
        only.etag.clone_from(&source.etag);
        person.metadata = Some(contact_source(only));
    }
    person
}

/// The etag of the contact itself, which does not depend on how it was read.
pub(crate) fn source_etag(person: &Person) -> Option<&str> {
    own_source(person)?.etag.as_deref()
}

fn own_source(person: &Person) -> Option<&Source> {
    let sources = person.metadata.as_ref()?.sources.as_deref()?;
    sources
        .iter()
        .find(|source| source.r#type == Some(SourceType::Contact) && source.etag.is_some())
}

fn contact_source(source: Source) -> PersonMetadata {
    PersonMetadata::default().set_sources([source.set_type(SourceType::Contact)])
}

#[cfg(test)]
mod tests {
    use people_v1::schemas::{FieldMetadata, Name, Nickname};

    use super::*;

    fn nickname(value: &str, source: Option<SourceType>) -> Nickname {
        let nickname = Nickname::default().set_value(value);
        match source {
            None => nickname,
            Some(ty) => nickname
                .set_metadata(FieldMetadata::default().set_source(Source::default().set_type(ty))),
        }
    }

    fn read() -> Person {
        Person::default()
            .set_resource_name("people/c1")
            .set_etag("%1")
            .set_names([Name::default().set_given_name("Ann")])
            .set_nicknames([
                nickname("own", Some(SourceType::Contact)),
                nickname("profile", Some(SourceType::Profile)),
            ])
    }

    #[test]
    fn a_difference_holds_what_changed_and_nothing_else() {
        let change = Change::edit(read(), |person| {
            person.names = None;
            person.nicknames.get_or_insert_default().push(nickname("new", None));
        });
        assert_eq!(change.mask().update_mask().text(), "names,nicknames");
        assert_eq!(change.cleared().collect::<Vec<_>>(), [Field::Names]);
        let sent: Vec<_> = change
            .person
            .nicknames
            .iter()
            .flatten()
            .filter_map(|one| one.value.as_deref())
            .collect();
        assert_eq!(sent, ["own", "new"], "values of the profile are not copied into the contact");
        assert_eq!(change.person.etag.as_deref(), Some("%1"));
    }

    #[test]
    fn values_of_others_are_not_compared() {
        let change = Change::edit(read(), |person| {
            person.nicknames.get_or_insert_default().remove(1);
        });
        assert!(change.mask().is_empty());
    }

    #[test]
    fn either_etag_goes_where_it_belongs() {
        assert_eq!(Change::new("people/c1", "%a").person.etag.as_deref(), Some("%a"));
        let sources =
            |change: &Change| change.person.metadata.clone().and_then(|metadata| metadata.sources);
        assert_eq!(
            sources(&Change::new("people/c1", "#a")).unwrap()[0].etag.as_deref(),
            Some("#a")
        );
        let mut base = read();
        base.etag = None;
        let own = Source::default().set_type(SourceType::Contact).set_id("7").set_etag("#b");
        base.metadata = Some(PersonMetadata::default().set_sources([
            Source::default().set_type(SourceType::Profile).set_etag("#p"),
            own.clone(),
        ]));
        assert_eq!(sources(&Change::edit(base, |_| {})).unwrap(), [own]);
    }

    #[test]
    fn the_last_word_counts() {
        let change = Change::new("people/c1", "%a")
            .set_nicknames([nickname("a", None)])
            .clear(Field::Nicknames);
        assert_eq!((change.set.is_empty(), change.person.nicknames.is_none()), (true, true));
        let change = change.set_nicknames([nickname("b", None)]);
        assert!(change.cleared.is_empty() && change.set.contains(Field::Nicknames));
    }
}

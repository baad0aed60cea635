//! The fields of a contact that can be updated: one table, from which everything else follows.

use std::fmt;

use people_v1::schemas::{
    Address, Biography, Birthday, CalendarUrl, ClientData, EmailAddress, Event, ExternalId,
    FieldMetadata, Gender, ImClient, Interest, Locale, Location, Membership, MiscKeyword, Name,
    Nickname, Occupation, Organization, Person, PersonField, PersonUpdateField, PhoneNumber,
    Relation, SipAddress, SourceType, Url, UserDefined,
};
use people_v1::{Extra, FieldMask};

use serde::Serialize;

use crate::Change;
use crate::compare::{self, Tidy};

/// One value of a field: every kind of value says where it comes from.
pub(crate) trait Entry: Clone + PartialEq + Serialize + Tidy {
    fn metadata(&self) -> Option<&FieldMetadata>;

    /// Removes the metadata, what the server derives from the rest, and what this version does not
    /// know.
    fn reduce(&mut self);

    /// Whether the value belongs to the contact. A read person may also show values of a profile
    /// or a domain, which a contact cannot change; a value made by hand has no source yet.
    fn is_contacts_own(&self) -> bool {
        let source = self.metadata().and_then(|metadata| metadata.source.as_ref());
        source.and_then(|source| source.r#type.as_ref()).is_none_or(|ty| *ty == SourceType::Contact)
    }
}

fn own<E: Entry>(values: Option<&Vec<E>>) -> Vec<E> {
    let values = values.map(Vec::as_slice).unwrap_or_default();
    values.iter().filter(|value| value.is_contacts_own()).cloned().collect()
}

macro_rules! table {
    ($($(#[$doc:meta])* $variant:ident, $constant:ident, $field:ident, $set:ident, $entry:ty [$($derived:ident),*];)*) => {
        /// A field of a contact that can be updated.
        ///
        /// An update replaces a field whole: all its values, or none.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Field {
            $($(#[$doc])* $variant,)*
        }

        impl Field {
            /// All fields, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The mask that updates this field.
            pub fn update_mask(self) -> FieldMask<PersonUpdateField> {
                match self { $(Self::$variant => PersonUpdateField::$constant,)* }
            }

            /// The mask that reads this field.
            pub fn read_mask(self) -> FieldMask<PersonField> {
                match self { $(Self::$variant => PersonField::$constant,)* }
            }

            /// How many values of its own the contact has here.
            pub(crate) fn count(self, person: &Person) -> usize {
                match self { $(Self::$variant => own(person.$field.as_ref()).len(),)* }
            }

            /// Whether the person is known to have been read with this field: the API leaves out
            /// what is empty as it leaves out what was not asked for.
            pub(crate) fn is_read(self, person: &Person) -> bool {
                match self { $(Self::$variant => person.$field.is_some(),)* }
            }

            /// Whether two people have the same own values here, in the same order.
            pub(crate) fn is_same(self, one: &Person, other: &Person) -> bool {
                match self {
                    $(Self::$variant => own(one.$field.as_ref()) == own(other.$field.as_ref()),)*
                }
            }

            /// Whether a contact that was read holds the own values that were sent.
            pub(crate) fn holds(self, read: &Person, sent: &Person) -> bool {
                match self {
                    $(Self::$variant => {
                        compare::holds(&own(read.$field.as_ref()), &own(sent.$field.as_ref()))
                    })*
                }
            }

            /// Copies the contact's own values, and nothing else.
            pub(crate) fn copy(self, from: &Person, to: &mut Person) {
                match self { $(Self::$variant => to.$field = Some(own(from.$field.as_ref())),)* }
            }

            /// Merges values: those of `now`, without those that `own` lacks and `base` had, with
            /// those that `own` has and `base` had not. The result is put into `own`.
            pub(crate) fn merge(self, base: &Person, now: &Person, own: &mut Person) {
                match self {
                    $(Self::$variant => {
                        let (base, now) = (self::own(base.$field.as_ref()), self::own(now.$field.as_ref()));
                        let ours = self::own(own.$field.as_ref());
                        own.$field = Some(compare::merged(&base, &now, &ours));
                    })*
                }
            }

            /// Removes the field.
            pub(crate) fn remove(self, person: &mut Person) {
                match self { $(Self::$variant => person.$field = None,)* }
            }
        }

        $(impl Entry for $entry {
            fn metadata(&self) -> Option<&FieldMetadata> {
                self.metadata.as_ref()
            }

            fn reduce(&mut self) {
                self.metadata = None;
                $(self.$derived = None;)*
                self.extra = Extra::new();
            }
        })*

        /// One setter for each field. What is set replaces all values that the contact has there;
        /// setting nothing at all is refused, since [`Change::clear`] says so on purpose. Values of
        /// a profile or a domain, which a read person may show too, are left out.
        impl Change {
            $(
                $(#[$doc])*
                pub fn $set(self, values: impl IntoIterator<Item = $entry>) -> Self {
                    // A filter would not know how many are left, and take room for four at least.
                    let mut own: Vec<$entry> = values.into_iter().collect();
                    own.retain(Entry::is_contacts_own);
                    self.put(Field::$variant, |person| person.$field = Some(own))
                }
            )*
        }
    };
}

table! {
    /// Street addresses.
    Addresses, ADDRESSES, addresses, set_addresses, Address [formatted_type];
    /// The biography; at most one.
    Biographies, BIOGRAPHIES, biographies, set_biographies, Biography [];
    /// The birthday; at most one.
    Birthdays, BIRTHDAYS, birthdays, set_birthdays, Birthday [];
    /// Calendar addresses.
    CalendarUrls, CALENDAR_URLS, calendar_urls, set_calendar_urls, CalendarUrl [formatted_type];
    /// Data of the client program.
    ClientData, CLIENT_DATA, client_data, set_client_data, ClientData [];
    /// E-mail addresses.
    EmailAddresses, EMAIL_ADDRESSES, email_addresses, set_email_addresses, EmailAddress [formatted_type];
    /// Anniversaries and other events.
    Events, EVENTS, events, set_events, Event [formatted_type];
    /// Identifiers in other systems.
    ExternalIds, EXTERNAL_IDS, external_ids, set_external_ids, ExternalId [formatted_type];
    /// The gender; at most one.
    Genders, GENDERS, genders, set_genders, Gender [formatted_value];
    /// Instant messaging addresses.
    ImClients, IM_CLIENTS, im_clients, set_im_clients, ImClient [formatted_protocol, formatted_type];
    /// Interests.
    Interests, INTERESTS, interests, set_interests, Interest [];
    /// Preferred languages.
    Locales, LOCALES, locales, set_locales, Locale [];
    /// Places.
    Locations, LOCATIONS, locations, set_locations, Location [];
    /// Memberships in contact groups; at least one.
    Memberships, MEMBERSHIPS, memberships, set_memberships, Membership [domain_membership];
    /// Keywords of several kinds.
    MiscKeywords, MISC_KEYWORDS, misc_keywords, set_misc_keywords, MiscKeyword [formatted_type];
    /// The name; at most one.
    Names, NAMES, names, set_names, Name [display_name, display_name_last_first];
    /// Nicknames.
    Nicknames, NICKNAMES, nicknames, set_nicknames, Nickname [];
    /// Occupations.
    Occupations, OCCUPATIONS, occupations, set_occupations, Occupation [];
    /// Organizations, past and current.
    Organizations, ORGANIZATIONS, organizations, set_organizations, Organization [formatted_type];
    /// Telephone numbers.
    PhoneNumbers, PHONE_NUMBERS, phone_numbers, set_phone_numbers, PhoneNumber [canonical_form, formatted_type];
    /// Relations to other people.
    Relations, RELATIONS, relations, set_relations, Relation [formatted_type];
    /// Internet telephony addresses.
    SipAddresses, SIP_ADDRESSES, sip_addresses, set_sip_addresses, SipAddress [formatted_type];
    /// Web addresses.
    Urls, URLS, urls, set_urls, Url [formatted_type];
    /// Values under keys of the user's choice.
    UserDefined, USER_DEFINED, user_defined, set_user_defined, UserDefined [];
}

macro_rules! plain {
    ($($entry:ty),*) => {$(impl Tidy for $entry {})*};
}

plain!(
    Biography,
    CalendarUrl,
    ClientData,
    EmailAddress,
    ExternalId,
    Gender,
    ImClient,
    Interest,
    Locale,
    Location,
    MiscKeyword,
    Nickname,
    Occupation,
    PhoneNumber,
    Relation,
    SipAddress,
    Url,
    UserDefined
);

impl Field {
    /// The fields of which a contact has one value at most.
    /// <https://developers.google.com/people/api/rest/v1/people/updateContact>
    pub(crate) fn is_singleton(self) -> bool {
        matches!(self, Self::Biographies | Self::Birthdays | Self::Genders | Self::Names)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.update_mask().text())
    }
}

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FieldSet(u32);

impl FieldSet {
    pub(crate) fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u32;
    }

    pub(crate) fn remove(&mut self, field: Field) {
        self.0 &= !(1 << field as u32);
    }

    pub(crate) fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u32) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| self.contains(*field))
    }

    pub(crate) fn update_mask(self) -> FieldMask<PersonUpdateField> {
        self.iter().map(Field::update_mask).collect()
    }

    /// The mask that reads these fields and what an update needs to know besides.
    pub(crate) fn read_mask(self) -> FieldMask<PersonField> {
        self.iter().map(Field::read_mask).chain([PersonField::METADATA]).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use people_v1::runtime::MaskPaths;

    use super::*;

    #[test]
    fn the_table_has_every_field_that_the_document_lets_update() {
        let known: BTreeSet<String> = Field::ALL.iter().map(ToString::to_string).collect();
        let listed: BTreeSet<String> =
            PersonUpdateField::PATHS.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(known, listed);
        assert!(Field::ALL.len() <= 32, "a set of fields has 32 bits");
    }

    #[test]
    fn reading_and_updating_masks_agree() {
        for field in Field::ALL {
            assert_eq!(field.update_mask().text(), field.read_mask().text());
        }
    }

    #[test]
    fn sets_make_masks_in_the_order_of_the_table() {
        let mut set = FieldSet::default();
        set.insert(Field::UserDefined);
        set.insert(Field::Addresses);
        set.insert(Field::Names);
        set.remove(Field::Names);
        assert_eq!(set.update_mask().text(), "addresses,userDefined");
        assert_eq!(set.read_mask().text(), "addresses,userDefined,metadata");
    }
}

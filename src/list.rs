//! Reading all contacts, and those that changed.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use people_v1::runtime::Items;
use people_v1::schemas::{ListConnectionsResponse, Person, PersonField, ReadSourceType};
use people_v1::{FieldMask, PeopleService, Result};

use crate::Contacts;

/// The most contacts in one page.
const PAGE: i32 = 1_000;

/// A listing of contacts: a stream of people with their etags, ready to be changed.
///
/// It ends after the last contact and after an error; an error says that the listing is not complete.
#[must_use = "nothing is read until the stream is polled"]
#[derive(Debug)]
pub struct Listing(Items<ListConnectionsResponse, Person>);

impl Listing {
    /// The next contact; `None` after the end.
    pub async fn next(&mut self) -> Option<Result<Person>> {
        self.0.next().await
    }

    /// At the end of the listing, the token with which [`Contacts::changed_since`] goes on from here.
    pub fn sync_token(&self) -> Option<&str> {
        self.0.last_page()?.next_sync_token.as_deref()
    }
}

impl Stream for Listing {
    type Item = Result<Person>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(context)
    }
}

impl Contacts {
    /// Lists all contacts of the user, with these fields and their metadata.
    ///
    /// Only values of the contacts themselves are read, no profiles.
    pub fn all(&self, fields: impl Into<FieldMask<PersonField>>) -> Listing {
        all(&self.hub, fields.into() | PersonField::METADATA)
    }

    /// Lists the contacts that changed since a listing of the same fields gave this token. Deleted ones
    /// come with `metadata.deleted` and without fields.
    ///
    /// A token is good for seven days; after that the listing ends with an error that
    /// [`is_expired_sync_token`](people_v1::Error::is_expired_sync_token), and all contacts have to be
    /// listed again. Changes show up some seconds, at times minutes, after they were made.
    pub fn changed_since(
        &self,
        token: impl Into<String>,
        fields: impl Into<FieldMask<PersonField>>,
    ) -> Listing {
        let call = call(&self.hub, fields.into() | PersonField::METADATA);
        Listing(call.set_sync_token(token.into()).stream())
    }
}

pub(crate) fn all(hub: &PeopleService, fields: FieldMask<PersonField>) -> Listing {
    Listing(call(hub, fields).stream())
}

fn call(
    hub: &PeopleService,
    fields: FieldMask<PersonField>,
) -> people_v1::resources::people::connections::ListCall {
    hub.people()
        .connections()
        .list("people/me")
        .set_person_fields(fields)
        .set_page_size(PAGE)
        .set_request_sync_token(true)
        .set_sources([ReadSourceType::Contact])
}

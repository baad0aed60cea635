//! Reading the truth: what contacts are now, whatever became of a request.

use std::collections::BTreeMap;

use people_v1::schemas::{Person, PersonResponse, ReadSourceType};
use people_v1::{Error, PeopleService};

use crate::field::FieldSet;
use crate::queue::Queued;

/// The most contacts that one `people.getBatchGet` reads.
pub(crate) const MAX_READ: usize = 200;

/// What a contact is now.
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    /// As it was read.
    There(Box<Person>),
    /// There is no such contact.
    Gone,
    /// The answer does not say.
    Unsaid,
}

/// Reads the contacts of a part of a batch, with the fields of its mask and their etags. Retries are
/// those of the transport: reading changes nothing.
pub(crate) async fn read(
    hub: &PeopleService,
    part: &[Queued],
) -> Result<BTreeMap<String, Truth>, Error> {
    let mask = part.first().map(|queued| queued.change.mask()).unwrap_or_default();
    of_names(hub, part.iter().map(|queued| queued.change.name.as_str()), mask).await
}

/// Reads contacts by their names, [`MAX_READ`] at most.
pub(crate) async fn of_names(
    hub: &PeopleService,
    names: impl Iterator<Item = &str>,
    mask: FieldSet,
) -> Result<BTreeMap<String, Truth>, Error> {
    let call = hub
        .people()
        .get_batch_get()
        .set_resource_names(names)
        .set_person_fields(mask.read_mask())
        .set_sources([ReadSourceType::Contact]);
    let responses = call.send().await?.responses.unwrap_or_default().into_iter();
    let entry = |response: PersonResponse| {
        Some((response.requested_resource_name.clone()?, truth(response)))
    };
    Ok(responses.filter_map(entry).collect())
}

fn truth(response: PersonResponse) -> Truth {
    const NOT_FOUND: i32 = 5;
    match (response.person, response.status.and_then(|status| status.code)) {
        (Some(person), _) => Truth::There(Box::new(person)),
        (None, Some(NOT_FOUND)) => Truth::Gone,
        (None, _) => Truth::Unsaid,
    }
}

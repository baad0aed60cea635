//! Changes of one mask as one request, and its answer as outcomes.

use std::collections::BTreeMap;

use people_v1::schemas::{
    BatchUpdateContactsRequest, BatchUpdateContactsResponse, Person, ReadSourceType, Status,
};

use crate::outcome::{Outcome, Settled, Updated};
use crate::planted::{self, Bug};
use crate::queue::Queued;

/// The request that carries a batch. All changes of a batch have the same mask.
pub(crate) fn request(batch: &[Queued]) -> BatchUpdateContactsRequest {
    let mask = batch.first().map(|queued| queued.change.mask()).unwrap_or_default();
    let contacts = batch.iter().map(|queued| {
        let mut person = queued.change.person.clone();
        if planted::is(Bug::AbsentField) {
            mask.iter().take(1).for_each(|field| field.remove(&mut person));
        }
        (queued.change.name.clone(), person)
    });
    BatchUpdateContactsRequest::default()
        .set_contacts(contacts)
        .set_update_mask(mask.update_mask())
        .set_read_mask(mask.read_mask())
        .set_sources([ReadSourceType::Contact])
}

/// What an answer says of a batch.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    pub(crate) updated: Vec<Settled>,
    /// Those whose failure stands inside the success.
    pub(crate) refused: Vec<(Queued, Status)>,
    /// Those that it does not name: for these it is as good as lost.
    pub(crate) silent: Vec<Queued>,
}

/// Takes an answer apart by the changes that it is about.
pub(crate) fn answered(batch: Vec<Queued>, response: BatchUpdateContactsResponse) -> Answered {
    let mut results = response.update_result.unwrap_or_default();
    let mut answered = Answered::default();
    for queued in batch {
        let result = results.remove(&queued.change.name).unwrap_or_default();
        let status = result.status.filter(|status| status.code.unwrap_or_default() != 0);
        match (status, result.person) {
            (Some(status), _) => answered.refused.push((queued, status)),
            (None, Some(person)) => answered.updated.push(updated(queued, person)),
            (None, None) => answered.silent.push(queued),
        }
    }
    answered
}

fn updated(queued: Queued, mut person: Person) -> Settled {
    if planted::is(Bug::StaleEtag) {
        person.metadata.clone_from(&queued.change.person.metadata);
    }
    let updated = Updated::new(&queued.change.name, Box::new(person), false);
    // What is sent again may have been put on top of what someone else did.
    let outcome = Outcome::Updated(Updated { is_next: queued.resent == 0, ..updated });
    Settled { index: queued.index, name: queued.change.name, outcome }
}

/// Splits a batch that was refused into the changes of contacts that the refusal names, and the
/// others.
pub(crate) fn set_aside(
    batch: Vec<Queued>,
    mut named: BTreeMap<String, Status>,
) -> (Vec<(Queued, Status)>, Vec<Queued>) {
    let mut aside = Vec::new();
    let mut rest = Vec::new();
    for queued in batch {
        match named.remove(&queued.change.name) {
            None => rest.push(queued),
            Some(status) => aside.push((queued, status)),
        }
    }
    (aside, rest)
}

/// The same outcome for a whole batch.
pub(crate) fn all(batch: Vec<Queued>, outcome: &Outcome) -> Vec<Settled> {
    let settled = batch.into_iter().map(|queued| Settled {
        index: queued.index,
        name: queued.change.name,
        outcome: outcome.clone(),
    });
    settled.collect()
}

#[cfg(test)]
mod tests {
    use people_v1::runtime as rt;
    use people_v1::schemas::{FieldMetadata, Nickname, Source, SourceType};

    use super::*;
    use crate::Change;

    fn nickname(value: &str, source: SourceType) -> Nickname {
        let metadata = FieldMetadata::default().set_source(Source::default().set_type(source));
        Nickname::default().set_value(value).set_metadata(metadata)
    }

    #[test]
    fn values_of_others_do_not_go_on_the_wire_however_a_change_was_made() {
        let read = [
            nickname("own", SourceType::Contact),
            nickname("profile", SourceType::Profile),
            nickname("domain", SourceType::DomainProfile),
        ];
        let base = Person::default().set_resource_name("people/c1").set_etag("%a");
        let base = base.set_nicknames(read.clone());
        let edited = Change::edit(base, |person| {
            let new = Nickname::default().set_value("new");
            person.nicknames.get_or_insert_default().push(new);
        });
        let set = Change::new("people/c1", "%a").set_nicknames(read);
        for change in [edited, set] {
            let json = rt::encode(&request(&[Queued::new(0, change, 0)])).unwrap();
            let text = String::from_utf8(json.to_vec()).unwrap();
            assert!(text.contains("own"), "{text}");
            assert!(!text.contains("profile") && !text.contains("domain"), "{text}");
        }
    }
}

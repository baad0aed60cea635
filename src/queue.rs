//! Changes that wait to be sent, grouped by mask.

use std::collections::{BTreeMap, VecDeque};

use tokio::time::Instant;

use crate::field::FieldSet;
use crate::outcome::Doubt;
use crate::{Change, MAX_BATCH, Options};

/// A change with its place in the input.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    pub(crate) index: u64,
    pub(crate) change: Change,
    pub(crate) bytes: usize,
    /// How often it was sent again.
    pub(crate) resent: u32,
    /// How often it was sent again because of its etag.
    pub(crate) mismatches: u32,
    /// Why it may have been written already, or be written yet.
    pub(crate) lost: Option<Doubt>,
}

impl Queued {
    /// A change that takes so many bytes of a request.
    pub(crate) fn new(index: u64, change: Change, bytes: usize) -> Self {
        Self { index, change, bytes, resent: 0, mismatches: 0, lost: None }
    }
}

/// Changes of one mask, in the order in which they came.
#[derive(Debug, Default)]
struct Group {
    changes: VecDeque<(Instant, Queued)>,
    bytes: usize,
}

/// Everything that waits.
#[derive(Debug)]
pub(crate) struct Queue {
    groups: BTreeMap<FieldSet, Group>,
    waiting: usize,
    batch_size: usize,
    batch_bytes: usize,
    capacity: usize,
}

impl Queue {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            groups: BTreeMap::new(),
            waiting: 0,
            batch_size: options.size(MAX_BATCH),
            batch_bytes: options.batch_bytes,
            capacity: options.waiting,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    pub(crate) fn has_room(&self) -> bool {
        self.waiting < self.capacity
    }

    pub(crate) fn push(&mut self, queued: Queued, now: Instant) {
        let group = self.groups.entry(queued.change.mask()).or_default();
        group.bytes += queued.bytes;
        group.changes.push_back((now, queued));
        self.waiting += 1;
    }

    /// When the change that has waited longest came.
    pub(crate) fn oldest(&self) -> Option<Instant> {
        self.groups.values().filter_map(Group::since).min()
    }

    /// The place in the input of the change that has waited longest.
    pub(crate) fn first(&self) -> Option<u64> {
        self.groups.values().filter_map(Group::first).min()
    }

    /// A batch that is full; or, when no more can wait, the fullest one.
    pub(crate) fn take_full(&mut self) -> Option<Vec<Queued>> {
        let is_full = |group: &&Group| {
            group.changes.len() >= self.batch_size || group.bytes >= self.batch_bytes
        };
        let full = self.groups.iter().filter(|(_, group)| is_full(group));
        let mask = match full.min_by_key(|(_, group)| group.first()) {
            Some((mask, _)) => *mask,
            None if self.has_room() => return None,
            None => *self.groups.iter().max_by_key(|(_, group)| group.changes.len())?.0,
        };
        self.take(mask)
    }

    /// The batch whose first change has waited longest, full or not.
    pub(crate) fn take_oldest(&mut self) -> Option<Vec<Queued>> {
        let mask = *self.groups.iter().min_by_key(|(_, group)| group.first())?.0;
        self.take(mask)
    }

    /// Everything, in the order of the input.
    pub(crate) fn take_all(&mut self) -> Vec<Queued> {
        let groups = std::mem::take(&mut self.groups).into_values();
        let mut all: Vec<Queued> =
            groups.flat_map(|group| group.changes).map(|(_, queued)| queued).collect();
        all.sort_by_key(|queued| queued.index);
        self.waiting = 0;
        all
    }

    /// Takes changes of one mask up to the limits, one at least.
    fn take(&mut self, mask: FieldSet) -> Option<Vec<Queued>> {
        let group = self.groups.get_mut(&mask)?;
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some((_, next)) = group.changes.front() {
            let is_over = bytes + next.bytes > self.batch_bytes && !batch.is_empty();
            if batch.len() == self.batch_size || is_over {
                break;
            }
            bytes += next.bytes;
            batch.extend(group.changes.pop_front().map(|(_, queued)| queued));
        }
        group.bytes -= bytes;
        if group.changes.is_empty() {
            self.groups.remove(&mask);
        }
        self.waiting -= batch.len();
        Some(batch)
    }
}

impl Group {
    fn since(&self) -> Option<Instant> {
        self.changes.front().map(|(since, _)| *since)
    }

    /// Its place tells apart what came at the same time.
    fn first(&self) -> Option<u64> {
        self.changes.front().map(|(_, queued)| queued.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;
    use crate::check::measure;

    fn queued(index: u64, field: Field) -> Queued {
        let change = Change::new(format!("people/c{index}"), "%a").clear(field);
        let bytes = measure(&change).unwrap();
        Queued::new(index, change, bytes)
    }

    fn filled(options: &Options, fields: &[Field]) -> Queue {
        let mut queue = Queue::new(options);
        let now = Instant::now();
        for (index, field) in (0..).zip(fields) {
            queue.push(queued(index, *field), now + std::time::Duration::from_millis(index));
        }
        queue
    }

    fn indexes(batch: Option<Vec<Queued>>) -> Vec<u64> {
        batch.into_iter().flatten().map(|queued| queued.index).collect()
    }

    #[test]
    fn a_batch_holds_one_mask_in_order() {
        let options = Options::default().batch_size(2);
        let (names, urls) = (Field::Names, Field::Urls);
        let mut queue = filled(&options, &[urls, names, names, urls, names]);
        assert_eq!(indexes(queue.take_full()), [0, 3], "the full batch that has waited longest");
        assert_eq!(indexes(queue.take_full()), [1, 2]);
        assert_eq!(queue.take_full().map(|batch| batch.len()), None);
        assert_eq!((indexes(queue.take_oldest()), queue.len()), (vec![4], 0));
    }

    #[test]
    fn when_no_more_can_wait_the_fullest_goes() {
        let options = Options::default().waiting(3);
        let mut queue = filled(&options, &[Field::Names, Field::Urls, Field::Urls]);
        assert!(!queue.has_room());
        assert_eq!(indexes(queue.take_full()), [1, 2]);
        assert!(queue.has_room());
        assert_eq!(indexes(queue.take_full()), [0_u64; 0]);
    }

    #[test]
    fn bytes_limit_a_batch_and_one_change_always_fits() {
        let size = queued(0, Field::Urls).bytes;
        let mut queue = filled(&Options::default().batch_bytes(2 * size), &[Field::Urls; 5]);
        assert_eq!(indexes(queue.take_full()), [0, 1]);
        let mut queue = filled(&Options::default().batch_bytes(1), &[Field::Urls; 2]);
        assert_eq!(indexes(queue.take_full()), [0]);
    }

    #[test]
    fn all_come_out_in_the_order_of_the_input() {
        let mut queue = filled(&Options::default(), &[Field::Urls, Field::Names, Field::Urls]);
        assert_eq!(indexes(Some(queue.take_all())), [0, 1, 2]);
        assert!(queue.is_empty());
    }
}

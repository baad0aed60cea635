//! What is said of a property or a parameter beside its type.

use super::place::Place;
use super::{Compare, Direction, Rule, Verdict, prose};
use crate::discovery::{Schema, child};

impl Compare<'_> {
    /// Compares marks, limits and prose of two values.
    pub(super) fn facts(&mut self, old: &Schema, new: &Schema, place: &Place) {
        self.deprecation(old.deprecated, new.deprecated, place);
        if old.read_only != new.read_only {
            let rule = if new.read_only { Rule::ReadOnlyAdded } else { Rule::ReadOnlyRemoved };
            self.add(rule, &place.at(&child(&place.pointer, "readOnly")), None, None);
        }
        if old.default != new.default {
            let place = place.at(&child(&place.pointer, "default"));
            self.add(Rule::DefaultChanged, &place, old.default.clone(), new.default.clone());
        }
        if old.minimum != new.minimum {
            let rule = limit(old.minimum.as_deref(), new.minimum.as_deref(), |old, new| new > old);
            let place = place.at(&child(&place.pointer, "minimum"));
            self.add(rule, &place, old.minimum.clone(), new.minimum.clone());
        }
        if old.maximum != new.maximum {
            let rule = limit(old.maximum.as_deref(), new.maximum.as_deref(), |old, new| new < old);
            let place = place.at(&child(&place.pointer, "maximum"));
            self.add(rule, &place, old.maximum.clone(), new.maximum.clone());
        }
        if old.pattern != new.pattern {
            let is_gone = new.pattern.is_none();
            let rule = if is_gone { Rule::LimitWidened } else { Rule::PatternChanged };
            let place = place.at(&child(&place.pointer, "pattern"));
            self.add(rule, &place, old.pattern.clone(), new.pattern.clone());
        }
        if !place.needed {
            self.required(old, new, place);
        }
        self.described(&old.description, &new.description, place);
        if old.description != new.description {
            self.output_only(old, new, place);
            self.said_deprecated(old, new, place);
        }
    }

    /// Compares the marks of deprecation.
    pub(super) fn deprecation(&mut self, old: bool, new: bool, place: &Place) {
        if old == new {
            return;
        }
        let rule = if new { Rule::Deprecated } else { Rule::Undeprecated };
        let change = self.add(rule, place, None, None);
        if change.rust != Verdict::Neutral && place.nested {
            change.rust = Verdict::Neutral;
        }
    }

    /// Compares two descriptions as prose: limits, and that they changed at all.
    pub(super) fn described(&mut self, old: &str, new: &str, place: &Place) {
        if old == new {
            return;
        }
        let place = place.at(&child(&place.pointer, "description"));
        match prose::limits(old, new) {
            Some((old, new)) => {
                let some = |text: String| (!text.is_empty()).then_some(text);
                self.add(Rule::LimitInProse, &place, some(old), some(new));
            }
            None => self.docs.push(place.pointer),
        }
    }

    fn required(&mut self, old: &Schema, new: &Schema, place: &Place) {
        let needs = |schema: &Schema| {
            !schema.required_by.is_empty() || prose::says_required(&schema.description)
        };
        let gone = |own: &Schema, other: &Schema| {
            let own = own.required_by.iter();
            own.filter(|id| !other.required_by.contains(id)).cloned().collect::<Vec<_>>().join(", ")
        };
        let some = |text: String| (!text.is_empty()).then_some(text);
        let (was, is) = (needs(old), needs(new));
        let (left, came) = (gone(old, new), gone(new, old));
        if !was && is {
            self.add(Rule::PropertyBecameRequired, place, None, some(came));
        } else if was && !is {
            self.add(Rule::PropertyBecameOptional, place, some(left), None);
        } else {
            let place = place.at(&child(&place.pointer, "annotations"));
            if !came.is_empty() {
                // Prose without ids may have meant these methods already.
                let was_said = old.required_by.is_empty();
                let change = self.add(Rule::PropertyBecameRequired, &place, None, some(came));
                if was_said {
                    (change.wire, change.rust) = (Verdict::Neutral, Verdict::Neutral);
                }
            }
            if !left.is_empty() {
                self.add(Rule::PropertyBecameOptional, &place, some(left), None);
            }
        }
    }

    fn output_only(&mut self, old: &Schema, new: &Schema, place: &Place) {
        let says = |schema: &Schema| prose::says_output_only(&schema.description);
        let is_marked = old.read_only || new.read_only;
        if is_marked || says(old) == says(new) || place.direction == Direction::Response {
            return;
        }
        let rule = if says(new) { Rule::OutputOnlyInProse } else { Rule::WritableInProse };
        self.add(rule, place, None, None);
    }

    fn said_deprecated(&mut self, old: &Schema, new: &Schema, place: &Place) {
        let says = |schema: &Schema| prose::says_deprecated(&schema.description);
        if old.deprecated || new.deprecated || says(old) == says(new) {
            return;
        }
        let rule = if says(new) { Rule::DeprecatedInProse } else { Rule::UndeprecatedInProse };
        self.add(rule, place, None, None);
    }
}

/// Narrower or wider: a limit that appears narrows, one that vanishes widens, and so does one that
/// is no number.
fn limit(old: Option<&str>, new: Option<&str>, narrows: fn(f64, f64) -> bool) -> Rule {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match (old, new) {
        (_, None) => Rule::LimitWidened,
        (None, Some(_)) => Rule::LimitNarrowed,
        (Some(old), Some(new)) => match (number(old), number(new)) {
            (Some(old), Some(new)) if !narrows(old, new) => Rule::LimitWidened,
            _ => Rule::LimitNarrowed,
        },
    }
}

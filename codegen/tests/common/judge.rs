//! Whether what a diff says of Rust code is what becomes of the crate's public items.

use std::collections::{BTreeMap, BTreeSet};

use discovery_codegen::diff::{Change, Diff, Rule, Side, Verdict};
use discovery_codegen::emit::{self, Crate, Package};
use discovery_codegen::surface;

use crate::items::{Items, Public, items};

/// Both crates and what is said of them.
struct Case<'a> {
    was: Items,
    is: Items,
    changes: Vec<&'a Change>,
    /// Old name -> new name in Rust of types that are told to have another name.
    names: BTreeMap<String, String>,
}

/// What a diff says and the crates do not show, and the other way round; a line for each.
pub(crate) fn disagreements(old: &Side, new: &Side, diff: &Diff) -> Vec<String> {
    let case = Case {
        was: public(old),
        is: public(new),
        changes: diff.changes.iter().collect(),
        names: renamed(old, new, diff),
    };
    let mut wrong = case.losses();
    wrong.extend(case.gains());
    wrong.extend(case.lints());
    // The listing is what reviewers read: it shows what callers can tell, and nothing that is silent.
    let (was, is) = (surface::text(&old.api, None), surface::text(&new.api, None));
    if was == is && case.was != case.is {
        wrong.push("api.txt does not show it".to_owned());
    }
    // Ids of methods are its keys and matter to nobody else.
    let ids = |side: &Side| -> Vec<String> {
        side.document.all_methods().into_iter().map(|method| method.id.clone()).collect()
    };
    if was != is && diff.changes.is_empty() && diff.docs.is_empty() && ids(old) == ids(new) {
        wrong.push("api.txt shows what is not told".to_owned());
    }
    wrong
}

/// The public items of the crate that a side becomes.
fn public(side: &Side) -> Items {
    let package = Package::of(&side.api.name, &side.api.version);
    items(
        &emit::files(&Crate { api: &side.api, package: &package, runtime: None, media: false })
            .unwrap(),
    )
}

impl<'a> Case<'a> {
    /// Items that are gone or changed must be told as breaks, and the reverse.
    fn losses(&self) -> Vec<String> {
        let is_kept = |path: &str, own: &Public| {
            self.is.get(path).is_some_and(|other| other.signature == own.signature)
        };
        let lost: BTreeSet<&str> = self
            .was
            .iter()
            .filter(|(path, own)| !is_kept(path, own))
            .map(|(path, _)| path.as_str())
            .collect();
        let breaks: Vec<&Change> = self.with(Verdict::Breaking).collect();
        let told = lost.iter().copied().filter(|path| {
            self.is_renamed(path) || breaks.iter().any(|change| self.is_about(change, path))
        });
        let told = followed(&self.was, &lost, told.collect());
        let mut wrong = Vec::new();
        for path in lost.difference(&told) {
            let after = self.is.get(*path).map_or("gone", |other| other.signature.as_str());
            wrong.push(format!("not told: {path}: {} -> {after}", self.was[*path].signature));
        }
        for change in breaks {
            let shows = |path: &&str| {
                self.is_about(change, path)
                    || (change.rule == Rule::RustNameChanged && self.is_renamed(path))
            };
            // The compiler cannot tell arguments of one type apart.
            let is_swap = change.rule == Rule::ParameterOrderChanged && !change.detail.is_empty();
            if !is_swap && !lost.iter().any(shows) {
                wrong.push(format!("does not show: {}", told_as(change)));
            }
        }
        wrong
    }

    /// Items that came must be told as additions or with what they replace, and the reverse.
    fn gains(&self) -> Vec<String> {
        let came: BTreeSet<&str> = self
            .is
            .keys()
            .filter(|path| !self.was.contains_key(*path))
            .map(String::as_str)
            .collect();
        let changed = self.was.iter().filter_map(|(path, own)| {
            let other = self.is.get(path)?;
            (other.signature != own.signature).then_some(path.as_str())
        });
        let back = self.names.iter().map(|(own, other)| (other.clone(), own.clone())).collect();
        let told = came.iter().copied().filter(|path| {
            let reached = self.changes.iter().filter(|change| change.rust != Verdict::Neutral);
            let is_trait = path.split_once("::<").is_some_and(|(ty, _)| self.was.contains_key(ty));
            is_trait
                || self.was.contains_key(&with_names(path, &back))
                || reached
                    .into_iter()
                    .any(|change| self.is_about(change, path) || is_other_name(change, path))
        });
        let told = followed(&self.is, &came, told.chain(changed).collect());
        let mut wrong: Vec<String> = came
            .difference(&told)
            .map(|path| format!("new and not told: {path}: {}", self.is[*path].signature))
            .collect();
        for change in self.with(Verdict::Additive) {
            // A lint less, and an entry of a constant, are no items.
            let is_item = match change.rule {
                Rule::Undeprecated => false,
                Rule::EndpointAdded => !self.was.contains_key(&change.path),
                _ => true,
            };
            if is_item && !came.iter().any(|path| self.is_about(change, path)) {
                wrong.push(format!("adds nothing: {}", told_as(change)));
            }
        }
        wrong
    }

    /// Items that are deprecated now, or no longer.
    fn lints(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (rule, now) in [(Rule::Deprecated, true), (Rule::Undeprecated, false)] {
            let is_new = |path: &str, own: &Public| {
                own.deprecated != now
                    && self.is.get(path).is_some_and(|item| item.deprecated == now)
            };
            let items: Vec<&str> = self
                .was
                .iter()
                .filter(|(path, own)| is_new(path, own))
                .map(|(path, _)| path.as_str())
                .collect();
            let changes = self.changes.iter().filter(|change| change.rule == rule);
            let changes: Vec<_> =
                changes.filter(|change| change.rust != Verdict::Neutral).collect();
            for path in &items {
                if !changes.iter().any(|change| self.is_about(change, path)) {
                    wrong.push(format!("not told: {rule} {path}"));
                }
            }
            for change in changes {
                if !items.iter().any(|path| self.is_about(change, path)) {
                    wrong.push(format!("does not show: {}", told_as(change)));
                }
            }
        }
        wrong
    }

    fn with(&self, verdict: Verdict) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().copied().filter(move |change| change.rust == verdict)
    }

    /// Whether an old item is the same but for names that are told.
    fn is_renamed(&self, path: &str) -> bool {
        self.is.get(&with_names(path, &self.names)).is_some_and(|other| {
            with_names(&self.was[path].signature, &self.names) == other.signature
        })
    }

    /// Whether a change is about an item.
    fn is_about(&self, change: &Change, path: &str) -> bool {
        let own = change.path.split('(').next().unwrap_or_default();
        if own.is_empty() {
            return false;
        }
        if change.rule == Rule::MarkerLost {
            return is_below(path, own) && path.contains("::<");
        }
        if is_below(path, own) {
            return true;
        }
        let Some((owner, name)) = own.rsplit_once("::") else { return false };
        let leads = |item: &Public| {
            item.signature.contains("->") && words(&item.signature).any(|word| word == name)
        };
        let is_accessor =
            [&self.was, &self.is].into_iter().filter_map(|items| items.get(path)).any(leads);
        match change.rule {
            Rule::RustNameChanged => {
                is_accessor || self.calls(own).any(|call| is_below(path, &call))
            }
            // A resource is its module and the function that leads there.
            Rule::ResourceRemoved | Rule::ResourceRenamed | Rule::ResourceAdded => {
                is_below(path, owner) || is_accessor
            }
            _ => {
                let is_setter = path
                    == format!(
                        "{owner}::set_{}",
                        name.trim_start_matches("r#").trim_end_matches('_')
                    );
                is_setter
                    || self.calls(own).any(|call| is_below(path, &call))
                    || self.calls(path).any(|call| call == owner)
            }
        }
    }

    /// The calls that a method gives, in both crates: a change of it may show in them, and a setter
    /// may have been its argument.
    fn calls(&self, method: &str) -> impl Iterator<Item = String> {
        let module = method.rsplit_once("::").and_then(|(owner, _)| owner.rsplit_once("::"));
        let module = module.map_or("resources", |(module, _)| module).to_owned();
        let items = [self.was.get(method), self.is.get(method)];
        items.into_iter().flatten().filter_map(move |item| {
            let (_, output) = item.signature.rsplit_once("->")?;
            Some(format!("{module}::{}", words(output).last()?))
        })
    }
}

/// Whether an item is another or belongs to it.
fn is_below(path: &str, owner: &str) -> bool {
    path.strip_prefix(owner).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether an item has the name that something else had before.
fn is_other_name(change: &Change, path: &str) -> bool {
    let is_rename = matches!(
        change.rule,
        Rule::PropertyRenamed
            | Rule::ParameterRenamed
            | Rule::MethodRenamed
            | Rule::ResourceRenamed
    );
    let plain = |text: &str| text.replace('_', "").to_lowercase();
    let new = change.new.as_deref().unwrap_or_default();
    is_rename && plain(path).contains(&plain(new))
}

/// What is told, and the types that nothing else names: those of inline properties and of parameters
/// come and go with these.
fn followed<'a>(
    items: &'a Items,
    all: &BTreeSet<&'a str>,
    mut told: BTreeSet<&'a str>,
) -> BTreeSet<&'a str> {
    // The runtime's part for media comes and goes with what takes and gives them.
    let mut of_media = items.iter().filter(|(_, item)| item.signature.contains(":: media ::"));
    if let Some(media) =
        all.get("media").filter(|_| of_media.all(|(path, _)| told.contains(path.as_str())))
    {
        told.insert(*media);
    }
    loop {
        let open: BTreeSet<&str> = all.difference(&told).copied().collect();
        let types = open.iter().copied().filter(|path| is_type(&items[*path]));
        let follows = |ty: &&str| {
            let (module, name) = ty.rsplit_once("::").unwrap_or(("", ty));
            // Only the schemas, and what belongs to the hub, are named from outside of their module.
            let is_near = |path: &str| match module {
                "schemas" => true,
                "resources" => {
                    let own = path.strip_prefix("resources::");
                    own.is_none_or(|own| own.starts_with(char::is_uppercase))
                }
                _ => is_below(path, module),
            };
            let mut users = items.iter().filter(|(path, item)| {
                !is_below(path, ty)
                    && is_near(path)
                    && words(&item.signature).any(|word| word == name)
            });
            let mut is_used = false;
            let are_told = users.all(|(path, _)| {
                is_used = true;
                told.contains(path.as_str())
            });
            is_used && are_told
        };
        let types: Vec<&str> = types.filter(follows).collect();
        if types.is_empty() {
            return told;
        }
        let members = open.into_iter().filter(|path| types.iter().any(|ty| is_below(path, ty)));
        told.extend(members.collect::<Vec<_>>());
    }
}

fn is_type(item: &Public) -> bool {
    item.signature.ends_with("enum") || item.signature.contains("struct")
}

/// Old name -> new name of types that are told to have another name.
fn renamed(old: &Side, new: &Side, diff: &Diff) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for change in &diff.changes {
        let (Some(own), Some(other)) = (&change.old, &change.new) else { continue };
        match change.rule {
            Rule::RustNameChanged => {
                names.extend(words(own).map(str::to_owned).zip(words(other).map(str::to_owned)));
            }
            // The types of its inline properties go with it.
            Rule::SchemaRenamed => {
                for schema in &old.api.schemas {
                    let rest = schema.wire.strip_prefix(own.as_str());
                    let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('.'));
                    let Some(wire) = rest.map(|rest| format!("{other}{rest}")) else { continue };
                    if let Some(after) = new.api.schemas.iter().find(|one| one.wire == wire) {
                        names.insert(schema.name.clone(), after.name.clone());
                    }
                }
            }
            _ => {}
        }
    }
    names
}

/// The identifiers of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// A text with other names.
fn with_names(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    for word in words(text) {
        let start = rest.find(word).unwrap();
        out.push_str(&rest[..start]);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = &rest[start + word.len()..];
    }
    out + rest
}

fn told_as(change: &Change) -> String {
    format!("{} {} {:?} -> {:?}", change.rule, change.path, change.old, change.new)
}

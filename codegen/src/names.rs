//! The only place that makes identifiers.
//!
//! A name depends on its own wire name and on nothing else, so that it stays when something beside
//! it comes or goes. Only where two items would get one name a number is added, and there a name
//! that an earlier generation gave wins.

mod reserved;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use words::words;

use reserved::{CANNOT_BE_RAW, KEYWORDS, MODULES, PRELUDE};

/// What a name is for: decides its case, what is reserved and how it is kept legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A struct, enum, mask, alias or builder: `BatchGetCall`.
    Type,
    /// A field of a struct or an argument: `email_addresses`, `r#type`.
    Value,
    /// A function that calls a method or leads to a resource.
    Function,
    /// A variant of an enum: `ProfileMetadata`.
    Variant,
    /// A constant: `EMAIL_ADDRESSES`.
    Constant,
    /// A module, and the file that holds it.
    Module,
}

impl Kind {
    /// The name for these words: a legal identifier, raw where it is a keyword.
    pub fn name(self, words: &[String]) -> String {
        let plain = self.plain(words);
        match self {
            Self::Value | Self::Function if KEYWORDS.contains(&plain.as_str()) => {
                format!("r#{plain}")
            }
            _ => plain,
        }
    }

    /// The name without `r#`: what is compared and numbered.
    fn plain(self, words: &[String]) -> String {
        let words: &[String] = if words.is_empty() { &["unnamed".to_owned()] } else { words };
        let text = match self {
            Self::Type | Self::Variant => camel(words),
            Self::Constant => words.join("_").to_uppercase(),
            Self::Value | Self::Function | Self::Module => words.join("_"),
        };
        let starts_with_digit = text.starts_with(|c: char| c.is_ascii_digit());
        match self {
            Self::Type if starts_with_digit => format!("Type{text}"),
            _ if starts_with_digit => format!("_{text}"),
            Self::Type if PRELUDE.contains(&text.as_str()) => format!("{text}Schema"),
            Self::Variant if text == "Self" || text == "Unrecognized" => format!("{text}Value"),
            Self::Value | Self::Function if CANNOT_BE_RAW.contains(&text.as_str()) => {
                format!("{text}_")
            }
            Self::Module
                if KEYWORDS.contains(&text.as_str()) || MODULES.contains(&text.as_str()) =>
            {
                format!("{text}_")
            }
            _ => text,
        }
    }

    fn numbered(self, plain: &str, number: usize) -> String {
        match self {
            Self::Type | Self::Variant => {
                let gap = if plain.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
                format!("{plain}{gap}{number}")
            }
            _ => format!("{}_{number}", plain.trim_end_matches('_')),
        }
    }
}

fn camel(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let ends_with_digit = text.ends_with(|c: char| c.is_ascii_digit());
        if ends_with_digit && word.starts_with(|c: char| c.is_ascii_digit()) {
            text.push('_');
        }
        let mut letters = word.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

/// The name of one item on its own.
pub fn name(kind: Kind, wire: &str) -> String {
    kind.name(&words(wire))
}

/// The words of the name of a method's call builder.
pub fn call_words(method: &str) -> Vec<String> {
    [words(method), vec!["call".to_owned()]].concat()
}

/// The name of the setter of a field or a parameter.
pub fn setter(name: &str) -> String {
    // Two underscores in a row would be no snake case.
    format!("set_{}", name.trim_start_matches("r#").trim_matches('_'))
}

/// The name of a value with these words that is listed under it, or under that of its setter.
pub fn behind_setter(words: &[String], listed: &str) -> String {
    let plain = Kind::Value.plain(words);
    let is_own = |name: &String| is_numbered(Kind::Value, &plain, name.trim_start_matches("r#"));
    let inner = listed.strip_prefix("set_").unwrap_or(listed);
    let own = [listed.to_owned(), inner.to_owned(), format!("_{inner}"), format!("{inner}_")];
    own.into_iter().find(is_own).unwrap_or_else(|| listed.to_owned())
}

/// An item that wants a name.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its key in the surface listing, under which an earlier name may stand.
    pub key: String,
    /// What the document calls it; decides who goes first in a collision.
    pub wire: String,
    /// The words of its name.
    pub words: Vec<String>,
}

impl Wanted {
    /// An item whose words are those of its wire name.
    pub fn new(key: impl Into<String>, wire: &str) -> Self {
        Self { key: key.into(), wire: wire.to_owned(), words: words(wire) }
    }
}

/// Gives every item of one scope a name of its own; answers them in the order asked.
///
/// `taken` are names of the scope that are in use already, without `r#`; a name of `prior` stays, with
/// its number where a collision gave it one.
pub fn assign(
    kind: Kind,
    wanted: &[Wanted],
    taken: &[&str],
    prior: &BTreeMap<String, String>,
) -> Vec<String> {
    let plain: Vec<String> = wanted.iter().map(|item| kind.plain(&item.words)).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in taken.iter().copied().chain(plain.iter().map(String::as_str)) {
        *count.entry(name).or_default() += 1;
    }
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    // An earlier name stays, with its number although the other item is gone: without it, code that
    // uses the other's name would go on and mean this item.
    let mut names: Vec<Option<String>> = wanted
        .iter()
        .zip(&plain)
        .map(|(item, plain)| {
            let earlier = prior.get(&item.key)?.trim_start_matches("r#");
            let is_kept = is_numbered(kind, plain, earlier) && used.insert(earlier.to_owned());
            is_kept.then(|| earlier.to_owned())
        })
        .collect();
    // Names that nobody disputes are safe from the numbers given to others.
    for (name, plain) in names.iter_mut().zip(&plain) {
        if name.is_none() && count[plain.as_str()] == 1 && used.insert(plain.clone()) {
            *name = Some(plain.clone());
        }
    }
    let mut rest: Vec<usize> = (0..wanted.len()).filter(|&index| names[index].is_none()).collect();
    rest.sort_by_key(|&index| (wanted[index].wire != plain[index], &wanted[index].wire));
    // The numbers below are in use: without this, a thousand equal names are a million tries.
    let mut next: BTreeMap<&str, usize> = BTreeMap::new();
    for index in rest {
        let mut name = plain[index].clone();
        let number = next.entry(&plain[index]).or_insert(2);
        while !used.insert(name.clone()) {
            name = kind.numbered(&plain[index], *number);
            *number += 1;
        }
        names[index] = Some(name);
    }
    names.into_iter().flatten().map(|name| raw(kind, name)).collect()
}

/// Whether an earlier name is this name or one that a collision made of it.
fn is_numbered(kind: Kind, plain: &str, earlier: &str) -> bool {
    if earlier == plain {
        return true;
    }
    let digits = earlier.len() - earlier.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = earlier[earlier.len() - digits..].parse::<usize>();
    number.is_ok_and(|number| kind.numbered(plain, number) == earlier)
}

fn raw(kind: Kind, plain: String) -> String {
    let can_be_raw = matches!(kind, Kind::Value | Kind::Function);
    if can_be_raw && KEYWORDS.contains(&plain.as_str()) { format!("r#{plain}") } else { plain }
}

/// The words of an enum value without those that repeat its enum or its property: of the given
/// prefixes the longest that the value begins with is left out, unless no name would remain.
pub fn variant_words(wire: &str, prefixes: &[Vec<String>]) -> Vec<String> {
    let words = words(wire);
    let longest = prefixes.iter().filter(|prefix| words.starts_with(prefix)).map(Vec::len).max();
    let rest = words[longest.unwrap_or(0)..].to_vec();
    let is_name = rest.first().is_some_and(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    if is_name { rest } else { words }
}

#[cfg(test)]
mod tests;

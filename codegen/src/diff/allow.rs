//! Allow lists: breaking changes that somebody accepted, with the reason.
//!
//! ```text
//! # comment
//! property-removed /schemas/Person/properties/taglines it was never filled
//! enum-value-removed people.v1/schemas/Source/properties/type/enum#OLD nobody uses it
//! ```
//!
//! One change a line: rule, key, reason. The key is the one that reports show
//! ([`Change::key`](super::Change::key)), in double quotes where it holds blanks; with `name.version`
//! before it, it is about that API alone. A line that allows nothing is stale, and an error.

use super::{Change, Diff, Rule};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The rule.
    pub rule: Rule,
    /// The key, without quotes.
    pub key: String,
    /// Why it is allowed.
    pub reason: String,
}

/// Reads a list.
///
/// # Errors
/// All lines that are no entry, as `line 3: what is wrong`, with help.
pub fn parse(text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut errors = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        match entry(index + 1, trimmed) {
            Ok(entry) => {
                let earlier =
                    entries.iter().find(|one| (one.rule, &one.key) == (entry.rule, &entry.key));
                match earlier {
                    Some(one) => errors.push(format!(
                        "line {}: line {} allows the same\n  help: remove one of them",
                        entry.line, one.line
                    )),
                    None => entries.push(entry),
                }
            }
            Err(message) => errors.push(format!("line {}: {message}", index + 1)),
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

fn entry(line: usize, text: &str) -> Result<Entry, String> {
    const FORM: &str =
        "help: a line is `rule key reason`, as `cargo xtask diff` shows rule and key";
    let (id, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let Some(rule) = Rule::of_id(id) else {
        let near = super::RULES
            .iter()
            .map(|info| (strsim::jaro_winkler(id, info.id), info.id))
            .filter(|(likeness, _)| *likeness > 0.85)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let help = match near {
            Some((_, near)) => format!("help: did you mean `{near}`?"),
            None => "help: `cargo xtask diff --rules` lists the rules".to_owned(),
        };
        return Err(format!("there is no rule `{id}`\n  {help}"));
    };
    let (key, reason) =
        key(rest.trim_start()).ok_or_else(|| format!("the key is not closed by `\"`\n  {FORM}"))?;
    if key.is_empty() {
        return Err(format!("the key is missing\n  {FORM}"));
    }
    if reason.is_empty() {
        return Err(format!("the reason is missing\n  {FORM}"));
    }
    Ok(Entry { line, rule, key, reason })
}

/// The key at the beginning, and what follows.
fn key(text: &str) -> Option<(String, String)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (key, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        return Some((key.to_owned(), rest.trim().to_owned()));
    };
    let mut key = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((key, quoted[at + 1..].trim().to_owned())),
            '\\' => key.extend(letters.next().map(|(_, escaped)| escaped)),
            other => key.push(other),
        }
    }
    None
}

/// A key as a line of the list has it: quoted where it needs to be.
pub fn quoted(key: &str) -> String {
    if key.contains(char::is_whitespace) || key.starts_with('"') {
        format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        key.to_owned()
    }
}

/// Marks the breaking changes that the list allows; the answer is the entries that allow nothing.
pub fn apply(entries: &[Entry], diffs: &mut [Diff]) -> Vec<Entry> {
    let mut stale = Vec::new();
    for entry in entries {
        let mut is_used = false;
        for diff in &mut *diffs {
            let prefix = format!("{}.{}", diff.name, diff.version);
            for change in diff.changes.iter_mut().filter(|change| change.is_breaking()) {
                if change.rule == entry.rule && is_about(&entry.key, &prefix, change) {
                    change.allowed = Some(entry.reason.clone());
                    is_used = true;
                }
            }
        }
        if !is_used {
            stale.push(entry.clone());
        }
    }
    stale
}

fn is_about(key: &str, prefix: &str, change: &Change) -> bool {
    let own = key.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let own = own.unwrap_or(key);
    own == change.key() || (change.item.is_none() && change.also.iter().any(|also| also == own))
}

/// Allows the breaking changes of a crate whose version is raised enough for them: callers who
/// depend on it by the rules of Cargo do not get them unasked.
pub fn bumped(diff: &mut Diff) {
    let Some(version) = diff.crate_version.as_ref().filter(|version| version.is_enough()) else {
        return;
    };
    let reason = format!("version {} follows {}", version.new, version.old);
    for change in diff.changes.iter_mut().filter(|change| change.is_refused()) {
        change.allowed = Some(reason.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::Place;
    use super::*;

    fn diff(rules: &[(Rule, &str)]) -> Diff {
        let changes = rules
            .iter()
            .map(|(rule, pointer)| Place::of_document(String::new(), pointer).change(*rule));
        Diff {
            name: "people".to_owned(),
            version: "v1".to_owned(),
            changes: changes.collect(),
            ..Diff::default()
        }
    }

    #[test]
    fn entries_allow_what_they_name_and_no_more() {
        let text = "# why\n\nproperty-removed /a/b it is gone\nmethod-removed people.v1/m  never worked \nproperty-added /new no break\nproperty-removed other.v1/c elsewhere\n";
        let entries = parse(text).unwrap();
        let mut diffs = [diff(&[
            (Rule::PropertyRemoved, "/a/b"),
            (Rule::MethodRemoved, "/m"),
            (Rule::PropertyAdded, "/new"),
            (Rule::PropertyRemoved, "/c"),
        ])];
        let stale = apply(&entries, &mut diffs);
        let lines: Vec<usize> = stale.iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [5, 6]);
        let allowed: Vec<_> =
            diffs[0].changes.iter().map(|change| change.allowed.as_deref()).collect();
        assert_eq!(allowed, [Some("it is gone"), Some("never worked"), None, None]);
        assert!(diffs[0].is_refused());
    }

    #[test]
    fn quoted_keys_hold_blanks() {
        let key = "/a \"b\"/c\\d#E F";
        let text = format!("property-removed {} because\n", quoted(key));
        assert_eq!(parse(&text).unwrap()[0].key, key);
        assert_eq!(quoted("/a/b"), "/a/b");
    }

    #[test]
    fn every_wrong_line_is_told() {
        let text = "proprety-removed /a x\nnothing-like-it /a x\nproperty-removed\nproperty-removed /a\nproperty-removed \"/a x\nproperty-removed /b x\nproperty-removed /b y\n";
        let errors = parse(text).unwrap_err();
        assert_eq!(errors.len(), 6, "{errors:#?}");
        assert!(
            errors[0].contains("line 1") && errors[0].contains("did you mean `property-removed`")
        );
        assert!(errors[1].contains("--rules"));
        assert!(errors[2].contains("the key is missing"));
        assert!(errors[3].contains("the reason is missing"));
        assert!(errors[4].contains("not closed"));
        assert!(errors[5].contains("line 6 allows the same"));
    }
}

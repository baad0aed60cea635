//! Path templates side by side.

use super::Rule;

/// A template without a leading slash, taken apart: its text with `{}` for every variable, and the
/// variables.
struct Template<'a> {
    text: String,
    /// Name, and whether slashes stay (`{+x}`).
    variables: Vec<(&'a str, bool)>,
}

fn template(path: &str) -> Template<'_> {
    let mut text = String::new();
    let mut variables = Vec::new();
    let mut rest = path.strip_prefix('/').unwrap_or(path);
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, behind) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str("{}");
        variables.push(match inner.strip_prefix('+') {
            Some(name) => (name, true),
            None => (inner, false),
        });
        rest = behind;
    }
    text.push_str(rest);
    Template { text, variables }
}

/// What the difference of two templates is; several may hold.
pub(super) struct Difference<'a> {
    /// The rules.
    pub(super) rules: Vec<Rule>,
    /// Old and new name of variables that only have another name.
    pub(super) renamed: Vec<(&'a str, &'a str)>,
}

/// Compares two templates.
pub(super) fn compare<'a>(old: &'a str, new: &'a str) -> Difference<'a> {
    let (old, new) = (template(old), template(new));
    let names =
        |one: &Template<'a>| one.variables.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&old), names(&new));
    let mut rules = Vec::new();
    let mut renamed = Vec::new();
    if old_names == new_names {
        if old.text != new.text {
            rules.push(Rule::PathChanged);
        }
        if old.variables != new.variables {
            rules.push(Rule::PathExpansionChanged);
        }
        return Difference { rules, renamed };
    }
    let are_all_new = new_names
        .iter()
        .zip(&old_names)
        .all(|(name, own)| name == own || (!old_names.contains(name) && !new_names.contains(own)));
    if old.text == new.text && are_all_new {
        rules.push(Rule::PathVariableRenamed);
        let pairs = old_names.iter().zip(&new_names).filter(|(old, new)| old != new);
        renamed.extend(pairs.map(|(old, new)| (*old, *new)));
        let kinds = |one: &Template| one.variables.iter().map(|(_, all)| *all).collect::<Vec<_>>();
        if kinds(&old) != kinds(&new) {
            rules.push(Rule::PathExpansionChanged);
        }
    } else {
        rules.push(Rule::PathVariablesChanged);
    }
    Difference { rules, renamed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(old: &str, new: &str) -> Vec<&'static str> {
        compare(old, new).rules.into_iter().map(Rule::id).collect()
    }

    #[test]
    fn templates_differ_in_four_ways() {
        assert!(rules("v1/{+name}", "/v1/{+name}").is_empty());
        assert_eq!(rules("v1/{+name}", "v2/{+name}"), ["path-changed"]);
        assert_eq!(rules("v1/{name}", "v1/{+name}"), ["path-expansion-changed"]);
        assert_eq!(rules("v1/{a}/{b}", "v1/{a}/{c}"), ["path-variable-renamed"]);
        assert_eq!(rules("v1/{a}", "v1/{+b}"), ["path-variable-renamed", "path-expansion-changed"]);
        assert_eq!(rules("v1/{a}/{b}", "v1/{+name}"), ["path-variables-changed"]);
        assert_eq!(rules("v1/{a}/{b}", "v1/{b}/{a}"), ["path-variables-changed"]);
        assert_eq!(rules("v1/{a}", "v2/{b}"), ["path-variables-changed"]);
    }

    #[test]
    fn odd_templates_do_no_harm() {
        assert!(rules("{", "{").is_empty());
        assert_eq!(rules("a{b", "a}b"), ["path-variables-changed"]);
    }
}

//! The valid paths of a field mask, which stand in its description only.

/// The paths that a description lists after `Valid values are:` or the like, in its order; none
/// where it lists fewer than two.
pub(super) fn paths(description: &str) -> Vec<String> {
    let lower = description.to_ascii_lowercase();
    let start = [
        "valid values are",
        "valid fields are",
        "valid paths are",
        "valid values:",
        "valid fields:",
        "valid paths:",
    ]
    .iter()
    .filter_map(|phrase| lower.find(phrase).map(|at| at + phrase.len()))
    .min();
    let Some(list) = start.and_then(|start| description.get(start..)) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for item in items(list) {
        let mut words = item.split_whitespace();
        let path = words.next().unwrap_or_default().trim_matches(['`', '"', '\'', ',', '.']);
        if !is_path(path) {
            break;
        }
        if !found.iter().any(|one| one == path) {
            found.push(path.to_owned());
        }
        // Text after the path belongs to what follows the list.
        if words.next().is_some() {
            break;
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// The items of a list of stars or dashes, in one line or in many.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let star = list.find('*');
    let dash = list.find("- ");
    let bullet = match (star, dash) {
        (None, Some(_)) => "- ",
        _ => "*",
    };
    // What stands before the first bullet is a colon at most.
    let has_gap =
        list.find(bullet).is_some_and(|at| list[..at].trim_matches([':', ' ', '\n']).is_empty());
    list.split(bullet).skip(1).take(if has_gap { usize::MAX } else { 0 })
}

fn is_path(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_letter)
        && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_paths_are_found() {
        assert_eq!(
            paths("Required. Valid values are: * addresses * ageRanges * names"),
            ["addresses", "ageRanges", "names"]
        );
        assert_eq!(paths("Valid fields are:\n * `name`\n * `x.y`\n\nMore."), ["name", "x.y"]);
        assert_eq!(paths("Valid values are: * a * b Defaults to a * 2."), ["a", "b"]);
    }

    #[test]
    fn other_text_lists_nothing() {
        for text in [
            "",
            "A mask.",
            "Valid values are: * one",
            "Valid values are documented * here * there",
            "Valid values are",
        ] {
            assert!(paths(text).is_empty(), "{text}");
        }
    }
}

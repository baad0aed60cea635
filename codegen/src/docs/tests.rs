use proptest::prelude::*;

use super::lines;

fn shown(description: &str) -> String {
    lines(description, 40).join("\n")
}

#[test]
fn paragraphs_are_wrapped() {
    assert_eq!(
        shown("One two three four five six seven eight nine.\n\nTen."),
        "One two three four five six seven eight\nnine.\n\nTen."
    );
    assert_eq!(shown("  \r\n "), "");
}

#[test]
fn a_list_in_one_line_becomes_a_list() {
    assert_eq!(
        shown("Valid values are: * addresses * ageRanges"),
        "Valid values are:\n\n- addresses\n- ageRanges"
    );
    assert_eq!(
        shown("Valid values are: * a * b * c Then more."),
        "Valid values are:\n\n- a\n- b\n- c\n\nThen more."
    );
    assert_eq!(shown("see [it](/people/x)"), "see\n[it](https://developers.google.com/people/x)");
    assert_eq!(shown("a * b is a product"), "a * b is a product");
    assert_eq!(shown("* one\n  more\n* two\n\nAfter."), "- one more\n- two\n\nAfter.");
    assert_eq!(shown("1. one\n2. two"), "1. one\n2. two");
}

#[test]
fn an_item_may_begin_below_its_marker() {
    assert_eq!(
        shown("Either:\n  -\n    one\n    more\n  - \n  two\n\n-"),
        "Either:\n\n- one more\n- two"
    );
}

#[test]
fn brackets_tags_and_backticks_are_text() {
    assert_eq!(shown("[Person] `x` <T> a`b"), "\\[Person\\] `x` \\<T> a\\`b");
    assert_eq!(
        shown("see [the page](https://a.b/c) or [this](#x)"),
        "see [the page](https://a.b/c) or\n\\[this\\](#x)"
    );
    assert_eq!(shown("a<br>b <code>c</code>"), "a b c");
    assert_eq!(shown("at https://a.b/c."), "at <https://a.b/c>.");
    assert_eq!(shown("<https://a.b/>"), "<https://a.b/>");
    assert_eq!(shown("as inhttps://a.b/c"), "as in <https://a.b/c>");
}

#[test]
fn nothing_becomes_a_doc_test_or_a_heading() {
    assert_eq!(shown("    fn main() {}"), "fn main() {}");
    assert_eq!(shown("```rust\npanic!()\n```\nafter"), "```text\npanic!()\n```\n\nafter");
    assert_eq!(shown("```\nnever closed"), "```text\nnever closed\n```");
    assert_eq!(shown("# Title"), "\\# Title");
}

#[test]
fn a_line_never_begins_with_a_marker_by_chance() {
    let text = lines("aaaaaaaa bbbbbbbb - cccccccc 12. dddd # e", 9);
    assert_eq!(text, ["aaaaaaaa", "bbbbbbbb -", "cccccccc 12.", "dddd # e"]);
}

proptest! {
    #[test]
    fn any_text_gives_clean_lines(text in "\\PC{0,200}|[ `*\\[\\]()<>#\\\\\n\r\thtps:/.a1-]{0,200}") {
        for line in lines(&text, 60) {
            prop_assert!(!line.contains(['\n', '\r']), "{line:?}");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }
}

//! A wire name as lower-case words.

/// Spellings that capitals would cut in the wrong place. A word is looked for where a word may
/// begin, the longest first, and must end where one may end.
const TABLE: &[&str] = &[
    "DevOps",
    "ETag",
    "ETags",
    "GiB",
    "GitHub",
    "GraphQL",
    "IPv4",
    "IPv6",
    "KiB",
    "LaTeX",
    "MiB",
    "MySQL",
    "OAuth",
    "OAuth2",
    "PostgreSQL",
    "TiB",
    "YouTube",
    "eTag",
    "eTags",
    "iOS",
    "iPad",
    "iPhone",
    "iTunes",
    "mTLS",
    "macOS",
    "reCAPTCHA",
    "tvOS",
    "vCPU",
    "vCPUs",
];

/// Splits a name at everything that is no letter or digit, at capitals, and by the table.
///
/// Letters beyond ASCII become words of their code points, so that different names stay different.
pub fn words(wire: &str) -> Vec<String> {
    let mut words = Vec::new();
    let letters: Vec<char> = wire.chars().collect();
    let mut start = 0;
    while start < letters.len() {
        let first = letters[start];
        if !first.is_ascii_alphanumeric() {
            if first.is_alphanumeric() {
                words.push(format!("u{:x}", u32::from(first)));
            }
            start += 1;
            continue;
        }
        let end = start + length(&letters[start..]);
        words.push(letters[start..end].iter().collect::<String>().to_ascii_lowercase());
        start = end;
    }
    words
}

/// How many characters the first word has. `rest` begins with an ASCII letter or digit.
fn length(rest: &[char]) -> usize {
    if let Some(known) = known(rest) {
        return known;
    }
    let count =
        |from: usize, is: fn(&char) -> bool| rest[from..].iter().take_while(|c| is(c)).count();
    let capitals = count(0, char::is_ascii_uppercase);
    if capitals < 2 {
        return hump(rest, capitals);
    }
    let ends = |at: usize| rest.get(at).is_none_or(|c| !c.is_ascii_lowercase());
    // IPs, URLs: the plural belongs to the capitals.
    if rest.get(capitals) == Some(&'s') && ends(capitals + 1) {
        return capitals + 1 + count(capitals + 1, char::is_ascii_digit);
    }
    if ends(capitals) {
        return capitals + count(capitals, char::is_ascii_digit);
    }
    // HTTPServer: the last capital begins the next word.
    capitals - 1
}

/// The length of a word of at most one capital, then small letters and digits.
fn hump(rest: &[char], capitals: usize) -> usize {
    let is_part = |c: &&char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let length = capitals + rest[capitals..].iter().take_while(is_part).count();
    length.max(1)
}

fn known(rest: &[char]) -> Option<usize> {
    let fits = |word: &&&str| {
        let length = word.len();
        rest.len() >= length
            && word.chars().zip(rest).all(|(a, b)| a == *b)
            && rest.get(length).is_none_or(|next| !next.is_ascii_lowercase())
    };
    let longest = TABLE.iter().filter(fits).map(|word| word.len()).max()?;
    let digits = rest[longest..].iter().take_while(|c| c.is_ascii_digit()).count();
    Some(longest + digits)
}

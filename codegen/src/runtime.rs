//! The Rust sources that every generated crate contains, copied as they are but for their examples.

use crate::print;

/// File name in `src/runtime` of a generated crate, and its text.
const SOURCES: &[(&str, &str)] = &[
    ("api_error.rs", include_str!("../runtime/src/api_error.rs")),
    ("attempt.rs", include_str!("../runtime/src/attempt.rs")),
    ("auth.rs", include_str!("../runtime/src/auth.rs")),
    ("backoff.rs", include_str!("../runtime/src/backoff.rs")),
    ("binary.rs", include_str!("../runtime/src/binary.rs")),
    ("body.rs", include_str!("../runtime/src/body.rs")),
    ("call.rs", include_str!("../runtime/src/call.rs")),
    ("client.rs", include_str!("../runtime/src/client.rs")),
    ("codec.rs", include_str!("../runtime/src/codec.rs")),
    ("connector.rs", include_str!("../runtime/src/connector.rs")),
    ("delegate.rs", include_str!("../runtime/src/delegate.rs")),
    ("detail.rs", include_str!("../runtime/src/detail.rs")),
    ("error.rs", include_str!("../runtime/src/error.rs")),
    ("extra.rs", include_str!("../runtime/src/extra.rs")),
    ("failure_text.rs", include_str!("../runtime/src/failure_text.rs")),
    ("headers.rs", include_str!("../runtime/src/headers.rs")),
    ("host.rs", include_str!("../runtime/src/host.rs")),
    ("hub.rs", include_str!("../runtime/src/hub.rs")),
    ("items.rs", include_str!("../runtime/src/items.rs")),
    ("mod.rs", include_str!("../runtime/src/lib.rs")),
    ("mask.rs", include_str!("../runtime/src/mask.rs")),
    ("method.rs", include_str!("../runtime/src/method.rs")),
    ("no_proxy.rs", include_str!("../runtime/src/no_proxy.rs")),
    ("number.rs", include_str!("../runtime/src/number.rs")),
    ("object.rs", include_str!("../runtime/src/object.rs")),
    ("open_enum.rs", include_str!("../runtime/src/open_enum.rs")),
    ("options.rs", include_str!("../runtime/src/options.rs")),
    ("pages.rs", include_str!("../runtime/src/pages.rs")),
    ("permanent.rs", include_str!("../runtime/src/permanent.rs")),
    ("problem.rs", include_str!("../runtime/src/problem.rs")),
    ("proxy.rs", include_str!("../runtime/src/proxy.rs")),
    ("query.rs", include_str!("../runtime/src/query.rs")),
    ("retry.rs", include_str!("../runtime/src/retry.rs")),
    ("retry_after.rs", include_str!("../runtime/src/retry_after.rs")),
    ("secret.rs", include_str!("../runtime/src/secret.rs")),
    ("send.rs", include_str!("../runtime/src/send.rs")),
    ("service.rs", include_str!("../runtime/src/service.rs")),
    ("settings.rs", include_str!("../runtime/src/settings.rs")),
    ("time.rs", include_str!("../runtime/src/time.rs")),
    ("tls.rs", include_str!("../runtime/src/tls.rs")),
    ("tls_config.rs", include_str!("../runtime/src/tls_config.rs")),
    ("tokens.rs", include_str!("../runtime/src/tokens.rs")),
    ("trace.rs", include_str!("../runtime/src/trace.rs")),
    ("trail.rs", include_str!("../runtime/src/trail.rs")),
    ("url.rs", include_str!("../runtime/src/url.rs")),
    ("wire.rs", include_str!("../runtime/src/wire.rs")),
    ("yup.rs", include_str!("../runtime/src/yup.rs")),
];

/// Path and text of every runtime file of a library. Examples name the runtime by its path there.
pub fn files(library: &str) -> impl Iterator<Item = (String, String)> {
    let own = format!("/// use {library}::runtime::");
    SOURCES.iter().map(move |(name, text)| {
        let text = text.replace("/// use codegen_runtime::", &own);
        (format!("src/runtime/{name}"), format!("{}\n{text}", print::HEADER))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_source_of_the_runtime_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src");
        let names = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there: BTreeSet<String> =
            names.map(|name| if name == "lib.rs" { "mod.rs".to_owned() } else { name }).collect();
        let listed: BTreeSet<String> = SOURCES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, there);
    }
}

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

/// The same, for crates with media and those whose runtime such a crate shares.
const MEDIA: &[(&str, &str)] = &[
    ("media.rs", include_str!("../runtime/src/media.rs")),
    ("media/buffer.rs", include_str!("../runtime/src/media/buffer.rs")),
    ("media/content.rs", include_str!("../runtime/src/media/content.rs")),
    ("media/crc32c.rs", include_str!("../runtime/src/media/crc32c.rs")),
    ("media/download.rs", include_str!("../runtime/src/media/download.rs")),
    ("media/download_call.rs", include_str!("../runtime/src/media/download_call.rs")),
    ("media/idle.rs", include_str!("../runtime/src/media/idle.rs")),
    ("media/multipart.rs", include_str!("../runtime/src/media/multipart.rs")),
    ("media/outgoing.rs", include_str!("../runtime/src/media/outgoing.rs")),
    ("media/part.rs", include_str!("../runtime/src/media/part.rs")),
    ("media/place.rs", include_str!("../runtime/src/media/place.rs")),
    ("media/reader.rs", include_str!("../runtime/src/media/reader.rs")),
    ("media/resumable.rs", include_str!("../runtime/src/media/resumable.rs")),
    ("media/session.rs", include_str!("../runtime/src/media/session.rs")),
    ("media/source.rs", include_str!("../runtime/src/media/source.rs")),
    ("media/transfer.rs", include_str!("../runtime/src/media/transfer.rs")),
    ("media/upload.rs", include_str!("../runtime/src/media/upload.rs")),
    ("media/validator.rs", include_str!("../runtime/src/media/validator.rs")),
];

/// The line of `mod.rs` that runtimes without media lack.
const MEDIA_MODULE: &str = "pub mod media;\n";

/// Path and text of every runtime file that a library needs, with media or without. Examples name the
/// runtime by its path there.
pub fn files(library: &str, has_media: bool) -> impl Iterator<Item = (String, String)> {
    let own = format!("/// use {library}::runtime::");
    let media = if has_media { MEDIA } else { &[] };
    SOURCES.iter().chain(media).map(move |(name, text)| {
        let text = text.replace("/// use codegen_runtime::", &own);
        let text = if has_media { text } else { text.replace(MEDIA_MODULE, "") };
        (format!("src/runtime/{name}"), format!("{}\n{text}", print::HEADER))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn names(folder: &Path, prefix: &str) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.path().is_file());
        files.map(|entry| format!("{prefix}{}", entry.file_name().to_str().unwrap())).collect()
    }

    #[test]
    fn every_source_of_the_runtime_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src");
        let there = [names(&folder, ""), names(&folder.join("media"), "media/")].concat();
        let there: BTreeSet<String> = there
            .into_iter()
            .map(|name| if name == "lib.rs" { "mod.rs".to_owned() } else { name })
            .collect();
        let listed: BTreeSet<String> =
            SOURCES.iter().chain(MEDIA).map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, there);
    }

    #[test]
    fn crates_without_media_have_nothing_of_it() {
        let with: Vec<_> = files("demo_v1", true).collect();
        let without: Vec<_> = files("demo_v1", false).collect();
        assert_eq!(with.len(), without.len() + MEDIA.len());
        let module = |files: &[(String, String)]| {
            let module = files.iter().find(|(path, _)| path == "src/runtime/mod.rs").unwrap();
            module.1.contains("mod media")
        };
        assert!(module(&with) && !module(&without));
    }
}

//! What a call builder has when its method uploads or downloads media.

use proc_macro2::TokenStream;
use quote::quote;

use super::builders::pieces;
use super::doc::{Doc, code};
use crate::api::{MediaUpload, Method, UploadPath};

/// The functions of a builder that send and fetch media.
pub(super) fn functions(method: &Method, answer: &TokenStream) -> TokenStream {
    let upload = method.media_upload.as_ref().map(|media| {
        let simple = media.simple.as_ref().map(|path| simple(method, media, path, answer));
        let resumable = media.resumable.as_ref().map(|path| resumable(method, media, path, answer));
        quote!(#simple #resumable)
    });
    let download = method.media_download.then(|| download(method));
    quote!(#upload #download)
}

fn simple(
    method: &Method,
    media: &MediaUpload,
    path: &UploadPath,
    answer: &TokenStream,
) -> TokenStream {
    let mut doc = Doc::new(4);
    let with = if method.request.is_some() { " together with the request" } else { "" };
    doc.paragraph(&format!("Uploads media{with}: {}.", http(method, path)));
    doc.paragraph(&limits(media));
    doc.paragraph("Reading, retries, timeouts and errors: see [`upload`](rt::media::upload).");
    let doc = doc.tokens();
    let path = upload_path(media, path);
    quote! {
        #doc
        pub async fn upload(self, media: rt::media::Media) -> rt::Result<#answer> {
            rt::media::upload(self.call, #path, media).await
        }
    }
}

fn resumable(
    method: &Method,
    media: &MediaUpload,
    path: &UploadPath,
    answer: &TokenStream,
) -> TokenStream {
    let mut doc = Doc::new(4);
    doc.paragraph(&format!(
        "Uploads media in chunks, and goes on after a broken connection: {}.",
        http(method, path)
    ));
    doc.paragraph(&limits(media));
    let doc = doc.tokens();
    let path = upload_path(media, path);
    quote! {
        #doc
        pub fn upload_resumable(self, media: rt::media::Media) -> rt::media::ResumableUpload<#answer> {
            rt::media::ResumableUpload::new(self.call, #path, media)
        }
    }
}

fn download(method: &Method) -> TokenStream {
    let mut doc = Doc::new(4);
    let instead = if method.response.is_some() { " instead of what describes it" } else { "" };
    doc.paragraph(&format!("Downloads the media{instead}: a stream of bytes, or a part of them."));
    let doc = doc.tokens();
    let is_from_service = method.media_download_service;
    quote! {
        #doc
        pub fn download(self) -> rt::media::DownloadCall {
            rt::media::DownloadCall::new(&self.call, #is_from_service)
        }
    }
}

fn upload_path(media: &MediaUpload, path: &UploadPath) -> TokenStream {
    let pieces = pieces(&path.path);
    let max_size = match media.max_size {
        Some(size) => quote!(Some(#size)),
        None => quote!(None),
    };
    quote!(rt::media::UploadPath { path: #pieces, max_size: #max_size })
}

/// The part of a method's docs that leads to these functions. `builder` is the path of the builder.
pub(super) fn section(method: &Method, builder: &str, doc: &mut Doc) {
    let mut lines = Vec::new();
    if let Some(media) = &method.media_upload {
        let link = |name: &str| format!("[`{name}`]({builder}::{name})");
        let ways: Vec<String> = [
            media.simple.is_some().then(|| format!("{} in one request", link("upload"))),
            media.resumable.is_some().then(|| format!("{} in chunks", link("upload_resumable"))),
        ]
        .into_iter()
        .flatten()
        .collect();
        lines.push(format!("It takes media: {}. {}", ways.join(", "), limits(media)));
    }
    if method.media_download {
        lines.push(format!("It gives media: [`download`]({builder}::download)."));
    }
    if !lines.is_empty() {
        doc.paragraph("# Media");
    }
    for line in lines {
        doc.paragraph(&line);
    }
}

/// Media types and size, as the document has them.
fn limits(media: &MediaUpload) -> String {
    let types: Vec<String> = media.accept.iter().map(|ty| code(ty)).collect();
    let types = match types.as_slice() {
        [] => "any".to_owned(),
        types => types.join(", "),
    };
    let size = match media.max_size {
        None => "any size".to_owned(),
        Some(bytes) => format!("at most {bytes} bytes{}", rounded(bytes)),
    };
    format!("Media types: {types}; {size}.")
}

/// A size in its largest unit, where it is a whole number of them.
fn rounded(bytes: u64) -> String {
    let units = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.iter().find(|(shift, _)| bytes >> shift << shift == bytes && bytes > 0);
    unit.map(|(shift, name)| format!(" ({} {name})", bytes >> shift)).unwrap_or_default()
}

fn http(method: &Method, path: &UploadPath) -> String {
    code(&format!("{} {}", method.http_method, path.template))
}

/// A media type that a method takes, for its example.
pub(super) fn example_type(media: &MediaUpload) -> &str {
    let is_plain = |ty: &str| {
        ty.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '+'))
    };
    let first = media.accept.iter().map(String::as_str).find(|ty| is_plain(ty));
    let family = |name: &str| media.accept.iter().any(|ty| ty.starts_with(name));
    match first {
        Some(ty) => ty,
        None if family("image/") => "image/png",
        None if family("video/") => "video/mp4",
        None if family("message/") => "message/rfc822",
        None => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_whole_units() {
        assert_eq!(rounded(5_497_558_138_880), " (5 TiB)");
        assert_eq!(rounded(36_700_160), " (35 MiB)");
        assert_eq!(rounded(1023), "");
        assert_eq!(rounded(0), "");
    }
}

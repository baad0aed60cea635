//! Media that methods take and give.

use super::place::Place;
use super::{Compare, Rule, Verdict};
use crate::discovery::{MediaUpload, Method, child};

impl Compare<'_> {
    /// Compares what two methods upload and download.
    pub(super) fn media(&mut self, old: &Method, new: &Method, place: &Place) {
        let upload = place.at(&child(&new.pointer, "mediaUpload"));
        match (&old.media_upload, &new.media_upload) {
            (None, None) => {}
            (None, Some(_)) => {
                self.add(Rule::MediaUploadAdded, &upload, None, None);
            }
            (Some(_), None) => {
                self.add(Rule::MediaUploadRemoved, &upload, None, None);
            }
            (Some(own), Some(other)) => {
                if own != other {
                    let rule = upload_rule(own, other);
                    let change = self.add(rule, &upload, shown(own), shown(other));
                    let is_same = own.accept == other.accept
                        && (&own.simple, &own.resumable) == (&other.simple, &other.resumable)
                        && own.max_bytes() == other.max_bytes();
                    if is_same && rule == Rule::MediaUploadWidened {
                        // The same size in other words.
                        change.wire = Verdict::Neutral;
                    }
                    change.rust = ways(own, other);
                }
            }
        }
        let download = place.at(&child(&new.pointer, "supportsMediaDownload"));
        match (old.media_download, new.media_download) {
            (false, true) => {
                self.add(Rule::MediaDownloadAdded, &download, None, None);
            }
            (true, false) => {
                self.add(Rule::MediaDownloadRemoved, &download, None, None);
            }
            _ => {}
        }
        if old.media_download_service != new.media_download_service {
            let place = place.at(&child(&new.pointer, "useMediaDownloadService"));
            let (old, new) = (old.media_download_service, new.media_download_service);
            self.add(Rule::MediaDownloadServiceChanged, &place, old.to_string(), new.to_string());
        }
    }
}

/// What becomes of the functions that upload: there is one for each protocol.
fn ways(old: &MediaUpload, new: &MediaUpload) -> Verdict {
    let ways = |upload: &MediaUpload| [upload.simple.is_some(), upload.resumable.is_some()];
    let both = || ways(old).into_iter().zip(ways(new));
    if both().any(|(was, is)| was && !is) {
        Verdict::Breaking
    } else if both().any(|(was, is)| is && !was) {
        Verdict::Additive
    } else {
        Verdict::Neutral
    }
}

/// Whether everything that could be uploaded still can be, at the same places.
fn upload_rule(old: &MediaUpload, new: &MediaUpload) -> Rule {
    let keeps = |own: &Option<String>, other: &Option<String>| own.is_none() || own == other;
    let takes = new.accept.is_empty()
        || new.accept.iter().any(|one| one == "*/*")
        || (!old.accept.is_empty() && old.accept.iter().all(|one| new.accept.contains(one)));
    let is_as_big = match (old.max_bytes(), new.max_bytes()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(own), Some(other)) => other >= own,
    };
    if keeps(&old.simple, &new.simple)
        && keeps(&old.resumable, &new.resumable)
        && takes
        && is_as_big
    {
        Rule::MediaUploadWidened
    } else {
        Rule::MediaUploadChanged
    }
}

fn shown(upload: &MediaUpload) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    format!(
        "accepts [{}], at most {}, simple {}, resumable {}",
        upload.accept.join(", "),
        upload.max_size.as_deref().unwrap_or("any size"),
        text(&upload.simple),
        text(&upload.resumable)
    )
}

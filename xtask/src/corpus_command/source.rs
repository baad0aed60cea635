//! Where the documents are: a folder, with files that may be packed, or a wheel of Google's Python
//! client, which is a zip archive.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// No document is larger than a tenth of this; an archive that says otherwise is no archive of them.
const LARGEST: u64 = 64 << 20;

/// A document, in a file of its own.
pub(super) struct Document {
    /// Its name without `.json`.
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// The documents of a folder or an archive, sorted by name. Those that are packed are unpacked into
/// `unpacked`, where earlier ones are removed first.
///
/// # Errors
/// The source cannot be read or has none, or they cannot be unpacked.
pub(super) fn documents(source: &Path, unpacked: &Path) -> Result<Vec<Document>> {
    let mut documents =
        if source.is_file() { of_archive(source, unpacked)? } else { of_folder(source, unpacked)? };
    if documents.is_empty() {
        bail!(
            "{} has no *.json\n  help: give a folder of discovery documents, or a wheel that holds them",
            source.display()
        );
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = documents.windows(2).find(|pair| pair[0].name == pair[1].name) {
        bail!(
            "{} has {} twice\n  help: give each a name of its own",
            source.display(),
            pair[0].name
        );
    }
    Ok(documents)
}

fn of_folder(folder: &Path, unpacked: &Path) -> Result<Vec<Document>> {
    let cannot = || {
        format!(
            "cannot read the folder {}\n  help: give a folder of documents, or a wheel",
            folder.display()
        )
    };
    let mut documents = Vec::new();
    let mut unpacking = Unpacking::new(unpacked);
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        let Some(file) = path.file_name().map(|file| file.to_string_lossy().into_owned()) else {
            continue;
        };
        if let Some(name) = file.strip_suffix(".json") {
            documents.push(Document { name: name.to_owned(), path });
        } else if let Some(name) = file.strip_suffix(".json.gz") {
            let packed = fs::File::open(&path).with_context(cannot)?;
            documents.push(unpacking.add(name, flate2::read::GzDecoder::new(packed))?);
        }
    }
    Ok(documents)
}

fn of_archive(archive: &Path, unpacked: &Path) -> Result<Vec<Document>> {
    let cannot = || {
        format!(
            "{} is no wheel\n  help: give a folder of documents, or the .whl file of google-api-python-client",
            archive.display()
        )
    };
    let file = fs::File::open(archive).with_context(cannot)?;
    let mut zip = zip::ZipArchive::new(file).with_context(cannot)?;
    let mut documents = Vec::new();
    let mut unpacking = Unpacking::new(unpacked);
    for index in 0..zip.len() {
        let entry = zip.by_index(index).with_context(cannot)?;
        // Only the last part of a name is used: an archive cannot choose where a file goes.
        let name = entry.name().with_context(cannot)?.into_owned();
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if let Some(name) = file.strip_suffix(".json") {
            documents.push(unpacking.add(name, entry)?);
        }
    }
    Ok(documents)
}

/// A folder for what is unpacked, made anew when the first file comes.
struct Unpacking<'a> {
    folder: &'a Path,
    is_ready: bool,
}

impl<'a> Unpacking<'a> {
    fn new(folder: &'a Path) -> Self {
        Self { folder, is_ready: false }
    }

    fn add(&mut self, name: &str, packed: impl Read) -> Result<Document> {
        let cannot = || format!("cannot unpack {name} into {}", self.folder.display());
        if !self.is_ready {
            super::compile::remove(self.folder).with_context(cannot)?;
            fs::create_dir_all(self.folder).with_context(cannot)?;
        }
        let path = self.folder.join(format!("{name}.json"));
        let mut file = fs::File::create(&path).with_context(cannot)?;
        let size = std::io::copy(&mut packed.take(LARGEST), &mut file).with_context(cannot)?;
        if size == LARGEST {
            bail!(
                "{name} is larger than {} MiB\n  help: this is no discovery document",
                LARGEST >> 20
            );
        }
        self.is_ready = true;
        Ok(Document { name: name.to_owned(), path })
    }
}

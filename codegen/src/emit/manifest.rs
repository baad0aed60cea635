//! `Cargo.toml` and `README.md` of a crate: written once, when they are missing.
//!
//! From then on they belong to people, since versions and features are release decisions.

use super::Crate;
use crate::print::MARK;
use crate::settings::RuntimeCrate;

/// Name and version of the package that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// As `people-v1`.
    pub name: String,
    /// As `0.1.0`.
    pub version: String,
}

impl Package {
    /// The usual name for an API: `<name>-<version>`, with what Cargo allows in a name.
    pub fn of(name: &str, version: &str) -> Self {
        let text = format!("{name}-{version}").to_lowercase();
        let clean: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
            .collect();
        let name = match clean.chars().next() {
            Some(first) if first.is_ascii_alphabetic() => clean,
            _ => format!("api-{clean}"),
        };
        Self { name, version: "0.1.0".to_owned() }
    }

    /// Whether Cargo takes a text as a package's name, and Rust as a library's.
    pub fn is_name(text: &str) -> bool {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        text.chars().all(is_plain) && syn::parse_str::<syn::Ident>(&text.replace('-', "_")).is_ok()
    }

    /// The library's name in `use` lines.
    pub fn library(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// The dependency lines that the runtime needs, as its own manifest has them.
const RUNTIME_MANIFEST: &str = include_str!("../../runtime/Cargo.toml");

/// The manifest, complete: a package that builds on published crates, and the crate whose runtime it
/// shares.
pub(super) fn cargo_toml(context: &Crate) -> String {
    let Crate { api, package, runtime, .. } = context;
    let title = super::title(api);
    let description =
        format!("{title} {} for Rust: types, method builders, one transport", super::version(api));
    let tables = match runtime {
        Some(shared) => forwarding_tables(shared),
        None => shared_tables(),
    };
    manifest(package, &description, &tables)
}

/// The manifest of a crate that is nothing but the runtime.
pub(super) fn runtime_cargo_toml(package: &Package) -> String {
    let description = "What generated Google API crates share: errors, options, one transport";
    manifest(package, description, &shared_tables())
}

fn manifest(package: &Package, description: &str, tables: &str) -> String {
    let mut text = format!("# {MARK} once by `cargo xtask gen`; from now on it is yours.\n");
    text.push_str("[package]\n");
    for (key, value) in [
        ("name", package.name.as_str()),
        ("version", package.version.as_str()),
        ("edition", "2024"),
        ("rust-version", crate::MSRV),
        ("license", "MIT OR Apache-2.0"),
        ("description", description),
        ("readme", "README.md"),
    ] {
        text.push_str(&format!("{key} = {}\n", toml_text(value)));
    }
    text.push_str("keywords = [\"google\", \"api\", \"sdk\"]\n");
    text.push_str("categories = [\"api-bindings\", \"web-programming::http-client\"]\n");
    text.push_str("\n[package.metadata.docs.rs]\nall-features = true\n\n");
    text.push_str("[lints.rust]\nmissing_docs = \"warn\"\n\n");
    text.push_str(tables);
    // A crate of its own even where it is made inside another workspace's folder.
    text.push_str("\n[workspace]\n");
    text
}

/// The runtime's features, each turned on in the crate whose runtime is shared, and the dependencies
/// of what is generated besides the runtime.
fn forwarding_tables(shared: &RuntimeCrate) -> String {
    let mut text = String::new();
    let mut table = "";
    for line in RUNTIME_MANIFEST.lines() {
        if line.starts_with('[') {
            table = line;
        }
        let entry = line.split_once(" = ");
        match (table, entry) {
            ("[features]", Some((feature, _))) if feature != "default" => {
                text.push_str(&format!("{feature} = [\"{}/{feature}\"]\n", shared.package));
            }
            ("[features]", _) => text.push_str(&format!("{line}\n")),
            ("[dependencies]", Some(("google-apis-common", _))) => {
                text.push_str(&format!("[dependencies]\n{line}\n"));
            }
            _ => {}
        }
    }
    let path = shared.path.as_deref();
    let path = path.map(|path| format!("path = {}, ", toml_text(path))).unwrap_or_default();
    text.push_str(&format!(
        "{} = {{ {path}version = {}, default-features = false }}\n",
        shared.package,
        toml_text(&shared.version)
    ));
    text
}

/// The tables of the runtime's manifest that a generated crate needs too.
fn shared_tables() -> String {
    let wanted = ["[features]", "[dependencies]"];
    let mut text = String::new();
    let mut inside = false;
    for line in RUNTIME_MANIFEST.lines() {
        if line.starts_with('[') {
            inside = wanted.contains(&line) || line.starts_with("[dependencies.");
        }
        if inside {
            text.push_str(line);
            text.push('\n');
        }
    }
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    text
}

fn toml_text(value: &str) -> String {
    // JSON's escapes are TOML's, but for control characters that TOML writes the same way.
    serde_json::Value::from(value).to_string()
}

/// The readme of the package.
pub(super) fn readme(context: &Crate) -> String {
    let Crate { api, package, .. } = context;
    let title = super::title(api);
    let library = package.library();
    format!(
        "# {name}\n\n\
         {title} {version} for Rust: types, method builders and one transport, made from Google's discovery\n\
         document by `cargo xtask gen`.\n\n\
         ```toml\n\
         [dependencies]\n\
         {name} = \"{package_version}\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\
         ```\n\n\
         ```rust,ignore\n\
         let hub = {library}::{hub}::https(token)?;\n\
         ```\n\n\
         The crate's documentation (`cargo doc --open`) lists every method with its HTTP line, its scopes and an\n\
         example. Features: `ring` or `aws-lc-rs` (cryptography), `native-roots` or `webpki-roots` (certificates),\n\
         `gzip`, `yup-oauth2`, `tracing`.\n\n\
         `src/` and `api.txt` are generated: they are overwritten by the next generation. `Cargo.toml` and this\n\
         file were written once and are yours.\n",
        name = package.name,
        version = super::version(api),
        package_version = package.version,
        hub = api.hub,
    )
}

/// The readme of a crate that is nothing but the runtime.
pub(super) fn runtime_readme(package: &Package) -> String {
    format!(
        "# {}\n\n\
         What several generated Google API crates share: errors, options, token sources and one transport, made by\n\
         `cargo xtask gen`. Programs rarely depend on it by name: each API's crate re-exports it as `runtime`.\n\n\
         `src/` is generated: it is overwritten by the next generation. `Cargo.toml` and this file were written once\n\
         and are yours.\n",
        package.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_names_are_what_cargo_allows() {
        assert_eq!(Package::of("people", "v1").name, "people-v1");
        assert_eq!(Package::of("content", "v2.1").name, "content-v2-1");
        assert_eq!(Package::of("admin", "directory_v1").library(), "admin_directory_v1");
        assert_eq!(Package::of("4x", "../v1").name, "api-4x----v1");
        for (text, is_name) in [
            ("people-v1", true),
            ("a_1", true),
            ("", false),
            ("a b", false),
            ("1a", false),
            ("mod", false),
        ] {
            assert_eq!(Package::is_name(text), is_name, "{text}");
        }
    }
}

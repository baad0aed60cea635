//! What is said of Rust code is what the compiler says: for every rule a program of a user
//! (`tests/diff/<rule>/user.rs`) that compiles against the crate of the old document, and fails to
//! compile against that of the new one exactly when the rule says so.
//!
//! All crates are modules of one crate with one runtime, so that the runtime is compiled once; a
//! program is an example of that crate which imports one of the modules under the name that the
//! generated package has. `verdicts.txt` lists the rules' verdicts beside the compiler's.

mod common;
#[path = "common/pairs.rs"]
mod pairs;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::root;
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{Rule, Verdict};
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, generate, runtime, surface};
use pairs::{compared, folders, name};
use serde_json::Value;

/// What the compiler says of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// It compiles without a warning.
    Compiles,
    /// It compiles, with the lint about deprecated items.
    Deprecated,
    /// It does not compile.
    Fails,
}

impl Said {
    fn word(self) -> &'static str {
        match self {
            Self::Compiles => "compiles",
            Self::Deprecated => "lint",
            Self::Fails => "fails",
        }
    }
}

/// What the compiler must say where this is said of a change.
fn expected(verdict: Verdict) -> Said {
    match verdict {
        Verdict::Breaking => Said::Fails,
        // The only thing that Rust warns of.
        Verdict::Warning => Said::Deprecated,
        Verdict::Additive | Verdict::Neutral => Said::Compiles,
    }
}

/// The files of the crate that holds all crates, written only where they changed, so that nothing is
/// compiled again without need.
#[derive(Default)]
struct Files(BTreeMap<PathBuf, String>);

impl Files {
    fn add(&mut self, path: impl Into<PathBuf>, text: String) {
        self.0.insert(path.into(), text);
    }

    fn write(&self, folder: &Path) {
        let mut open = vec![folder.to_path_buf()];
        while let Some(next) = open.pop() {
            let Ok(entries) = fs::read_dir(&next) else { continue };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    open.push(path);
                } else if !self.0.contains_key(path.strip_prefix(folder).unwrap()) {
                    fs::remove_file(path).unwrap();
                }
            }
        }
        for (path, text) in &self.0 {
            let path = folder.join(path);
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

fn made(json: &[u8], older: Option<&Generated>) -> Generated {
    let mut diagnostics = Diagnostics::default();
    let prior = older.map(|older| surface::prior_names(&surface::text(&older.api, None)));
    let settings = Settings { prior: prior.unwrap_or_default(), ..Settings::default() };
    let made = generate(json, &settings, None, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    made.unwrap_or_else(|| panic!("{said:#?}"))
}

/// Adds a generated crate as a module. Its files name each other as `crate::..`; the runtime is that
/// of the whole.
fn add_module(generated: &Generated, module: &str, side: &str, files: &mut Files) {
    for (path, text) in generated.files.iter() {
        let Some(path) = path.strip_prefix("src/").filter(|path| !path.starts_with("runtime/"))
        else {
            continue;
        };
        let mut text = text.replace("pub mod runtime;", "pub use crate::runtime;");
        for own in ["hub", "resources", "schemas", "scopes"] {
            let inside = format!("crate::{module}::{side}::{own}::");
            text = text.replace(&format!("crate::{own}::"), &inside);
            text = text
                .replace(&format!("crate::{own};"), &format!("{};", &inside[..inside.len() - 2]));
        }
        let path = if path == "lib.rs" { "mod.rs" } else { path };
        files.add(format!("src/{module}/{side}/{path}"), text);
    }
}

/// What the program of a rule is called that is compiled against one side.
fn program_name(rule: &str, side: &str) -> String {
    format!("{}_{side}", rule.replace('-', "_"))
}

/// The crate with all crates of all pairs, and a program for each side.
fn whole() -> Files {
    let mut files = Files::default();
    let mut manifest = String::new();
    let mut library = String::from("pub mod runtime;\n");
    let mut examples = String::new();
    for folder in folders() {
        let rule = name(&folder);
        let module = rule.replace('-', "_");
        let program = fs::read_to_string(folder.join("user.rs"))
            .unwrap_or_else(|error| panic!("{rule}: user.rs: {error}"));
        let mut older: Option<Generated> = None;
        library.push_str(&format!("pub mod {module} {{\n"));
        for side in ["old", "new"] {
            // Where there is no document there is no crate, and no module of it.
            let mut package = older.as_ref().map(|older| older.package.library());
            if let Ok(json) = fs::read(folder.join(format!("{side}.json"))) {
                let generated = made(&json, older.as_ref());
                add_module(&generated, &module, side, &mut files);
                library.push_str(&format!("    pub mod {side};\n"));
                if manifest.is_empty() {
                    generated.files.get("Cargo.toml").unwrap().clone_into(&mut manifest);
                }
                package = Some(generated.package.library());
                older = Some(generated);
            }
            let Some(package) = package else { continue };
            // On one line with the program's first, so that lines are those of `user.rs`.
            let text = format!(
                "#[allow(unused_imports)] use all::{module}::{side} as {package};{program}"
            );
            let program = program_name(&rule, side);
            let path = format!("examples/{program}.rs");
            examples.push_str(&format!(
                "\n[[example]]\nname = \"{program}\"\npath = \"{path}\"\ncrate-type = [\"lib\"]\n"
            ));
            files.add(path, text);
        }
        library.push_str("}\n");
    }
    let (head, rest) = manifest.split_once("[dependencies]").unwrap();
    let (_, features) = head.split_once("[features]").unwrap();
    files.add(
        "Cargo.toml",
        format!(
            "[package]\nname = \"all\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[features]{features}\
             [dependencies]{rest}{examples}"
        ),
    );
    files.add("src/lib.rs", library);
    for (path, text) in runtime::files("all", true) {
        files.add(path, text);
    }
    files.add("Cargo.lock", fs::read_to_string(root().join("Cargo.lock")).unwrap());
    files
}

/// What the compiler says of every program.
fn said() -> BTreeMap<String, (Said, String)> {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiles");
    let folder = work.join("truth");
    whole().write(&folder);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--lib", "--examples", "--keep-going"])
        .args(["--message-format", "json"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    let mut said = BTreeMap::new();
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Value = serde_json::from_slice(line).unwrap();
        let target = line["target"]["name"].as_str().unwrap_or_default().to_owned();
        match line["reason"].as_str().unwrap_or_default() {
            "compiler-artifact" if line["target"]["kind"][0] == "example" => {
                said.entry(target).or_insert((Said::Compiles, String::new()));
            }
            "compiler-message" if line["message"]["level"] == "error" => {
                let rendered = line["message"]["rendered"].as_str().unwrap_or_default();
                assert_ne!(target, "all", "what is generated does not compile:\n{rendered}");
                let code = line["message"]["code"]["code"].as_str().unwrap_or_default();
                let now = match code {
                    "deprecated" => Said::Deprecated,
                    _ if code.starts_with('E') => Said::Fails,
                    // The last line of a program that fails.
                    "" if rendered.starts_with("error: aborting due to") => continue,
                    // Bad syntax, or another lint: no program that a user has.
                    _ => panic!("{target}: {rendered}"),
                };
                let entry = said.entry(target).or_insert((now, String::new()));
                if now == Said::Fails {
                    entry.0 = now;
                }
                entry.1.push_str(rendered);
            }
            _ => {}
        }
    }
    assert!(!said.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn the_compiler_says_what_the_rules_say() {
    let said = said();
    let mut listed = format!("{:30} {:10} compiler\n", "rule", "rust");
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = name(&folder);
        let rule = Rule::of_id(&name).unwrap();
        let side = |side: &str| said.get(&program_name(&name, side));
        let verdict = compared(&folder)
            .changes
            .iter()
            .filter(|change| change.rule == rule)
            .map(|change| change.rust)
            .max()
            .unwrap();
        if verdict != rule.info().rust {
            wrong.push(format!("{name}: its pair does not show what the rule says"));
        }
        let before = if rule == Rule::Undeprecated { Said::Deprecated } else { Said::Compiles };
        match side("old") {
            Some((said, _)) if *said == before => {}
            None if rule == Rule::ApiAdded => {}
            other => wrong.push(format!("{name}: against the old crate: {other:?}")),
        }
        let Some((said, rendered)) = side("new") else {
            wrong.push(format!("{name}: was not compiled against the new crate"));
            continue;
        };
        writeln!(listed, "{name:30} {:10} {}", verdict.word(), said.word()).unwrap();
        if *said != expected(verdict) {
            wrong.push(format!(
                "{name}: the rule says {}, the compiler {}\n{rendered}",
                verdict.word(),
                said.word()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/verdicts.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &listed).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), listed, "UPDATE=1 writes it anew");
}

#[test]
fn programs_use_what_their_rules_are_about() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = name(&folder);
        let program = fs::read_to_string(folder.join("user.rs")).unwrap_or_default();
        for change in compared(&folder).changes.iter().filter(|one| one.rule.id() == name) {
            // A program that breaks uses it, one that is older than an addition cannot.
            if matches!(change.rust, Verdict::Breaking | Verdict::Additive) {
                continue;
            }
            // An argument is used by calling its function.
            let item = change.path.rsplit("::").next().unwrap_or_default();
            let item = item.split('(').next().unwrap_or_default();
            if !program.contains(item) {
                wrong.push(format!("{name}: {}", change.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

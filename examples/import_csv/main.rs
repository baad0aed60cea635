//! Imports contacts from a CSV file: updates those that have a resource name, creates the others.

mod row;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{LineWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use people_contacts::{Change, Contacts, Creation, Field, Outcome};
use people_emulator::Emulator;
use people_v1::schemas::{ClientData, Person, PersonField};
use people_v1::{HubOptions, PeopleService};
use row::{Column, Row};

/// The key of the client data that tells which row a contact was made of.
const ORIGIN: &str = "import_csv";

/// Imports contacts from a CSV file.
///
/// Rows with a resource name update that contact: every cell that is not empty replaces the field,
/// an empty cell, or one with nothing but semicolons, leaves it as it is: no field is ever cleared.
/// Rows without one create a contact, which keeps the row's origin
/// in its client data; so the import can be stopped at any time, killed even, and started again: what
/// is there already is not made twice. Bad rows are reported with their line, the others go on.
///
/// Columns: resource_name, given_name, family_name, nickname, email, phone, url, organization, title,
/// note. Several values of a cell are separated by semicolons.
///
/// With PEOPLE_TOKEN set (a bearer token with the scope https://www.googleapis.com/auth/contacts) it
/// talks to Google, otherwise to an emulator inside this program.
#[derive(Parser)]
#[command(max_term_width = 100)]
#[allow(clippy::doc_markdown, reason = "this is the text of --help")]
struct Arguments {
    /// The file; its first line names the columns.
    file: PathBuf,
    /// Reads a column of the file as one of the columns above; may be repeated.
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where every row's outcome is written, as CSV [default: the file's name with .report.csv].
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// What tells the rows of this import from those of others [default: the file's name].
    #[arg(long, value_name = "TEXT")]
    origin: Option<String>,
    /// A bearer token.
    #[arg(long, env = "PEOPLE_TOKEN", hide_env_values = true, hide = true)]
    token: Option<String>,
    /// Where the API is.
    #[arg(long, env = "PEOPLE_URL", hide = true)]
    url: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let Some(token) = &arguments.token else {
        let emulator = Emulator::start().await.context("cannot start the emulator")?;
        emulator.book("token-of-ann").seed_contacts(100);
        println!("PEOPLE_TOKEN is not set: this goes to an emulator with 100 contacts");
        let options = HubOptions::new().base_url(emulator.url());
        let hub = PeopleService::https("token-of-ann".to_owned())?.with(options);
        return import(arguments, hub).await;
    };
    let mut hub = PeopleService::https(token.clone())?;
    if let Some(url) = &arguments.url {
        hub = hub.with(HubOptions::new().base_url(url));
    }
    import(arguments, hub).await
}

/// What a row comes to.
enum Plan {
    Change(Box<Change>),
    Create(Box<Person>),
    /// The contact is as the row wants it already.
    Done(&'static str),
}

async fn import(arguments: &Arguments, hub: PeopleService) -> Result<()> {
    let origin = arguments.origin.clone().unwrap_or_else(|| name_of(&arguments.file));
    let path =
        arguments.report.clone().unwrap_or_else(|| arguments.file.with_extension("report.csv"));
    let (rows, bad) = row::read(&arguments.file, &arguments.map)?;
    let contacts = Contacts::new(hub);
    println!("reading the contacts that there are");
    let (known, made) = known(&contacts).await?;

    let mut report = if arguments.dry_run { None } else { Some(Report::new(&path)?) };
    for (line, reason) in &bad {
        eprintln!("line {line}: {reason}");
        if let Some(report) = &mut report {
            report.write(*line, "", &format!("bad row: {reason}"))?;
        }
    }
    let mut changes = Vec::new();
    let mut new = Vec::new();
    for row in rows {
        let line = row.line;
        match plan(&row, &origin, &known, &made) {
            Ok(Plan::Change(change)) => changes.push((line, *change)),
            Ok(Plan::Create(person)) => new.push((line, *person)),
            Ok(Plan::Done(what)) => {
                if let Some(report) = &mut report {
                    report.write(line, row.name(), what)?;
                }
            }
            Err(reason) => {
                eprintln!("line {line}: {reason}");
                if let Some(report) = &mut report {
                    report.write(line, row.name(), &format!("bad row: {reason}"))?;
                }
            }
        }
    }
    println!("{} to update, {} to create", changes.len(), new.len());
    let Some(report) = report else {
        show(&changes, &new);
        return Ok(());
    };
    carry_out(&contacts, changes, new, report).await?;
    println!("every row's outcome is in {}", path.display());
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// All contacts by name, and the names of those that an import made, by their origin.
async fn known(
    contacts: &Contacts,
) -> Result<(BTreeMap<String, Person>, BTreeMap<String, String>)> {
    let fields = Column::FIELDS.iter().map(|field| field.read_mask());
    let mut listing =
        contacts.all(fields.chain([PersonField::CLIENT_DATA]).collect::<people_v1::FieldMask<_>>());
    let mut known = BTreeMap::new();
    let mut made = BTreeMap::new();
    while let Some(person) = listing.next().await {
        let person = person.context("cannot read the contacts")?;
        let name = person.resource_name.clone().unwrap_or_default();
        for data in person.client_data.iter().flatten() {
            if let (Some(ORIGIN), Some(origin)) = (data.key.as_deref(), &data.value) {
                made.insert(origin.clone(), name.clone());
            }
        }
        known.insert(name, person);
    }
    Ok((known, made))
}

fn plan(
    row: &Row,
    origin: &str,
    known: &BTreeMap<String, Person>,
    made: &BTreeMap<String, String>,
) -> Result<Plan> {
    if row.name().is_empty() {
        let origin = format!("{origin}:{}", row.line);
        if made.contains_key(&origin) {
            return Ok(Plan::Done("created before"));
        }
        let mut person = Person::default();
        row.apply(&mut person);
        person.client_data = Some(vec![ClientData::default().set_key(ORIGIN).set_value(origin)]);
        return Ok(Plan::Create(Box::new(person)));
    }
    let person =
        known.get(row.name()).with_context(|| format!("there is no contact {}", row.name()))?;
    let change = Change::edit(person.clone(), |person| row.apply(person));
    if change.fields().next().is_none() {
        return Ok(Plan::Done("unchanged"));
    }
    Ok(Plan::Change(Box::new(change)))
}

fn show(changes: &[(u64, Change)], new: &[(u64, Person)]) {
    for (line, change) in changes {
        let fields: Vec<String> = change.fields().map(|field: Field| field.to_string()).collect();
        println!("line {line}: {} changes {}", change.name(), fields.join(", "));
    }
    for (line, person) in new {
        let name = person.names.iter().flatten().next();
        let given = name.and_then(|name| name.given_name.as_deref()).unwrap_or_default();
        let family = name.and_then(|name| name.family_name.as_deref()).unwrap_or_default();
        println!("line {line}: creates {given} {family}");
    }
}

async fn carry_out(
    contacts: &Contacts,
    changes: Vec<(u64, Change)>,
    new: Vec<(u64, Person)>,
    mut report: Report,
) -> Result<()> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {elapsed}")?;
    let bar = ProgressBar::new((changes.len() + new.len()) as u64).with_style(style);
    let (lines, changes): (Vec<u64>, Vec<Change>) = changes.into_iter().unzip();
    let mut updates = contacts.update(changes);
    let mut failed = 0_usize;
    while let Some(settled) = updates.next().await {
        let line = line(&lines, settled.index);
        failed += usize::from(!matches!(settled.outcome, Outcome::Updated(_)));
        report.write(line, &settled.name, &settled.outcome.to_string())?;
        bar.inc(1);
    }
    let (lines, new): (Vec<u64>, Vec<Person>) = new.into_iter().unzip();
    let mut creations = contacts.create(new);
    while let Some((index, creation)) = creations.next().await {
        failed += usize::from(!matches!(creation, Creation::Created(_)));
        report.write(line(&lines, index), "", &creation.to_string())?;
        bar.inc(1);
    }
    bar.finish();
    ensure!(failed == 0, "{failed} rows did not succeed; run it again, or see the report");
    Ok(())
}

fn line(lines: &[u64], index: u64) -> u64 {
    usize::try_from(index).ok().and_then(|index| lines.get(index)).copied().unwrap_or_default()
}

/// The report file: a line for each row, on disk as soon as it is known.
struct Report(csv::Writer<LineWriter<File>>);

impl Report {
    fn new(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut writer = csv::Writer::from_writer(LineWriter::new(file));
        writer.write_record(["line", "contact", "outcome"])?;
        Ok(Self(writer))
    }

    fn write(&mut self, line: u64, contact: &str, outcome: &str) -> Result<()> {
        self.0.write_record([&line.to_string(), contact, outcome])?;
        self.0.flush().context("cannot write the report")?;
        std::io::stdout().flush().context("cannot write to the terminal")
    }
}

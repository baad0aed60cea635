//! Updates many contacts: against an emulator of the API inside this program, or against Google.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use people_contacts::{Change, Contacts, Report};
use people_emulator::Emulator;
use people_v1::schemas::{Nickname, Person, PersonField, ReadSourceType};
use people_v1::{HubOptions, PeopleService};

/// Gives contacts a nickname, all in requests of up to 200, and says what became of each.
///
/// Without a token it starts an emulator of the People API inside this program, fills it with
/// contacts and updates some of them: no account, no network. With PEOPLE_TOKEN set (a bearer token
/// with the scope https://www.googleapis.com/auth/contacts) and the resource names of contacts
/// given, it talks to Google and changes those contacts: their other nicknames are replaced.
#[derive(Parser)]
#[command(max_term_width = 100)]
#[allow(clippy::doc_markdown, reason = "this is the text of --help")]
struct Arguments {
    /// Resource names of contacts at Google, such as people/c123; they need PEOPLE_TOKEN.
    names: Vec<String>,
    /// The nickname.
    #[arg(long, default_value = "Annie")]
    nickname: String,
    /// How many contacts of the emulator are updated.
    #[arg(long, default_value_t = 450)]
    count: usize,
    /// How many contacts the emulator has.
    #[arg(long, default_value_t = 1_000)]
    contacts: usize,
    /// Change contacts at Google without asking first.
    #[arg(long)]
    yes: bool,
    /// A bearer token for Google.
    #[arg(long, env = "PEOPLE_TOKEN", hide_env_values = true, hide = true)]
    token: Option<String>,
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
    match (&arguments.token, arguments.names.is_empty()) {
        (Some(token), false) => at_google(arguments, token).await,
        (None, true) => in_the_emulator(arguments).await,
        (Some(_), true) => bail!("PEOPLE_TOKEN is set: give the names of the contacts to update"),
        (None, false) => bail!("names of contacts need PEOPLE_TOKEN, a bearer token for Google"),
    }
}

async fn in_the_emulator(arguments: &Arguments) -> Result<()> {
    let emulator = Emulator::start().await.context("cannot start the emulator")?;
    let names = emulator.book("token-of-ann").seed_contacts(arguments.contacts);
    println!("an emulator of the People API at {} has {} contacts", emulator.url(), names.len());
    let hub = PeopleService::https("token-of-ann".to_owned())?
        .with(HubOptions::new().base_url(emulator.url()));
    let chosen: Vec<String> = names.into_iter().take(arguments.count).collect();
    update(hub, &chosen, &arguments.nickname).await?;
    let requests = emulator.journal().len();
    println!("{requests} requests in all, reading included");
    emulator.shutdown().await;
    Ok(())
}

async fn at_google(arguments: &Arguments, token: &str) -> Result<()> {
    if !arguments.yes {
        let (count, nickname) = (arguments.names.len(), &arguments.nickname);
        print!("give {count} contacts at Google the only nickname {nickname:?}? [y/N] ");
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        ensure!(answer.trim().eq_ignore_ascii_case("y"), "nothing was changed");
    }
    let hub = PeopleService::https(token.to_owned())?;
    update(hub, &arguments.names, &arguments.nickname).await
}

async fn update(hub: PeopleService, names: &[String], nickname: &str) -> Result<()> {
    let changes: Vec<Change> = read(&hub, names)
        .await?
        .into_iter()
        .map(|person| {
            Change::edit(person, |person| {
                person.nicknames = Some(vec![Nickname::default().set_value(nickname)]);
            })
        })
        .collect();

    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} contacts, {elapsed}, {msg}")?;
    let bar = ProgressBar::new(changes.len() as u64).with_style(style);
    let mut updates = Contacts::new(hub).update(changes);
    let mut report = Report::default();
    while let Some(settled) = updates.next().await {
        report.extend([settled]);
        bar.inc(1);
        bar.set_message(format!("{} requests", updates.progress().batches));
    }
    bar.finish();

    println!("{report}");
    for settled in report.outcomes().iter().filter(|settled| !settled.outcome.is_updated()) {
        println!("  {}: {}", settled.name, settled.outcome);
    }
    Ok(())
}

/// Reads contacts with their etags, 200 in a request.
async fn read(hub: &PeopleService, names: &[String]) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(names.len());
    for names in names.chunks(200) {
        let answer = hub
            .people()
            .get_batch_get()
            .set_resource_names(names)
            .set_person_fields(PersonField::NICKNAMES | PersonField::METADATA)
            .set_sources([ReadSourceType::Contact])
            .send()
            .await
            .context("cannot read the contacts")?;
        for response in answer.responses.unwrap_or_default() {
            let name = response.requested_resource_name.unwrap_or_default();
            match response.person {
                Some(person) => people.push(person),
                None => println!("  {name}: there is no such contact"),
            }
        }
    }
    Ok(people)
}

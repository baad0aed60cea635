//! Runs the emulator by itself, for programs in other languages.
//!
//! `cargo run -p people-emulator --example serve -- --port 0 --token T` prints the URL on one line
//! and serves until it is ended, or until its standard input is closed if `--until-eof` is given.

use people_emulator::Emulator;
use std::io::Write as _;
use tokio::io::AsyncReadExt as _;

const USAGE: &str = "usage: serve [--port N] [--token T]... [--seed N] [--contacts N] [--https \
                     --root FILE] [--any-token] [--until-eof]\n\
                     \x20 --port N      port on 127.0.0.1; 0 (the default) for a free one\n\
                     \x20 --token T     a bearer token with an address book of its own; repeatable\n\
                     \x20 --contacts N  puts so many made-up contacts into each book\n\
                     \x20 --https       speaks HTTPS; --root writes the certificate to trust (PEM)\n\
                     \x20 --any-token   takes every token\n\
                     \x20 --until-eof   ends when the standard input is closed";

#[derive(Default)]
struct Options {
    port: u16,
    seed: u64,
    tokens: Vec<String>,
    contacts: usize,
    https: bool,
    root: Option<String>,
    any_token: bool,
    until_eof: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--port" => options.port = number(&value()?)?,
            "--seed" => options.seed = number(&value()?)?,
            "--contacts" => options.contacts = number(&value()?)?,
            "--token" => options.tokens.push(value()?),
            "--root" => options.root = Some(value()?),
            "--https" => options.https = true,
            "--any-token" => options.any_token = true,
            "--until-eof" => options.until_eof = true,
            "--help" | "-h" => return Err(String::new()),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(options)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is not a valid number"))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let options = match options() {
        Ok(options) => options,
        Err(message) if message.is_empty() => {
            println!("{USAGE}");
            return Ok(());
        }
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            std::process::exit(2);
        }
    };
    let mut builder = Emulator::builder().port(options.port).seed(options.seed);
    if options.https {
        builder = builder.https();
    }
    if options.any_token {
        builder = builder.accept_any_token();
    }
    let emulator = builder.start().await?;
    for token in &options.tokens {
        emulator.book(token).seed_contacts(options.contacts);
    }
    if let (Some(file), Some(pem)) = (&options.root, emulator.root_certificate_pem()) {
        std::fs::write(file, pem)?;
    }
    println!("{}", emulator.url());
    std::io::stdout().flush()?;
    if options.until_eof {
        let mut stdin = tokio::io::stdin();
        while stdin.read(&mut [0; 256]).await? > 0 {}
        emulator.shutdown().await;
        // A read of the terminal may still hang in a thread of its own.
        std::process::exit(0);
    }
    std::future::pending().await
}

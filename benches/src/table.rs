//! The table that is printed.

use std::time::Duration;

use crate::cases::{self, Case, Client};
use crate::cost::Cost;
use crate::stream::Run;

/// A line of a table in Markdown, which is also what a terminal shows.
fn line(cells: &[String], widths: &[usize]) -> String {
    let cells = cells.iter().zip(widths).enumerate().map(|(index, (cell, width))| {
        if index < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// Rows with a heading, in columns; the first two columns are text.
pub fn columns(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|&cell| cell.to_owned()).collect();
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| {
            let cells = rows.iter().chain([&heading]).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        })
        .collect();
    let rule = widths.iter().enumerate().map(|(index, width)| {
        if index < 2 { "-".repeat(width + 2) } else { format!("{}:", "-".repeat(width + 1)) }
    });
    let mut text =
        vec![line(&heading, &widths), format!("|{}|", rule.collect::<Vec<_>>().join("|"))];
    text.extend(rows.iter().map(|row| line(row, &widths)));
    text.join("\n")
}

/// The costs of all cases.
pub fn costs(cases: &[Case]) -> String {
    let mut rows = Vec::new();
    for case in cases {
        let what = format!(
            "{}, {} contact{}",
            case.name,
            case.contacts,
            if case.contacts == 1 { "" } else { "s" }
        );
        for (client, cost) in &case.costs {
            let against = |other| {
                let other = (*client != other).then(|| case.cost(other)).flatten();
                other.map_or(String::new(), |other| format!("{:.2}", ratio(cost.cpu, other.cpu)))
            };
            rows.push(vec![
                what.clone(),
                client.name().to_owned(),
                micros(cost.wall),
                micros(cost.cpu),
                cost.heap.calls.to_string(),
                kib(cost.heap.bytes),
                kib(cost.heap.peak),
                against(Client::Peer),
                against(Client::Floor),
            ]);
        }
    }
    let heading = [
        "what",
        "client",
        "wall µs",
        "CPU µs",
        "allocations",
        "KiB allocated",
        "peak KiB",
        ": google-people1",
        ": floor",
    ];
    columns(&heading, &rows)
}

/// A ratio that the project has set itself.
pub struct Target {
    pub what: &'static str,
    pub measured: f64,
    pub at_most: f64,
    /// Whether it is the same on every machine, however busy.
    pub is_exact: bool,
}

impl Target {
    pub fn is_reached(&self) -> bool {
        self.measured <= self.at_most
    }
}

/// What was reached of the targets.
pub fn targets(targets: &[Target]) -> String {
    let rows: Vec<_> = targets
        .iter()
        .map(|target| {
            vec![
                target.what.to_owned(),
                if target.is_reached() { "reached" } else { "missed" }.to_owned(),
                format!("{:.2}", target.measured),
                format!("{:.2}", target.at_most),
            ]
        })
        .collect();
    columns(&["target", "", "measured", "at most"], &rows)
}

/// Targets in one line.
pub fn targets_short(targets: &[&Target]) -> String {
    let texts = targets.iter().map(|target| {
        format!("{} is {:.2} and may be {:.2}", target.what, target.measured, target.at_most)
    });
    texts.collect::<Vec<_>>().join("; ")
}

/// The memory of runs of the facade.
pub fn runs(runs: &[Run]) -> String {
    let rows: Vec<_> = runs
        .iter()
        .map(|run| {
            let beyond = run.bytes_a_contact.map_or(String::new(), |bytes| format!("{bytes:.1}"));
            let what = format!("facade, a stream of {} contacts", run.contacts);
            vec![what, "people-contacts".to_owned(), kib(run.peak), beyond]
        })
        .collect();
    columns(&["what", "client", "peak KiB", "bytes a contact beyond the buffer"], &rows)
}

/// The targets of encoding, decoding and calls that the cases tell of.
pub fn targets_of(cases: &[Case]) -> Vec<Target> {
    let cost = |name: &str, client| {
        let case = cases.iter().find(|case| case.name == name && case.contacts == 200)?;
        case.cost(client)
    };
    let of = |what, at_most, ours: Option<&Cost>, other: Option<&Cost>, by: fn(&Cost) -> f64| {
        Some(Target { what, measured: by(ours?) / by(other?), at_most, is_exact: false })
    };
    let cpu = |cost: &Cost| cost.cpu.as_secs_f64();
    #[allow(clippy::cast_precision_loss)]
    let allocations = |cost: &Cost| cost.heap.calls as f64;
    let ours = |name| cost(name, Client::Ours);
    let peer = |name| cost(name, Client::Peer);
    let floor = |name| cost(name, Client::Floor);
    [
        of("encode: CPU, of the floor", 1.2, ours(cases::ENCODE), floor(cases::ENCODE), cpu),
        of(
            "decode: CPU, of the floor on the same bytes",
            1.0,
            ours(cases::DECODE_COMPACT),
            floor(cases::DECODE_COMPACT),
            cpu,
        ),
        of(
            "decode: CPU, compact, of google-people1, pretty (stretch: 0.5)",
            0.7,
            ours(cases::DECODE_COMPACT),
            peer(cases::DECODE_PRETTY),
            cpu,
        ),
        of(
            "call, HTTP/1.1: CPU, of google-people1",
            0.3,
            ours(cases::CALL_HTTP1),
            peer(cases::CALL_HTTP1),
            cpu,
        ),
        of(
            "call, HTTP/1.1: allocations, of google-people1",
            0.35,
            ours(cases::CALL_HTTP1),
            peer(cases::CALL_HTTP1),
            allocations,
        )
        .map(|target| Target { is_exact: true, ..target }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub fn ratio(of: Duration, other: Duration) -> f64 {
    of.as_secs_f64() / other.as_secs_f64()
}

fn micros(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 100.0 { format!("{micros:.1}") } else { format!("{micros:.0}") }
}

fn kib(bytes: u64) -> String {
    bytes.div_ceil(1024).to_string()
}

//! Rows of the file, and what they say of a contact.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use people_contacts::Field;
use people_v1::schemas::{
    Biography, EmailAddress, Name, Nickname, Organization, Person, PhoneNumber, Url,
};

/// What a column of the file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    ResourceName,
    GivenName,
    FamilyName,
    Nickname,
    Email,
    Phone,
    Url,
    Organization,
    Title,
    Note,
}

impl Column {
    /// The fields that rows can change.
    pub(crate) const FIELDS: &[Field] = &[
        Field::Names,
        Field::Nicknames,
        Field::EmailAddresses,
        Field::PhoneNumbers,
        Field::Urls,
        Field::Organizations,
        Field::Biographies,
    ];

    fn of(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
            "resource_name" => Self::ResourceName,
            "given_name" => Self::GivenName,
            "family_name" => Self::FamilyName,
            "nickname" => Self::Nickname,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "url" => Self::Url,
            "organization" => Self::Organization,
            "title" => Self::Title,
            "note" => Self::Note,
            _ => return None,
        })
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its line in the file, counted from 1.
    pub(crate) line: u64,
    cells: Vec<(Column, String)>,
}

/// Lines that are no rows, with the reason.
pub(crate) type Bad = Vec<(u64, String)>;

/// Reads a file: its rows, and the lines that are none, with the reason.
pub(crate) fn read(path: &Path, map: &[String]) -> Result<(Vec<Row>, Bad)> {
    let mut reader = csv::ReaderBuilder::new()
        .from_path(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let columns =
        columns(&reader.headers().context("the first line names no columns")?.clone(), map)?;
    let mut rows = Vec::new();
    let mut bad = Vec::new();
    for record in reader.records() {
        match record {
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                bad.push((line, error.to_string()));
            }
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = columns.iter().zip(&record);
                let cells =
                    cells.filter_map(|(column, cell)| Some(((*column)?, cell.trim().to_owned())));
                let cells: Vec<(Column, String)> =
                    cells.filter(|(_, cell)| values(cell).next().is_some()).collect();
                if cells.iter().any(|(column, _)| *column != Column::ResourceName) {
                    rows.push(Row { line, cells });
                } else {
                    bad.push((line, "no cell says anything about a contact".to_owned()));
                }
            }
        }
    }
    Ok((rows, bad))
}

/// What each column of the file stands for; nothing for those that are passed over.
fn columns(header: &csv::StringRecord, map: &[String]) -> Result<Vec<Option<Column>>> {
    let mut mapped = Vec::new();
    for entry in map {
        let Some((from, to)) = entry.split_once('=') else {
            bail!("--map {entry}: write COLUMN=FIELD")
        };
        let Some(column) = Column::of(to) else { bail!("--map {entry}: there is no field {to:?}") };
        if !header.iter().any(|name| name.trim() == from.trim()) {
            bail!("--map {entry}: the file has no column {from:?}");
        }
        mapped.push((from.trim(), column));
    }
    let columns: Vec<Option<Column>> = header
        .iter()
        .map(|name| {
            let own = mapped.iter().find(|(from, _)| *from == name.trim());
            own.map(|(_, column)| *column).or_else(|| Column::of(name))
        })
        .collect();
    if columns.iter().all(Option::is_none) {
        let names: Vec<&str> = header.iter().collect();
        bail!("none of the columns {} is known: map them with --map", names.join(", "));
    }
    Ok(columns)
}

impl Row {
    /// The resource name, empty where the row has none.
    pub(crate) fn name(&self) -> &str {
        self.text(Column::ResourceName).unwrap_or_default()
    }

    fn text(&self, column: Column) -> Option<&str> {
        self.cells.iter().find(|(own, _)| *own == column).map(|(_, cell)| cell.as_str())
    }

    fn texts(&self, column: Column) -> Option<impl Iterator<Item = &str>> {
        Some(values(self.text(column)?))
    }

    /// Puts what the row says into a person. A value that is there already stays as it is, with its
    /// type and whatever else is known of it.
    pub(crate) fn apply(&self, person: &mut Person) {
        if self.text(Column::GivenName).is_some() || self.text(Column::FamilyName).is_some() {
            let names = person.names.get_or_insert_default();
            if names.is_empty() {
                names.push(Name::default());
            }
            let name = &mut names[0];
            if let Some(text) = self.text(Column::GivenName) {
                name.given_name = Some(text.to_owned());
            }
            if let Some(text) = self.text(Column::FamilyName) {
                name.family_name = Some(text.to_owned());
            }
        }
        if self.text(Column::Organization).is_some() || self.text(Column::Title).is_some() {
            let organizations = person.organizations.get_or_insert_default();
            if organizations.is_empty() {
                organizations.push(Organization::default());
            }
            if let Some(text) = self.text(Column::Organization) {
                organizations[0].name = Some(text.to_owned());
            }
            if let Some(text) = self.text(Column::Title) {
                organizations[0].title = Some(text.to_owned());
            }
        }
        if let Some(text) = self.text(Column::Note) {
            let is_same =
                person.biographies.iter().flatten().any(|own| own.value.as_deref() == Some(text));
            if !is_same {
                person.biographies = Some(vec![Biography::default().set_value(text)]);
            }
        }
        if let Some(texts) = self.texts(Column::Nickname) {
            replace(
                &mut person.nicknames,
                texts,
                |own| own.value.as_deref(),
                |text| Nickname::default().set_value(text),
            );
        }
        if let Some(texts) = self.texts(Column::Email) {
            replace(
                &mut person.email_addresses,
                texts,
                |own| own.value.as_deref(),
                |text| EmailAddress::default().set_value(text),
            );
        }
        if let Some(texts) = self.texts(Column::Phone) {
            replace(
                &mut person.phone_numbers,
                texts,
                |own| own.value.as_deref(),
                |text| PhoneNumber::default().set_value(text),
            );
        }
        if let Some(texts) = self.texts(Column::Url) {
            replace(
                &mut person.urls,
                texts,
                |own| own.value.as_deref(),
                |text| Url::default().set_value(text),
            );
        }
    }
}

/// The values of a cell that may have several; none where there is nothing but semicolons, which is
/// what empty columns become when they are joined.
fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|text| !text.is_empty())
}

/// Replaces the values of a field by those of a cell, keeping the ones that are the same.
fn replace<'a, T: Clone>(
    field: &mut Option<Vec<T>>,
    texts: impl Iterator<Item = &'a str>,
    text_of: fn(&T) -> Option<&str>,
    make: fn(&str) -> T,
) {
    let own = field.take().unwrap_or_default();
    let value = |text: &str| {
        own.iter().find(|own| text_of(own) == Some(text)).cloned().unwrap_or_else(|| make(text))
    };
    *field = Some(texts.map(value).collect());
}

//! Made-up contacts as the API would hold them, the same for the same seed, and the largest
//! exchange made of them: the request that updates them all and the answer that gives them back.

use serde_json::{Map, Value, json};

const GIVEN: [&str; 12] = [
    "Ann",
    "Bjørn",
    "Chloé",
    "Dmitri",
    "Fatima",
    "Gökhan",
    "João",
    "Łukasz",
    "Ngozi",
    "太郎",
    "Ульяна",
    "Zoë",
];
const FAMILY: [&str; 12] = [
    "Abdullahi",
    "Brontë",
    "Ćosić",
    "Fernández",
    "Horváth",
    "Kowalska",
    "Müller-Lüdenscheid",
    "Nguyễn",
    "O'Neill",
    "Петров",
    "山田",
    "van der Berg",
];
const COMPANIES: [&str; 6] = [
    "Acme & Söhne",
    "Blue Whale Ltd.",
    "Café \"Zur Post\"",
    "Étoile S.A.",
    "株式会社サンプル",
    "<Hyper> Labs",
];
const STREETS: [&str; 5] =
    ["Main Street", "Rue de l'Église", "Königsallee", "ulica Długa", "桜通り"];
const CITIES: [(&str, &str, &str); 5] = [
    ("Springfield", "United States", "US"),
    ("Orléans", "France", "FR"),
    ("Düsseldorf", "Germany", "DE"),
    ("Łódź", "Poland", "PL"),
    ("名古屋市", "Japan", "JP"),
];
const NOTES: [&str; 4] = [
    "Met at the fair in spring.\nWants a call back \u{1f4de} before the end of the quarter.",
    "Tabs\tand \"quotes\" and \\backslashes\\ survive every copy of this address book.",
    "Prefers letters; reads e-mail once a week. Éa naïve coöperation.",
    "Family 👨‍👩‍👧‍👦, two cats, one dog. Birthday party on the second Saturday of May.",
];

/// One exchange of batchUpdateContacts.
pub struct Exchange {
    /// The body of the request.
    pub request: String,
    /// The answer with `prettyPrint=false`.
    pub compact: String,
    /// The answer as Google gives it to those who ask for nothing else.
    pub pretty: String,
}

/// The exchange that updates this many contacts.
pub fn exchange(contacts: usize) -> Exchange {
    let mut rng = fastrand::Rng::with_seed(20_260_101);
    let mut sent = Map::new();
    let mut answered = Map::new();
    for number in 0..contacts {
        let contact = Contact::new(&mut rng, number);
        sent.insert(contact.name.clone(), contact.request());
        answered.insert(
            contact.name.clone(),
            json!({"httpStatusCode": 200, "person": contact.answer(), "requestedResourceName": contact.name}),
        );
    }
    let mask = "addresses,biographies,birthdays,emailAddresses,events,memberships,names,nicknames,organizations,\
                phoneNumbers,relations,urls,userDefined";
    let request = json!({
        "contacts": sent,
        "readMask": format!("{mask},metadata"),
        "sources": ["READ_SOURCE_TYPE_CONTACT"],
        "updateMask": mask,
    });
    let answer = json!({"updateResult": answered});
    let text = "JSON of values made here cannot fail";
    Exchange {
        request: serde_json::to_string(&request).expect(text),
        compact: serde_json::to_string(&answer).expect(text),
        pretty: serde_json::to_string_pretty(&answer).expect(text),
    }
}

struct Contact {
    name: String,
    id: String,
    etag: String,
    /// Each field with its entries: what the caller wrote, and what the API adds to it.
    fields: Vec<(&'static str, Vec<(Value, Value)>)>,
}

impl Contact {
    fn new(rng: &mut fastrand::Rng, number: usize) -> Self {
        let digits = 1_000_000_000_000_000_000_u64 + rng.u64(0..8_000_000_000_000_000_000);
        let id = format!("{:016x}", rng.u64(..));
        let etag = format!("%EgUBAj03LhoMAQIDBAUGBwgJCgsMIgx{:08X}Zz0=", rng.u32(..));
        Self { name: format!("people/c{digits}"), id, etag, fields: fields(rng, number) }
    }

    fn sources(&self) -> Value {
        json!([{"etag": self.etag, "id": self.id, "type": "CONTACT",
            "updateTime": "2026-01-31T08:15:30.123456Z"}])
    }

    /// What is sent: the etag, the source that is meant, the fields.
    fn request(&self) -> Value {
        let mut person = Map::new();
        person.insert("etag".to_owned(), self.etag.clone().into());
        person.insert("metadata".to_owned(), json!({"sources": self.sources()}));
        for (field, entries) in &self.fields {
            let entries: Vec<&Value> = entries.iter().map(|(own, _)| own).collect();
            person.insert((*field).to_owned(), json!(entries));
        }
        person.into()
    }

    /// What comes back: the same with resource name, metadata and all that the API derives.
    fn answer(&self) -> Value {
        let mut person = Map::new();
        person.insert("resourceName".to_owned(), self.name.clone().into());
        person.insert("etag".to_owned(), self.etag.clone().into());
        person.insert(
            "metadata".to_owned(),
            json!({"objectType": "PERSON", "sources": self.sources()}),
        );
        for (field, entries) in &self.fields {
            let entries: Vec<Value> = entries
                .iter()
                .enumerate()
                .map(|(index, (own, derived))| {
                    let mut metadata = json!({"source": {"id": self.id, "type": "CONTACT"}});
                    if index == 0 {
                        metadata["primary"] = true.into();
                        metadata["sourcePrimary"] = true.into();
                    }
                    let mut entry = json!({"metadata": metadata});
                    for part in [own, derived] {
                        for (key, value) in part.as_object().into_iter().flatten() {
                            entry[key] = value.clone();
                        }
                    }
                    entry
                })
                .collect();
            person.insert((*field).to_owned(), entries.into());
        }
        person.into()
    }
}

fn fields(rng: &mut fastrand::Rng, number: usize) -> Vec<(&'static str, Vec<(Value, Value)>)> {
    let pick = |rng: &mut fastrand::Rng, from: &[&'static str]| from[rng.usize(..from.len())];
    let (given, family) = (pick(rng, &GIVEN), pick(rng, &FAMILY));
    let mut fields = Vec::new();
    fields.push((
        "names",
        vec![(
            json!({"givenName": given, "familyName": family}),
            json!({"displayName": format!("{given} {family}"),
                "displayNameLastFirst": format!("{family}, {given}"),
                "unstructuredName": format!("{given} {family}")}),
        )],
    ));
    let email =
        |kind: &str, value: String| (json!({"value": value, "type": kind}), kind_shown(kind));
    let mut emails = vec![email("home", format!("contact{number}@example.com"))];
    if rng.u8(..100) < 50 {
        emails.push(email("work", format!("{number}.office@company.example.org")));
    }
    fields.push(("emailAddresses", emails));
    let mut phone = |kind: &str| {
        let line = rng.u32(1_000_000..10_000_000);
        let mut derived = kind_shown(kind);
        derived["canonicalForm"] = format!("+4930{line}").into();
        (json!({"value": format!("+49 30 {line}"), "type": kind}), derived)
    };
    fields.push(("phoneNumbers", vec![phone("mobile"), phone("home")]));
    if rng.u8(..100) < 70 {
        let (city, country, code) = CITIES[rng.usize(..CITIES.len())];
        let street = format!("{} {}", rng.u16(1..200), pick(rng, &STREETS));
        let post_code = format!("{:05}", rng.u32(..100_000));
        let mut derived = kind_shown("home");
        derived["formattedValue"] = format!("{street}\n{post_code} {city}\n{country}").into();
        fields.push((
            "addresses",
            vec![(
                json!({"streetAddress": street, "city": city, "postalCode": post_code, "country": country,
                    "countryCode": code, "type": "home"}),
                derived,
            )],
        ));
    }
    if rng.u8(..100) < 60 {
        let company = pick(rng, &COMPANIES);
        fields.push((
            "organizations",
            vec![(
                json!({"name": company, "title": "Engineer", "department": "Research", "current": true,
                    "type": "work"}),
                kind_shown("work"),
            )],
        ));
    }
    if rng.u8(..100) < 50 {
        let date =
            json!({"year": rng.u16(1940..2010), "month": rng.u8(1..13), "day": rng.u8(1..29)});
        fields.push(("birthdays", vec![(json!({"date": date}), json!({"text": "9 May"}))]));
    }
    if rng.u8(..100) < 60 {
        let note = pick(rng, &NOTES);
        fields.push((
            "biographies",
            vec![(json!({"value": note, "contentType": "TEXT_PLAIN"}), json!({}))],
        ));
    }
    if rng.u8(..100) < 40 {
        let url = format!("https://example.com/~{number}?lang=pl&title=%C5%81%C3%B3d%C5%BA");
        fields.push((
            "urls",
            vec![(json!({"value": url, "type": "homePage"}), kind_shown("homePage"))],
        ));
    }
    if rng.u8(..100) < 40 {
        fields.push(("nicknames", vec![(json!({"value": given.to_lowercase()}), json!({}))]));
    }
    if rng.u8(..100) < 30 {
        fields.push((
            "relations",
            vec![(json!({"person": pick(rng, &GIVEN), "type": "friend"}), kind_shown("friend"))],
        ));
    }
    if rng.u8(..100) < 30 {
        let date = json!({"year": 2011, "month": 5, "day": 9});
        fields.push((
            "events",
            vec![(json!({"date": date, "type": "anniversary"}), kind_shown("anniversary"))],
        ));
    }
    let custom = |key: &str, value: String| (json!({"key": key, "value": value}), json!({}));
    fields.push((
        "userDefined",
        vec![
            custom("customer no.", format!("K-{number:06}")),
            custom("last order", "2026-01-15".to_owned()),
        ],
    ));
    let group = json!({"contactGroupResourceName": "contactGroups/myContacts", "contactGroupId": "myContacts"});
    fields.push(("memberships", vec![(json!({"contactGroupMembership": group}), json!({}))]));
    fields
}

/// The type of an entry in the words of the reader's language.
fn kind_shown(kind: &str) -> Value {
    let mut shown = kind.to_owned();
    if let Some(first) = shown.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    json!({ "formattedType": shown })
}

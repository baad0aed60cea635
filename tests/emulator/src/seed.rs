//! Made-up contacts, the same for the same seed.

use crate::book::Fields;
use crate::rng::Rng;
use serde_json::{Value, json};

const GIVEN: [&str; 24] = [
    "Ann",
    "Bjørn",
    "Chloé",
    "Dmitri",
    "Éva",
    "Fatima",
    "Gökhan",
    "Håkon",
    "Inés",
    "João",
    "Kateřina",
    "Łukasz",
    "Márton",
    "Ngozi",
    "Óscar",
    "Priya",
    "Quỳnh",
    "Renée",
    "Søren",
    "太郎",
    "Ульяна",
    "Weiß",
    "유진",
    "Zoë",
];
const FAMILY: [&str; 24] = [
    "Abdullahi",
    "Brontë",
    "Ćosić",
    "D'Angelo",
    "Eriksson",
    "Fernández",
    "Grünwald",
    "Horváth",
    "İnan",
    "Jónsdóttir",
    "Kowalska",
    "Lee",
    "Müller-Lüdenscheid",
    "Nguyễn",
    "O'Neill",
    "Петров",
    "Quint",
    "Rossi",
    "Škoda",
    "山田",
    "Uzun",
    "van der Berg",
    "김",
    "Østergård",
];
const COMPANIES: [&str; 8] = [
    "Acme & Söhne",
    "Blue Whale Ltd.",
    "Café \"Zur Post\"",
    "Delta/Epsilon",
    "Étoile S.A.",
    "株式会社サンプル",
    "Grün + Partner",
    "<Hyper> Labs",
];
const STREETS: [&str; 6] =
    ["Main Street", "Rue de l'Église", "Königsallee", "Calle Mayor", "ulica Długa", "桜通り"];
const CITIES: [(&str, &str, &str); 6] = [
    ("Springfield", "United States", "US"),
    ("Orléans", "France", "FR"),
    ("Düsseldorf", "Germany", "DE"),
    ("Córdoba", "Spain", "ES"),
    ("Łódź", "Poland", "PL"),
    ("名古屋市", "Japan", "JP"),
];
const NOTES: [&str; 5] = [
    "Met at the fair.\nWants a call back \u{1f4de}",
    "Tabs\tand \"quotes\" and \\backslashes\\",
    "e\u{301} is not é for a computer",
    "Right to left: שלום",
    "Family 👨‍👩‍👧‍👦",
];

/// One contact; most fields are there for some contacts only.
pub(crate) fn contact(rng: &mut Rng, number: usize) -> Fields {
    let given = *rng.pick(&GIVEN);
    let family = *rng.pick(&FAMILY);
    let mut fields = Fields::new();
    let mut put = |field: &str, entries: Value| _ = fields.insert(field.to_owned(), entries);

    let mut name = json!({"givenName": given, "familyName": family});
    if rng.chance(15) {
        name["middleName"] = (*rng.pick(&GIVEN)).into();
    }
    if rng.chance(8) {
        name["honorificPrefix"] = "Dr.".into();
    }
    put("names", json!([name]));

    let mut emails = vec![json!({"value": format!("contact{number}@example.com"),
        "type": "home"})];
    if rng.chance(30) {
        emails.push(json!({"value": format!("work.{number}@example.org"), "type": "work"}));
    }
    put("emailAddresses", emails.into());
    if rng.chance(70) {
        let phone = format!("+49 30 {:07}", rng.below(10_000_000));
        let mut phones = vec![json!({"value": phone, "type": "mobile"})];
        if rng.chance(20) {
            phones.push(json!({"value": "(030) 123-456", "type": "workFax"}));
        }
        put("phoneNumbers", phones.into());
    }
    if rng.chance(40) {
        let (city, country, code) = *rng.pick(&CITIES);
        let street = format!("{} {}", 1 + rng.below(200), rng.pick(&STREETS));
        let post_code = format!("{:05}", rng.below(100_000));
        put(
            "addresses",
            json!([{"streetAddress": street, "city": city, "postalCode": post_code,
                "country": country, "countryCode": code, "type": "home"}]),
        );
    }
    if rng.chance(45) {
        put(
            "organizations",
            json!([{"name": rng.pick(&COMPANIES), "title": "Engineer", "current": true,
                "type": "work"}]),
        );
    }
    if rng.chance(35) {
        let mut date = json!({"month": 1 + rng.below(12), "day": 1 + rng.below(28)});
        if rng.chance(60) {
            date["year"] = (1940 + rng.below(70)).into();
        }
        put("birthdays", json!([{ "date": date }]));
    }
    if rng.chance(25) {
        put("biographies", json!([{"value": rng.pick(&NOTES), "contentType": "TEXT_PLAIN"}]));
    }
    if rng.chance(20) {
        let url = format!("https://example.com/~{number}?a=1&b=%C3%A9");
        put("urls", json!([{"value": url, "type": "homePage"}]));
    }
    if rng.chance(15) {
        let key = format!("customer no. {}", number % 3);
        put("userDefined", json!([{"key": key, "value": number.to_string()}]));
    }
    if rng.chance(10) {
        put("nicknames", json!([{"value": given.to_lowercase()}]));
        put("relations", json!([{"person": rng.pick(&GIVEN), "type": "friend"}]));
    }
    if rng.chance(10) {
        put(
            "events",
            json!([{"date": {"year": 2011, "month": 5, "day": 9},
            "type": "anniversary"}]),
        );
        put("clientData", json!([{"key": "origin", "value": "seed"}]));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::contact;
    use crate::body::read_value;
    use crate::rng::Rng;
    use crate::schema::PERSON;

    #[test]
    fn contacts_replay_and_are_valid() {
        let make = |seed| {
            let mut rng = Rng::new(seed);
            (0..200).map(|n| contact(&mut rng, n)).collect::<Vec<_>>()
        };
        assert_eq!(make(3), make(3));
        assert_ne!(make(3), make(4));
        for fields in make(5) {
            let person = serde_json::Value::Object(fields);
            assert_eq!(serde_json::Value::Object(read_value(&person, &PERSON).unwrap()), person);
        }
    }
}
